#include "api/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/openapi.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace parvis::api {
namespace {

using ::testing::HasSubstr;

class Api : public ::testing::Test {
 protected:
  Api() {
    service_.communes = [] {
      return std::vector{
          tenancy::Commune{.insee = "99001", .slug = "bourg", .name = "Bourg", .postcodes = {}}};
    };
    service_.ask = [](const answer::Question& question, const std::string& commune) {
      answer::Answer a;
      a.text = question.text + "|" + commune + "|" + std::to_string(question.earlier.size()) +
               std::to_string(question.chosen.size());
      return a;
    };
    service_.find = [this](const std::string&, const std::string&, std::size_t limit) {
      asked_limit_ = limit;
      knowledge::Document d;
      d.key = {"particuliers", "F1"};
      d.title = "Passeport";
      d.description = "Une fiche.";
      for (const char* text : {"Il est valable 10 ans.", "Il faut une photo. Le prix varie."})
        d.body.emplace_back().spans.emplace_back().text = text;
      return std::vector{d};
    };
    add_api(router_, service_);
  }
  http::Response call(http::Method method, const std::string& path, http::Request request) {
    auto match = router_.match(method, path);
    EXPECT_TRUE(match && match->route != nullptr);
    return match->route->handler(request);
  }
  http::Response post(const std::string& body, const std::string& type = "application/json") {
    http::Request request;
    request.headers = {{"content-type", type}};
    request.body = body;
    return call(http::Method::post, "/api/v1/answers", request);
  }
  http::Response search(http::Pairs query) {
    http::Request request;
    request.query = std::move(query);
    return call(http::Method::get, "/api/v1/search", request);
  }

  std::size_t asked_limit_ = 0;
  Service service_;
  http::Router router_;
};

TEST_F(Api, AnswersWithTheConversationSoFar) {
  const auto answer =
      post(R"({"question":"carte","commune":"99001","after":["a","b"],"chosen":["F1"],"other":1})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("carte|99001|21"));
  EXPECT_EQ(post(R"({"question":"a"})", "Application/JSON; charset=utf-8").status, 200);
}

TEST_F(Api, SaysWhatIsWrongWithAQuestion) {
  for (const char* body : {"{", "[]", "{}", R"({"question":3})", R"({"question":" ​ "})",
                           R"({"question":"a","commune":"1"})", R"({"question":"a","commune":7})",
                           R"({"question":"a","chosen":[1]})", R"({"question":"a","after":"b"})"})
    EXPECT_THROW(post(body), Error) << body;
  EXPECT_THROW(post(R"({"question":)" + std::string(100, '[') + std::string(100, ']') + "}"),
               Error);
  EXPECT_EQ(post(R"({"question":"a"})", "text/plain").status, 415);
  EXPECT_EQ(post(R"({"question":"a"})", "").status, 415);
}

TEST_F(Api, SearchShowsTheSentenceThatHoldsTheWords) {
  const auto found = parse_json(search({{"q", "photo d'un passeport"}}).body);
  EXPECT_EQ(asked_limit_, kResults);
  const json::object& first = found->at("results").as_array().at(0).as_object();
  EXPECT_EQ(first.at("snippet").as_string(), "Il faut une photo.");
  EXPECT_TRUE(first.at("url").is_null());
  search({{"q", "a"}, {"limit", "50"}, {"commune", "99001"}});
  EXPECT_EQ(asked_limit_, 50);
}

TEST_F(Api, SearchSaysWhatIsWrong) {
  EXPECT_THROW(search({}), Error);
  EXPECT_THROW(search({{"q", " \t"}}), Error);
  EXPECT_THROW(search({{"q", std::string(kWordsBytes + 1, 'a')}}), Error);
  EXPECT_THROW(search({{"q", "a"}, {"commune", "1"}}), Error);
  for (const char* limit : {"0", "51", "-1", "5x", "", "99999999999999999999"})
    EXPECT_THROW(search({{"q", "a"}, {"limit", limit}}), Error) << limit;
}

TEST_F(Api, TheContractIsOfThisVersion) {
  EXPECT_EQ(openapi().at("openapi").as_string(), "3.1.0");  // a version is text, not a number
}

TEST(OpenApi, FilesMergeMemberByMember) {
  json::object into = parse_json(R"({"a":{"b":1}})")->as_object();
  merge(into, parse_json(R"({"a":{"c":2},"d":[3]})")->as_object());
  EXPECT_EQ(json::serialize(into), R"({"a":{"b":1,"c":2},"d":[3]})");
  EXPECT_DEATH(merge(into, parse_json(R"({"d":[4]})")->as_object()), "CHECK failed");
}

}  // namespace
}  // namespace parvis::api
