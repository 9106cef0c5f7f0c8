#include "identity/accounts.hpp"

#include "base/error.hpp"
#include "identity/house_for_tests.hpp"
#include "identity/identity_store.hpp"

namespace parvis::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AccountsTest : public House {
 protected:
  std::vector<std::string> logins(const tenancy::Context& cx) {
    std::vector<std::string> out;
    for (const Account& each : accounts_.list(cx)) out.push_back(each.login.read());
    return out;
  }
  bool signs_in(const Secret<std::string>& password, const std::string& tenant = "demo") {
    return sessions_.sign_in(context(kNow, tenant), kLogin, password, kHome).has_value();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, AccountsTest, support::kEngines, support::engine_name);

TEST_P(AccountsTest, KeepsWhatWasAskedAndNoPassword) {
  NewAccount asked = martine();
  asked.roles = {Role::manager, Role::agent};
  asked.services = {"etat-civil", "urbanisme"};
  asked.communes = {"99001"};
  const Account made = create(asked);
  const auto found = accounts_.with_login(as_system(), "MARTINE@ville.fr");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.id);
  EXPECT_EQ(found->login.read(), kLogin);
  EXPECT_EQ(found->name.read(), "Martine Dupont");
  EXPECT_THAT(found->roles, ElementsAre(Role::agent, Role::manager));
  EXPECT_THAT(found->services, ElementsAre("etat-civil", "urbanisme"));
  EXPECT_THAT(found->communes, ElementsAre("99001"));
  EXPECT_EQ(found->created_at, kNow);
  EXPECT_EQ(found->password_changed_at, kNow);
  EXPECT_FALSE(accounts_.with_login(as_system(), "no@ville.fr"));
  EXPECT_FALSE(accounts_.with_login(as_system(), "no e-mail"));
  const auto stored =
      database_.read([&](db::Tx& tx) { return credentials_with_login(tx, "demo", kLogin); });
  EXPECT_THAT(stored->password_hash.reveal(), HasSubstr("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_THAT(stored->password_hash.reveal(), Not(HasSubstr("cheval")));
}

TEST_P(AccountsTest, HaveALoginOfTheirOwnInEachTown) {
  const Account here = create();
  const Account there = create(martine(), "other");
  EXPECT_NE(here.id, there.id);
  NewAccount twin = martine();
  twin.login = "Martine@VILLE.fr";
  EXPECT_EQ(error_of([&] { create(twin); }).code(), Errc::conflict);
  EXPECT_THAT(accounts_.list(as_system()), SizeIs(1));
}

TEST_P(AccountsTest, AreListedByName) {
  create({.login = "z@ville.fr", .name = "Anne"});
  create({.login = "a@ville.fr", .name = "Zoé"});
  EXPECT_THAT(logins(as_system()), ElementsAre("z@ville.fr", "a@ville.fr"));
}

TEST_P(AccountsTest, RefusesACommuneATownOrAPasswordThatWillNotDo) {
  NewAccount asked = martine();
  asked.communes = {"75056"};
  EXPECT_THAT(error_of([&] { create(asked); }).detail(), HasSubstr("75056"));
  EXPECT_EQ(error_of([&] { create(martine(), "absent"); }).code(), Errc::not_found);
  for (const char* bad : {"court", "martine.dupont", "motdepasse2026", "Val d'Orle 2026"})
    EXPECT_EQ(error_of([&] {
                accounts_.create(as_system(), martine(), Secret(std::string(bad)));
              }).code(),
              Errc::invalid)
        << bad;
  EXPECT_THAT(accounts_.list(as_system()), IsEmpty());
}

TEST_P(AccountsTest, ADisabledOneSignsInNoMoreAndItsSessionsEndAtOnce) {
  const Account account = create();
  const auto in = sessions_.sign_in(context(), kLogin, kPassword, kHome);
  ASSERT_TRUE(in);
  accounts_.disable(as_system(), account.id);
  EXPECT_FALSE(sessions_.session_of(context(), in->token.reveal(), Activity::person));
  EXPECT_FALSE(signs_in(kPassword));
  EXPECT_THAT(sessions(account), IsEmpty());
  EXPECT_FALSE(database_.read([&](db::Tx& tx) {
    return network_known(tx, "demo", account.id, sign_in_attempt(kLogin, kHome).network, {});
  }));
  EXPECT_EQ(accounts_.list(as_system()).front().disabled_at, kNow);
  accounts_.disable(as_system(kNow + std::chrono::hours(1)), account.id);
  EXPECT_EQ(accounts_.list(as_system()).front().disabled_at, kNow);
  accounts_.enable(as_system(), account.id);
  EXPECT_FALSE(sessions_.session_of(context(), in->token.reveal(), Activity::person));
  EXPECT_TRUE(signs_in(kPassword));
}

TEST_P(AccountsTest, TheSystemSetsAPasswordWhichEndsSessions) {
  const Account account = create();
  const auto in = sessions_.sign_in(context(), kLogin, kPassword, kHome);
  accounts_.set_password(as_system(kNow + std::chrono::seconds(1)), account.id, kOther);
  EXPECT_FALSE(sessions_.session_of(context(), in->token.reveal(), Activity::person));
  EXPECT_FALSE(signs_in(kPassword));
  EXPECT_TRUE(signs_in(kOther));
  EXPECT_EQ(accounts_.list(as_system()).front().password_changed_at,
            kNow + std::chrono::seconds(1));
  EXPECT_EQ(error_of([&] {
              accounts_.set_password(as_system(), account.id, Secret<std::string>("motdepasse12"));
            }).code(),
            Errc::invalid);
  EXPECT_TRUE(signs_in(kOther));
}

TEST_P(AccountsTest, EndsSessionsOfOneAccount) {
  const Account account = create();
  create({.login = "autre@ville.fr", .name = "Autre"});
  const auto in = sessions_.sign_in(context(), kLogin, kPassword, kHome);
  const auto other = sessions_.sign_in(context(), "autre@ville.fr", kPassword, kHome);
  EXPECT_EQ(accounts_.end_sessions(as_system(), account.id), 1);
  EXPECT_FALSE(sessions_.session_of(context(), in->token.reveal(), Activity::person));
  EXPECT_TRUE(sessions_.session_of(context(), other->token.reveal(), Activity::person));
}

TEST_P(AccountsTest, TheirAgentSaysWhetherTheDailyMailComes) {
  const Account account = create();
  const Account other = create({.login = "autre@ville.fr", .name = "Autre"});
  EXPECT_TRUE(account.digest);
  tenancy::Context own = context();
  own.actor = tenancy::Actor::agent(account.id, Personal(std::string("Martine")));
  accounts_.set_digest(own, account.id, false);
  EXPECT_FALSE(accounts_.with_login(as_system(), kLogin)->digest);
  EXPECT_EQ(error_of([&] { accounts_.set_digest(own, other.id, false); }).code(), Errc::not_found);
  EXPECT_EQ(error_of([&] { accounts_.set_digest(context(), account.id, true); }).code(),
            Errc::not_found);
  accounts_.set_digest(as_system(), account.id, true);
  EXPECT_TRUE(accounts_.with_login(as_system(), kLogin)->digest);
  database_.write("demo", [&](db::Tx& tx) {
    EXPECT_FALSE(digest_day(tx, "demo", account.id));
    set_digest_day(tx, "demo", account.id, *parse_iso_date("2026-11-29"));
    EXPECT_EQ(digest_day(tx, "demo", account.id), parse_iso_date("2026-11-29"));
  });
}

TEST_P(AccountsTest, AreThereForAdministratorsAlone) {
  const Account agent = create();
  const Account manager =
      create({.login = "m@ville.fr", .name = "M", .roles = {Role::agent, Role::manager}});
  const Account admin = create({.login = "a@ville.fr", .name = "A", .roles = {Role::admin}});
  const Account foreign =
      create({.login = "a@ville.fr", .name = "A", .roles = {Role::admin}}, "other");
  EXPECT_THAT(accounts_.list(as_agent(admin)), SizeIs(3));
  const auto refused = [&](const tenancy::Context& cx) {
    const std::vector<std::function<void()>> all = {
        [&] { accounts_.list(cx); },
        [&] { accounts_.with_login(cx, kLogin); },
        [&] { accounts_.create(cx, {.login = "n@ville.fr", .name = "N"}, kPassword); },
        [&] { accounts_.disable(cx, agent.id); },
        [&] { accounts_.enable(cx, agent.id); },
        [&] { accounts_.end_sessions(cx, agent.id); }};
    for (const auto& each : all) {
      const Error error = error_of(each);
      EXPECT_EQ(error.code(), Errc::not_found);
      EXPECT_EQ(error.detail(), "there is no such account");
    }
  };
  refused(as_agent(agent));
  refused(as_agent(manager));
  refused(as_agent(foreign));         // an administrator, but of another town
  refused(as_agent(admin, "other"));  // the same from the other side
  refused(context());                 // a visitor
  EXPECT_TRUE(signs_in(kPassword));
  EXPECT_EQ(error_of([&] { accounts_.disable(as_agent(admin), "absent"); }).detail(),
            "there is no such account");
  EXPECT_EQ(error_of([&] { accounts_.disable(as_agent(admin), foreign.id); }).detail(),
            "there is no such account");
  accounts_.disable(as_system(), admin.id);
  refused(as_agent(admin));  // at once, whatever the session says
}

TEST_P(AccountsTest, NoAdministratorChoosesAPassword) {
  const Account admin = create({.login = "a@ville.fr", .name = "A", .roles = {Role::admin}});
  EXPECT_DEATH(accounts_.set_password(as_agent(admin), admin.id, kOther), "Kind::system");
}

}  // namespace
}  // namespace parvis::identity
