// What the rows hold and who sees them; the rest is judged from the outside.
#include "identity/identity_store.hpp"

#include "identity/house_for_tests.hpp"

namespace parvis::identity {
namespace {

class IdentityStore : public House {
 protected:
  std::int64_t count(std::string_view tenant, db::Sql sql) {
    return database_.read(tenant, [&](db::Tx& tx) {
      std::int64_t n = 0;
      tx.each(sql, {}, [&](db::Row row) { n = row.integer(0); });
      return n;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, IdentityStore, support::kEngines, support::engine_name);

TEST_P(IdentityStore, RowLevelSecurityStandsBehind) {
  create();
  create(martine(), "other");
  EXPECT_TRUE(sessions_.sign_in(context(), kLogin, kPassword, kHome));
  EXPECT_FALSE(sessions_.sign_in(context(), kLogin, kOther, kElsewhere));
  const bool wall = !on_sqlite();  // SQLite has none
  EXPECT_EQ(count("other", "select count(*) from identity_account"), wall ? 1 : 2);
  EXPECT_EQ(count("other", "select count(*) from identity_session"), wall ? 0 : 1);
  EXPECT_EQ(count("other", "select count(*) from identity_attempt"), wall ? 0 : 2);
  EXPECT_EQ(count("other", "select count(*) from identity_network"), wall ? 0 : 1);
}

TEST_P(IdentityStore, NothingOfWhatWasTypedIsStored) {
  const auto in = sessions_.sign_in(context(), "mot de passe dans le mauvais champ", kPassword,
                                    Personal<std::string>("203.0.113.9"));
  EXPECT_FALSE(in);
  std::string all;
  database_.read([&](db::Tx& tx) {
    all.clear();
    tx.each("select subject, id from identity_attempt", {},
            [&](db::Row row) { all.append(row.text(0)).append(row.text(1)); });
  });
  EXPECT_EQ(all.size(), 2 * (64 + 32));  // two subjects, in hexadecimal
  EXPECT_EQ(all.find_first_not_of("0123456789abcdef"), all.npos);
}

TEST_P(IdentityStore, AnAttemptIsErasedWhenTheNextComesAfterItsWindow) {
  const auto tries = [&](Instant now) {
    EXPECT_FALSE(sessions_.sign_in(context(now), "a@ville.fr", kPassword, kHome));
    return count("demo", "select count(*) from identity_attempt");
  };
  EXPECT_EQ(tries(kNow), 2);
  EXPECT_EQ(tries(kNow + std::chrono::minutes(1)), 4);
  EXPECT_EQ(tries(kNow + kAttemptWindow), 4);
}

TEST_P(IdentityStore, ARoleOfANewerProgramIsNone) {
  const Account account = create();
  database_.write(
      "demo", [](db::Tx& tx) { tx.run("update identity_account set roles = 'agent dpo admin'"); });
  EXPECT_THAT(accounts_.list(as_system()).front().roles,
              ::testing::ElementsAre(Role::agent, Role::admin));
}

TEST_P(IdentityStore, AHashMadeAnewDoesNotUndoANewPassword) {
  const Account account = create();
  const auto hash = [&] {
    return database_.read([&](db::Tx& tx) { return credentials_of(tx, "demo", account.id); })
        ->password_hash;
  };
  const Secret<std::string> before = hash();
  accounts_.set_password(as_system(), account.id, kOther);
  const Secret<std::string> after = hash();
  database_.write("demo", [&](db::Tx& tx) {
    replace_password_hash(tx, "demo", account.id, before, Secret<std::string>("stale"));
  });
  EXPECT_EQ(hash().reveal(), after.reveal());
}

}  // namespace
}  // namespace parvis::identity
