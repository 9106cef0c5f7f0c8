// Conversations from the outside: each call passes the gate, gets the keys and does its work in one
// transaction. A thin shell; what must share a transaction with other rooms calls messages.hpp.
//
// Thread-safe. Besides what each says: gone() when the gate refuses, Errc::unavailable when the
// keys are out of reach, and the errors of the database.
#pragma once

#include <chrono>
#include <string_view>

#include "conversation/messages.hpp"
#include "conversation/transcript.hpp"
#include "vault/keyring.hpp"

namespace parvis::conversation {

inline constexpr std::size_t kExpireBatch = 100;  // conversations that one call erases

struct Begun {
  Conversation conversation;
  Secret<std::string> token;  // given to the visitor once, and kept nowhere
};

class Conversations {
 public:
  Conversations(db::Database& database, vault::Keyring& keyring);

  Begun begin(const tenancy::Context& cx);
  // With an id and a token of the caller's, random as new_id() and new_token(). The same two again
  // give the same conversation back; gone() when it was erased since, or the id is another's.
  Conversation begin(const tenancy::Context& cx, const std::string& id,
                     const Secret<std::string>& token);

  // As conversation::say and conversation::reply. Returned means stored.
  Said say(const tenancy::Context& cx, std::string_view id, std::string_view token,
           std::string_view message_id, const json::object& payload);
  Said reply(const tenancy::Context& cx, std::string_view id, std::string_view token,
             std::string_view message_id, const json::object& payload);

  // What the gate lets through, without what was said: for a stream that checks its access again.
  Conversation check(const tenancy::Context& cx, std::string_view id, std::string_view token);
  std::vector<Message> messages_after(const tenancy::Context& cx, std::string_view id,
                                      std::string_view token, std::int64_t seq,
                                      std::size_t limit = feed::kPageMax);
  Transcript transcript(const tenancy::Context& cx, std::string_view id, std::string_view token);

  // As conversation::rate. Needs no key.
  void rate(const tenancy::Context& cx, std::string_view id, std::string_view token,
            std::int64_t seq, Verdict verdict);
  // Needs no key: erasing works while the key store is out of reach.
  void erase(const tenancy::Context& cx, std::string_view id, std::string_view token);

  // Retention: erases conversations of cx.tenant without a message for `kept` (1 day at least), the
  // oldest first, at most kExpireBatch; how many. Called again while it says kExpireBatch. Only the
  // system may (CHECK).
  std::size_t expire(const tenancy::Context& cx, std::chrono::days kept);

 private:
  vault::Keys keys_for(const tenancy::Context& cx, std::string_view id, std::string_view token);
  db::Database& database_;
  vault::Keyring& keyring_;
};

}  // namespace parvis::conversation
