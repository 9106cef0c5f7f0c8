// What the rows hold and who sees them; the rest is judged from the outside (conversations_test).
#include "conversation/conversation_store.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "support/items.hpp"

namespace parvis::conversation {
namespace {

const Instant kNow = *parse_rfc3339("2026-11-24T09:00:00Z");

tenancy::Context context(std::string tenant) {
  return {.tenant = std::move(tenant),
          .commune = "99001",
          .actor = tenancy::Actor::visitor(),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "r1",
          .now = kNow};
}

class ConversationStore : public support::EachEngine {
 protected:
  std::string begun(const std::string& tenant, const Secret<std::string>& token) {
    const std::string id = new_id();
    database_.write(tenant, [&](db::Tx& tx) { insert(tx, context(tenant), id, token); });
    return id;
  }
  std::int64_t count(std::string_view tenant) {
    return database_.read(tenant, [](db::Tx& tx) {
      std::int64_t n = 0;
      tx.each("select count(*) from conversation_conversation", {},
              [&](db::Row row) { n = row.integer(0); });
      return n;
    });
  }
  db::Database database_{config()};
};
INSTANTIATE_TEST_SUITE_P(Engines, ConversationStore, support::kEngines, support::engine_name);

TEST_P(ConversationStore, KeepsTheHashOfTheTokenAlone) {
  const Secret<std::string> token = new_token();
  begun("demo", token);
  std::string stored;
  database_.read([&](db::Tx& tx) {
    tx.each("select token_hash from conversation_conversation", {},
            [&](db::Row row) { stored = row.text(0); });
  });
  EXPECT_EQ(stored, crypto::sha256_hex(token.reveal()));
}

TEST_P(ConversationStore, IdsAndTokensAreRandom) {
  EXPECT_EQ(new_id().size(), 2 * kIdBytes);
  EXPECT_NE(new_id(), new_id());
  EXPECT_EQ(new_token().reveal().size(), 2 * kTokenBytes);
  EXPECT_NE(new_token().reveal(), new_token().reveal());
}

TEST_P(ConversationStore, RowLevelSecurityStandsBehind) {
  const Secret<std::string> token = new_token();
  const std::string id = begun("demo", token);
  begun("other", token);
  EXPECT_EQ(count("other"), on_sqlite() ? 2 : 1);  // SQLite has no such wall
  database_.read("demo", [&](db::Tx& tx) {
    EXPECT_EQ(conversation_for(tx, context("demo"), id, token.reveal()).id(), id);
  });
}

TEST_P(ConversationStore, TheNewestMessageNeverGetsOlder) {
  const Secret<std::string> token = new_token();
  const std::string id = begun("demo", token);
  const auto last_at = [&](Instant said) {
    return database_.write("demo", [&](db::Tx& tx) {
      set_last_at(tx, conversation_for(tx, context("demo"), id, token.reveal()), said);
      return conversation_for(tx, context("demo"), id, token.reveal()).last_at();
    });
  };
  EXPECT_EQ(last_at(kNow + std::chrono::hours(1)), kNow + std::chrono::hours(1));
  EXPECT_EQ(last_at(kNow), kNow + std::chrono::hours(1));  // a clock set back keeps it no shorter
}

TEST_P(ConversationStore, OnlyTheSystemLooksForOthers) {
  EXPECT_DEATH(database_.read("demo", [](db::Tx& tx) { idle_since(tx, context("demo"), kNow, 1); }),
               "Kind::system");
}

}  // namespace
}  // namespace parvis::conversation
