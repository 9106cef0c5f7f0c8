#include "conversation/conversations.hpp"

#include "base/error.hpp"
#include "vault/vault_store.hpp"

namespace parvis::conversation {

using db::Tx;

Conversations::Conversations(db::Database& database, vault::Keyring& keyring)
    : database_(database), keyring_(keyring) {}

// The gate comes first, so that nobody makes the key store work for a conversation of others; each
// transaction that uses the keys passes it again.
vault::Keys Conversations::keys_for(const tenancy::Context& cx, std::string_view id,
                                    std::string_view token) {
  const Conversation conversation = check(cx, id, token);
  try {
    return keyring_.keys_for(cx, conversation.object());
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) throw gone();  // erased since
    throw;
  }
}

Begun Conversations::begin(const tenancy::Context& cx) {
  Secret<std::string> token = new_token();
  Conversation begun = begin(cx, new_id(), token);
  return {std::move(begun), std::move(token)};
}

Conversation Conversations::begin(const tenancy::Context& cx, const std::string& id,
                                  const Secret<std::string>& token) {
  const vault::NewKeys keys = keyring_.make(cx, object_of(id));
  try {
    return database_.write(cx.tenant, [&](Tx& tx) {
      vault::insert_data_key(tx, keys.row, cx.now);
      Conversation begun = insert(tx, cx, id, token);
      feed::open_topic(tx, begun.topic(), cx.now);
      return begun;
    });
  } catch (const Error& e) {
    if (e.code() != Errc::conflict) throw;
    return check(cx, id, token.reveal());  // begun before, or gone
  }
}

Said Conversations::say(const tenancy::Context& cx, std::string_view id, std::string_view token,
                        std::string_view message_id, const json::object& payload) {
  const vault::Keys keys = keys_for(cx, id, token);
  return database_.write(cx.tenant, [&](Tx& tx) {
    return conversation::say(tx, conversation_for(tx, cx, id, token), keys, message_id, payload,
                             cx.now);
  });
}

Said Conversations::reply(const tenancy::Context& cx, std::string_view id, std::string_view token,
                          std::string_view message_id, const json::object& payload) {
  const vault::Keys keys = keys_for(cx, id, token);
  return database_.write(cx.tenant, [&](Tx& tx) {
    return conversation::reply(tx, conversation_for(tx, cx, id, token), keys, message_id, payload,
                               cx.now);
  });
}

Conversation Conversations::check(const tenancy::Context& cx, std::string_view id,
                                  std::string_view token) {
  return database_.read(cx.tenant, [&](Tx& tx) { return conversation_for(tx, cx, id, token); });
}

std::vector<Message> Conversations::messages_after(const tenancy::Context& cx, std::string_view id,
                                                   std::string_view token, std::int64_t seq,
                                                   std::size_t limit) {
  const vault::Keys keys = keys_for(cx, id, token);
  return database_.read(cx.tenant, [&](Tx& tx) {
    return conversation::messages_after(tx, conversation_for(tx, cx, id, token), keys, seq, limit);
  });
}

Transcript Conversations::transcript(const tenancy::Context& cx, std::string_view id,
                                     std::string_view token) {
  const vault::Keys keys = keys_for(cx, id, token);
  return database_.read(cx.tenant, [&](Tx& tx) {
    const Conversation conversation = conversation_for(tx, cx, id, token);
    Transcript whole{.id = conversation.id(),
                     .commune = conversation.commune(),
                     .created_at = conversation.created_at(),
                     .messages = {},
                     .verdicts = verdicts(tx, conversation)};
    for (std::int64_t seen = 0;;) {  // ends: a conversation has kMessagesMax and their answers
      auto page = conversation::messages_after(tx, conversation, keys, seen);
      if (page.empty()) return whole;
      seen = page.back().seq;
      for (Message& message : page) whole.messages.push_back(std::move(message));
    }
  });
}

void Conversations::rate(const tenancy::Context& cx, std::string_view id, std::string_view token,
                         std::int64_t seq, Verdict verdict) {
  database_.write(cx.tenant, [&](Tx& tx) {
    conversation::rate(tx, conversation_for(tx, cx, id, token), seq, verdict, cx.now);
  });
}

void Conversations::erase(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  database_.write(cx.tenant, [&](Tx& tx) {
    conversation::erase(tx, conversation_for(tx, cx, id, token), cx.now);
  });
}

std::size_t Conversations::expire(const tenancy::Context& cx, std::chrono::days kept) {
  CHECK(kept >= std::chrono::days(1));
  return database_.write(cx.tenant, [&](Tx& tx) {
    const auto idle = idle_since(tx, cx, cx.now - kept, kExpireBatch);
    for (const Conversation& conversation : idle) conversation::erase(tx, conversation, cx.now);
    return idle.size();
  });
}

}  // namespace parvis::conversation
