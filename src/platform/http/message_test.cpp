#include "http/message.hpp"

#include <gmock/gmock.h>

#include "http/rate_limit.hpp"
#include "http/router.hpp"
#include "http/url.hpp"

namespace parvis::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

Response ok(const Request&) { return Response::text("ok"); }

TEST(Url, decodes_what_is_well_formed) {
  EXPECT_EQ(*percent_decode("a%20b+c%C3%A9", Escapes::path), "a b+cé");
  EXPECT_EQ(*percent_decode("a+b%2B", Escapes::form), "a b+");
  EXPECT_EQ(percent_encode("é /~a"), "%C3%A9%20%2F~a");
}

TEST(Url, refuses_broken_escapes_nul_and_bad_utf8) {
  for (const char* text : {"%", "%4", "%zz", "a%", "%00", "%ff", "%c0%80", "%ed%a0%80",
                           "%f4%90%80%80", "%e2%80", "\xC3", "%f5%80%80%80", "%E0%80%80"})
    EXPECT_FALSE(percent_decode(text, Escapes::path)) << text;
  EXPECT_EQ(*percent_decode("é€😀", Escapes::path), "é€😀");
}

TEST(Url, reads_pairs_in_order) {
  EXPECT_THAT(*parse_pairs("q=a+b&&x&=y&q=%26"),
              ElementsAre(Pair("q", "a b"), Pair("x", ""), Pair("", "y"), Pair("q", "&")));
  EXPECT_TRUE(parse_pairs("")->empty());
  EXPECT_FALSE(parse_pairs("a=%"));
  EXPECT_FALSE(parse_pairs("%=a"));
  std::string many;
  for (std::size_t i = 0; i <= kQueryValues; ++i) many += "a&";
  EXPECT_FALSE(parse_pairs(many));
}

TEST(Router, prefers_literals_and_decodes_parameters) {
  Router router;
  router.get("/{commune}/", ok);
  router.get("/{commune}/sheet/{id}", ok);
  router.get("/{commune}/sheet/new", ok);
  router.get("/assets/{file...}", ok);
  router.get("/", ok);
  const auto pattern = [&](std::string_view path) -> std::string {
    const auto match = router.match(Method::get, path);
    if (!match) return "400";
    return match->route ? match->route->pattern : "404";
  };
  EXPECT_EQ(pattern("/"), "/");
  EXPECT_EQ(pattern("/99001/"), "/{commune}/");
  EXPECT_EQ(pattern("/99001"), "404");
  EXPECT_EQ(pattern("//"), "404");
  EXPECT_EQ(pattern("/a/sheet/new"), "/{commune}/sheet/new");
  EXPECT_EQ(pattern("/a/sheet/x"), "/{commune}/sheet/{id}");
  EXPECT_EQ(pattern("/assets/"), "/{commune}/") << "a parameter is never empty";
  EXPECT_EQ(pattern("/a/sheet/x/y"), "404");
  for (const char* bad : {"", "a", "/a/../b", "/./", "/%2e%2e/", "/%zz", "/a/%00",
                          "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"})
    EXPECT_EQ(pattern(bad), "400") << bad;
  EXPECT_THAT(router.match(Method::get, "/a%2Fb/sheet/F1%20")->params,
              ElementsAre(Pair("commune", "a/b"), Pair("id", "F1 ")));
  EXPECT_THAT(router.match(Method::get, "/assets/a/b.css")->params,
              ElementsAre(Pair("file", "a/b.css")));
}

TEST(Router, says_which_methods_a_path_has) {
  Router router;
  router.get("/a", ok);
  router.post("/a", ok);
  EXPECT_EQ(router.match(Method::put, "/a")->allow, "GET, HEAD, POST");
  EXPECT_EQ(router.match(Method::put, "/a")->route, nullptr);
  EXPECT_NE(router.match(Method::head, "/a")->route, nullptr);
  EXPECT_EQ(router.match(Method::put, "/b")->allow, "");
  EXPECT_THAT(router.names(), ElementsAre("GET /a", "POST /a"));
}

TEST(RouterDeathTest, refuses_bad_patterns) {
  Router router;
  router.get("/a", ok);
  EXPECT_DEATH(router.get("/a", ok), "CHECK");
  EXPECT_DEATH(router.get("a", ok), "CHECK");
  EXPECT_DEATH(router.get("/{x...}/b", ok), "CHECK");
  EXPECT_DEATH(router.get("/{}", ok), "CHECK");
}

TEST(RateLimit, gives_a_burst_then_one_each_period) {
  RateLimit rate(2, std::chrono::seconds(10));
  const Instant start{};
  EXPECT_FALSE(rate.refuse("a", start));
  EXPECT_FALSE(rate.refuse("a", start));
  EXPECT_EQ(rate.refuse("a", start), std::chrono::seconds(10));
  EXPECT_EQ(rate.refuse("a", start + std::chrono::seconds(4)), std::chrono::seconds(6));
  EXPECT_FALSE(rate.refuse("b", start)) << "another address has its own bucket";
  EXPECT_FALSE(rate.refuse("a", start + std::chrono::seconds(10)));
  EXPECT_TRUE(rate.refuse("a", start)) << "a clock stepping back gives nothing";
}

TEST(RateLimit, forgets_the_address_unseen_longest_when_full) {
  RateLimit rate(1, std::chrono::hours(1), 2);
  EXPECT_FALSE(rate.refuse("a", {}));
  EXPECT_FALSE(rate.refuse("b", {}));
  EXPECT_TRUE(rate.refuse("a", {}));
  EXPECT_FALSE(rate.refuse("c", {})) << "b is forgotten";
  EXPECT_TRUE(rate.refuse("a", {}));
  EXPECT_FALSE(rate.refuse("b", {}));
}

TEST(Message, problem_has_the_fields_of_rfc_9457) {
  const Response response = problem({413, "trop long"}, "id1");
  EXPECT_EQ(response.header("content-type"), "application/problem+json");
  const auto body = boost::json::parse(response.body).as_object();
  EXPECT_EQ(body.at("status"), 413);
  EXPECT_EQ(body.at("detail"), "trop long");
  EXPECT_EQ(body.at("request_id"), "id1");
  EXPECT_EQ(body.at("title"), "Content Too Large");
}

TEST(Message, headers_are_replaced_and_cannot_be_injected) {
  Response response;
  response.set("X-A", "1");
  response.set("x-a", "2");
  EXPECT_EQ(response.headers.size(), 1u);
  EXPECT_THROW(response.set("X-A", "1\r\nSet-Cookie: a"), Error);
  EXPECT_THROW(Response::redirect("/a\n"), Error);
}

TEST(Message, a_form_needs_its_type) {
  Request request;
  request.body = "a=1";
  EXPECT_FALSE(parse_form(request));
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  EXPECT_THAT(*parse_form(request), ElementsAre(Pair("a", "1")));
}

TEST(Message, browsers_prefer_html) {
  Request request;
  EXPECT_FALSE(request.prefers_html());
  for (const auto& [accept, html] : std::initializer_list<std::pair<const char*, bool>>{
           {"text/html,application/xhtml+xml,*/*;q=0.8", true},
           {"*/*", false},
           {"application/json", false},
           {"application/json, text/html", false}}) {
    request.headers = {{"accept", accept}};
    EXPECT_EQ(request.prefers_html(), html) << accept;
  }
}

}  // namespace
}  // namespace parvis::http
