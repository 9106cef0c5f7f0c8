#include "identity/account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/items.hpp"

namespace parvis::identity {
namespace {

using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");

NewAccount asked() { return {.login = "Martine.Dupont@Ville.FR", .name = " Martine  Dupont "}; }

TEST(Roles, HaveNamesThatGoBothWays) {
  for (const RoleName& each : kRoles) EXPECT_THAT(role_named(name(each.role)), Optional(each.role));
  for (const char* none : {"", "Agent", "agent ", "root"})
    EXPECT_EQ(role_named(none), std::nullopt);
}

TEST(Login, IsAnEmailInSmallLetters) {
  EXPECT_THAT(login_from("Martine.Dupont@Ville.FR"),
              Optional(std::string("martine.dupont@ville.fr")));
  EXPECT_THAT(login_from("  m@v.fr "), Optional(std::string("m@v.fr")));
  EXPECT_THAT(login_from("o'brien+desk@sous.ville-1.fr"),
              Optional(std::string("o'brien+desk@sous.ville-1.fr")));
  for (const char* none : {"",
                           "martine",
                           "@ville.fr",
                           "m@",
                           "m@ville",
                           "m@@ville.fr",
                           "m@v@ville.fr",
                           "m m@ville.fr",
                           ".m@ville.fr",
                           "m.@ville.fr",
                           "m..n@ville.fr",
                           "m@.ville.fr",
                           "m@ville.fr.",
                           "m@ville..fr",
                           "m@-ville.fr",
                           "m@ville-.fr",
                           "é@ville.fr",
                           "m@vïlle.fr",
                           "m\n@ville.fr",
                           "\"m\"@ville.fr",
                           "m@ville.fr\xff",
                           "m<b>@ville.fr"})
    EXPECT_EQ(login_from(none), std::nullopt) << none;
  EXPECT_EQ(login_from(std::string(65, 'm') + "@ville.fr"), std::nullopt);
  EXPECT_EQ(login_from("m@" + std::string(300, 'v') + ".fr"), std::nullopt);
  EXPECT_EQ(login_from(std::string(1'000'000, 'm')), std::nullopt);
}

TEST(Account, IsCleanedInOrderAndWithoutDoubles) {
  NewAccount with = asked();
  with.roles = {Role::admin, Role::agent, Role::admin};
  with.services = {"urbanisme", "etat-civil", "urbanisme"};
  const Account account = account_from(with, "a1", kNow);
  EXPECT_EQ(account.id, "a1");
  EXPECT_EQ(account.login.read(), "martine.dupont@ville.fr");
  EXPECT_EQ(account.name.read(), "Martine Dupont");
  EXPECT_THAT(account.roles, ElementsAre(Role::agent, Role::admin));
  EXPECT_THAT(account.services, ElementsAre("etat-civil", "urbanisme"));
  EXPECT_EQ(account.created_at, kNow);
  EXPECT_EQ(account.disabled_at, std::nullopt);
}

TEST(Account, AnswersForItsServicesOrForAll) {
  NewAccount with = asked();
  const Account all = account_from(with, "a1", kNow);
  EXPECT_TRUE(all.answers_for("etat-civil"));
  EXPECT_TRUE(all.has(Role::agent));
  EXPECT_FALSE(all.has(Role::admin));
  with.services = {"urbanisme"};
  const Account one = account_from(with, "a1", kNow);
  EXPECT_TRUE(one.answers_for("urbanisme"));
  EXPECT_FALSE(one.answers_for("etat-civil"));
  EXPECT_FALSE(one.answers_for(""));
}

TEST(Account, RefusesWhatIsMalformedAndSaysWhich) {
  const auto refusal = [](auto change) {
    NewAccount with = asked();
    change(with);
    const Error error = error_of([&] { account_from(with, "a1", kNow); });
    EXPECT_EQ(error.code(), Errc::invalid);
    return error.detail();
  };
  EXPECT_THAT(refusal([](NewAccount& a) { a.login = "martine"; }), HasSubstr("e-mail"));
  for (const std::string& name :
       {std::string(), std::string(" \n "), std::string(kNameMax + 1, 'a'), std::string(5000, 'a')})
    EXPECT_THAT(refusal([&](NewAccount& a) { a.name = name; }), HasSubstr("name"));
  EXPECT_THAT(refusal([](NewAccount& a) { a.roles = {}; }), HasSubstr("role"));
  for (const std::string& id :
       {std::string(), std::string("a b"), std::string("é"), std::string(kServiceIdMax + 1, 'a')}) {
    EXPECT_THAT(refusal([&](NewAccount& a) { a.services = {id}; }), HasSubstr("services"));
    EXPECT_THAT(refusal([&](NewAccount& a) { a.communes = {id}; }), HasSubstr("communes"));
  }
  EXPECT_THAT(refusal([](NewAccount& a) { a.services.assign(kServicesMax + 1, "a"); }),
              HasSubstr("200"));
  EXPECT_THAT(refusal([](NewAccount& a) { a.communes.assign(kCommunesMax + 1, "a"); }),
              HasSubstr("500"));
}

}  // namespace
}  // namespace parvis::identity
