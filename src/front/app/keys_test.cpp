#include "app/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <thread>

#include "app/retention.hpp"
#include "base/error.hpp"
#include "conversation/conversations.hpp"
#include "identity/sessions.hpp"
#include "support/databases.hpp"
#include "support/items.hpp"
#include "tenancy/tenancy_store.hpp"
#include "vault/keyring.hpp"

namespace parvis::app {
namespace {
namespace fs = std::filesystem;

using support::error_of;
using ::testing::HasSubstr;

const Instant kNow = *parse_rfc3339("2026-11-24T09:00:00Z");

class TownKeys : public support::EachEngine {
 protected:
  TownKeys() {
    fs::remove_all(config_.home);
    fs::create_directories(config_.home);
    database_.write(
        [](db::Tx& tx) { tenancy::create_tenant(tx, {.id = "demo", .name = "Le Val"}, kNow); });
  }
  ~TownKeys() override { fs::remove_all(config_.home); }

  static tenancy::Context context(Instant now) {
    return {"demo", "", tenancy::Actor::visitor(), Zone::paris(), {}, "r", now};
  }
  conversation::Begun begin(vault::KeyStore& store, Instant now = kNow) {
    vault::Keyring keyring(database_, store);
    return conversation::Conversations(database_, keyring).begin(context(now));
  }
  Check::State state() { return check_keys(config_, database_).state; }

  Config config_ = [this] {
    Config config;
    config.home = fs::path(::testing::TempDir()) /
                  ("town-keys-" + std::to_string(::getpid()) + (on_sqlite() ? "s" : "p"));
    return config;
  }();
  db::Database database_{config()};
};

TEST_P(TownKeys, TheFirstServeMakesAMasterKeyThatOthersCannotRead) {
  EXPECT_EQ(state(), Check::State::ok);  // nothing yet
  EXPECT_FALSE(fs::exists(config_.home / "master.key"));
  begin(*open_key_store(config_));
  struct stat status{};
  ASSERT_EQ(::stat((config_.home / "master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
  EXPECT_TRUE(fs::exists(config_.keys_file()));
  EXPECT_EQ(state(), Check::State::ok);
  begin(*open_key_store(config_));  // the same keys again
}

TEST_P(TownKeys, AMasterKeyThatIsGoneIsNotReplaced) {
  begin(*open_key_store(config_));
  fs::rename(config_.home / "master.key", config_.home / "elsewhere");
  const auto closed = open_key_store(config_);
  EXPECT_EQ(error_of([&] { closed->probe(); }).code(), Errc::unavailable);
  EXPECT_EQ(error_of([&] { begin(*closed); }).code(), Errc::unavailable);
  EXPECT_FALSE(fs::exists(config_.home / "master.key"));
  EXPECT_EQ(state(), Check::State::degraded);
  config_.master_key_file = config_.home / "elsewhere";
  begin(*open_key_store(config_));
  EXPECT_EQ(state(), Check::State::ok);
}

TEST_P(TownKeys, KeysThatAreGoneAreMissed) {
  begin(*open_key_store(config_));
  fs::remove(config_.keys_file());
  EXPECT_EQ(state(), Check::State::broken);
  EXPECT_EQ(error_of([&] { begin(*open_key_store(config_)); }).code(), Errc::unavailable);
  EXPECT_EQ(state(), Check::State::broken);
}

TEST_P(TownKeys, AFileThatOthersMayReadIsRefused) {
  begin(*open_key_store(config_));
  fs::permissions(config_.home / "master.key", fs::perms::others_read, fs::perm_options::add);
  const Check check = check_keys(config_, database_);
  EXPECT_EQ(check.state, Check::State::degraded);
  EXPECT_THAT(check.what, HasSubstr("chmod 600"));
  EXPECT_NE(check.remedy, "");
}

TEST_P(TownKeys, AVariableMayHoldTheMasterKey) {
  config_.master_key_variable = "PARVIS_TEST_MASTER_KEY";
  ::setenv("PARVIS_TEST_MASTER_KEY", std::string(64, 'a').c_str(), 1);
  begin(*open_key_store(config_));
  EXPECT_EQ(std::getenv("PARVIS_TEST_MASTER_KEY"), nullptr);
  EXPECT_FALSE(fs::exists(config_.home / "master.key"));
  EXPECT_EQ(state(), Check::State::degraded);  // it is not set any more
  config_.master_key_file = config_.home / "x";
  EXPECT_EQ(error_of([&] { open_key_store(config_); }).code(), Errc::invalid);
}

TEST_P(TownKeys, ConversationsThatNobodyWritesInAreErased) {
  const auto store = open_key_store(config_);
  vault::Keyring keyring(database_, *store);
  conversation::Conversations conversations(database_, keyring);
  const conversation::Begun old = begin(*store, kNow - std::chrono::hours(31 * 24));
  const conversation::Begun young = begin(*store, kNow - std::chrono::hours(29 * 24));
  EXPECT_EQ(expire_all(conversations, "demo", std::chrono::days(30), kNow, [] { return false; }),
            0);
  EXPECT_EQ(expire_all(conversations, "demo", std::chrono::days(30), kNow), 1);
  EXPECT_EQ(expire_all(conversations, "demo", std::chrono::days(30), kNow), 0);
  EXPECT_EQ(error_of([&] {
              conversations.check(context(kNow), old.conversation.id(), old.token.reveal());
            }).code(),
            Errc::not_found);
  conversations.check(context(kNow), young.conversation.id(), young.token.reveal());
}

TEST_P(TownKeys, TheThreadLooksAtOnceAndStops) {
  const auto store = open_key_store(config_);
  vault::Keyring keyring(database_, *store);
  conversation::Conversations conversations(database_, keyring);
  const conversation::Begun old = begin(*store, kNow - std::chrono::hours(31 * 24));
  const auto there = [&] {
    try {
      conversations.check(context(kNow), old.conversation.id(), old.token.reveal());
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  Metrics metrics;
  {
    Retention none(database_, conversations, nullptr, nullptr, nullptr, metrics, "",
                   std::chrono::days(30), [] { return kNow; });
  }
  EXPECT_TRUE(there());
  identity::Sessions sessions(database_);
  EXPECT_FALSE(sessions.sign_in(context(kNow - std::chrono::hours(1)), "a@ville.fr",
                                Secret<std::string>("cheval correct batterie"),
                                Personal<std::string>("192.0.2.1")));
  Retention retention(database_, conversations, nullptr, nullptr, nullptr, metrics, "demo",
                      std::chrono::days(30), [] { return kNow; });
  const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (there() && std::chrono::steady_clock::now() < last) std::this_thread::yield();
  EXPECT_FALSE(there());
  tenancy::Context system = context(kNow);
  system.actor = tenancy::Actor::system("test");
  EXPECT_EQ(identity::expire(database_, system), 0);  // nothing is left of the sign-in
}

TEST_P(TownKeys, AStepOfRetentionThatFailsStopsNoOther) {
  const auto store = open_key_store(config_);
  vault::Keyring keyring(database_, *store);
  conversation::Conversations conversations(database_, keyring);
  const conversation::Begun old = begin(*store, kNow - std::chrono::hours(31 * 24));
  Metrics metrics;
  // The first step, sign-ins, asks for the time first.
  const auto broken_once = [first = true]() mutable {
    if (std::exchange(first, false)) throw Error(Errc::unavailable, "no clock");
    return kNow;
  };
  const auto there = [&] {
    try {
      conversations.check(context(kNow), old.conversation.id(), old.token.reveal());
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  Retention retention(database_, conversations, nullptr, nullptr, nullptr, metrics, "demo",
                      std::chrono::days(30), broken_once);
  const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (there() && std::chrono::steady_clock::now() < last) std::this_thread::yield();
  EXPECT_FALSE(there());
  EXPECT_THAT(metrics.render(), HasSubstr("parvis_retention_failures_total{step=\"sign_ins\"} 1"));
}

INSTANTIATE_TEST_SUITE_P(Engines, TownKeys, support::kEngines, support::engine_name);

}  // namespace
}  // namespace parvis::app
