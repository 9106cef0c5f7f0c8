#include "portal/visitor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::portal {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

http::Request request(http::Pairs headers) {
  http::Request out;
  out.headers = std::move(headers);
  return out;
}

TEST(Visitor, AStartMakesOneConversationWhoeverReadsIt) {
  const std::string start = new_start();
  EXPECT_TRUE(start_like(start));
  const api::Visit visit = visit_from(start);
  EXPECT_EQ(visit.id, visit_from(start).id);
  EXPECT_EQ(visit.token, visit_from(start).token);
  EXPECT_EQ(visit.id.size(), 32u);
  EXPECT_EQ(visit.token.size(), 64u);
  EXPECT_THAT(visit.token, Not(HasSubstr(visit.id)));
  EXPECT_NE(visit.token, start);
  EXPECT_NE(visit_from(new_start()).id, visit.id);
  for (const std::string& bad : {std::string(), start.substr(1), start + "0", std::string(64, 'g')})
    EXPECT_FALSE(start_like(bad)) << bad;
}

TEST(Visitor, TheCookieIsReadBack) {
  const api::Visit visit = visit_from(new_start());
  const std::string cookie = cookie_of(visit, "/bourg/conversation", {});
  EXPECT_THAT(cookie,
              EndsWith("; Path=/bourg/conversation; Max-Age=86400; HttpOnly; SameSite=Lax"));
  const std::string pair = cookie.substr(0, cookie.find(';'));
  for (const std::string& header : {pair, "a=b; " + pair + "; c=d", "xconversation=1;" + pair}) {
    const auto read = visit_in(request({{"cookie", header}}));
    ASSERT_TRUE(read) << header;
    EXPECT_EQ(read->id, visit.id);
    EXPECT_EQ(read->token, visit.token);
  }
  EXPECT_THAT(no_cookie("/conversation"),
              StartsWith("conversation=; Path=/conversation; Max-Age=0;"));
}

TEST(Visitor, ACookieThatIsNoneOfOursIsNone) {
  const api::Visit visit = visit_from(new_start());
  for (const std::string& value :
       {std::string(), std::string("."), visit.id, visit.id + "." + visit.token.substr(1),
        visit.id + "x." + visit.token, visit.id + "." + std::string(64, 'z'),
        visit.id.substr(1) + "." + visit.token})
    EXPECT_FALSE(visit_in(request({{"cookie", "conversation=" + value}}))) << value;
  EXPECT_FALSE(visit_in({}));
  EXPECT_FALSE(visit_in(request({{"cookie", ";;conversation; =;"}})));
}

TEST(Visitor, TheCookieIsSecureWhereThePageIs) {
  const api::Visit visit = visit_from(new_start());
  const auto cookie = [&](http::Pairs headers) {
    return cookie_of(visit, "/conversation", request(std::move(headers)));
  };
  EXPECT_THAT(cookie({{"origin", "https://a.example"}}), EndsWith("; Secure"));
  EXPECT_THAT(cookie({{"x-forwarded-proto", "https"}}), EndsWith("; Secure"));
  EXPECT_THAT(cookie({{"origin", "http://a.example"}, {"x-forwarded-proto", "http"}}),
              Not(HasSubstr("Secure")));
}

TEST(Visitor, AFormOfAnotherSiteIsTold) {
  const auto sender = [](http::Pairs headers) { return sender_of(request(std::move(headers))); };
  const auto from = [&](const std::string& origin, const std::string& host) {
    return sender({{"origin", origin}, {"host", host}});
  };
  EXPECT_EQ(sender({{"sec-fetch-site", "same-origin"}}), Sender::this_site);
  EXPECT_EQ(sender({{"sec-fetch-site", "none"}}), Sender::this_site);
  for (const char* site : {"cross-site", "same-site", "", "anything"})
    EXPECT_EQ(sender({{"sec-fetch-site", site}, {"origin", "https://a"}, {"host", "a"}}),
              Sender::other_site)
        << site;
  EXPECT_EQ(from("https://ville.example", "ville.example"), Sender::this_site);
  EXPECT_EQ(from("http://127.0.0.1:8500", "127.0.0.1:8500"), Sender::this_site);
  EXPECT_EQ(from("https://ville.example:8443", "ville.example"), Sender::this_site);  // by a proxy
  EXPECT_EQ(from("http://[::1]:8500", "[::1]:8500"), Sender::this_site);
  EXPECT_EQ(from("http://[::1]:8500", "[::1]"), Sender::this_site);
  EXPECT_EQ(from("https://ville.example:1", "ville.example:2"), Sender::other_site);
  EXPECT_EQ(from("https://ville.example.evil.example", "ville.example"), Sender::other_site);
  EXPECT_EQ(from("https://evil.example", "ville.example"), Sender::other_site);
  EXPECT_EQ(from("null", "ville.example"), Sender::other_site);
  EXPECT_EQ(from("", ""), Sender::other_site);
  EXPECT_EQ(from("https://", ""), Sender::other_site);
  EXPECT_EQ(sender({{"host", "ville.example"}}), Sender::not_said);
}

TEST(Visitor, TheFormsTokenTellsNothingOfTheCookie) {
  const api::Visit one = visit_from(new_start()), other = visit_from(new_start());
  EXPECT_EQ(form_token(one), form_token(one));
  EXPECT_NE(form_token(one), form_token(other));
  EXPECT_THAT(form_token(one), Not(HasSubstr(one.token)));
}

}  // namespace
}  // namespace parvis::portal
