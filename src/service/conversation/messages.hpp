// What was said in a conversation: events of its feed, sealed. Everything here runs inside a
// transaction, with a conversation that the gate gave and the keys got before.
//
// A message is a JSON object with a "text": what is read first. A citizen's may add what came with
// it (a choice); the assistant's is the answer itself (docs' contract, §3) and whatever its policy
// needs to go on. It is kept as given: whoever calls has cleaned the text and masked the personal
// data that were typed without need.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "conversation/conversation_store.hpp"
#include "vault/keys.hpp"

namespace parvis::conversation {

inline constexpr std::size_t kTextMax = 8192;           // bytes that a citizen says at once
inline constexpr std::size_t kPayloadMax = 256 * 1024;  // bytes of a message as JSON
inline constexpr std::size_t kMessageIdMin = 8;         // characters of a message's id
inline constexpr std::size_t kMessageIdMax = 64;
inline constexpr std::int64_t kMessagesMax = 500;  // after which a citizen starts another

enum class Author : std::uint8_t { citizen, virtual_agent };
std::string_view name(Author author);  // as stored and sent

struct Message {
  std::int64_t seq = 0;  // 1, 2, 3… in the conversation
  std::string id;        // of a citizen's message, made by the client; of an answer, reply_id(…)
  Author author = Author::citizen;
  Instant at;
  json::object payload;
  std::string_view text() const;
};

struct Said {
  feed::Outcome outcome;  // repeated: it was there already, and nothing changed
  Message message;
};

// The id of the one answer to a message. No client can make it: theirs have no dot.
std::string reply_id(std::string_view message_id);

// A citizen's message. The same id again gives the first one back. Errc::invalid for an id that is
// not 8 to 64 letters, digits, '-' or '_', and for a text that is empty, not UTF-8 or holds control
// characters; Errc::too_large past kTextMax, kPayloadMax and kMessagesMax; Errc::conflict when the
// id was used for another text; what vault::seal throws.
Said say(db::Tx& tx, const Conversation& conversation, const vault::Keys& keys, std::string_view id,
         const json::object& payload, Instant now);

// The assistant's answer to a citizen's message. Another answer to the same message gives the first
// one back. Errc::invalid when there is no such message or the payload has no text.
Said reply(db::Tx& tx, const Conversation& conversation, const vault::Keys& keys,
           std::string_view message_id, const json::object& payload, Instant now);

// In order; at most feed::kPageMax at once. What vault::open throws.
std::vector<Message> messages_after(db::Tx& tx, const Conversation& conversation,
                                    const vault::Keys& keys, std::int64_t seq,
                                    std::size_t limit = feed::kPageMax);

// On an answer. Errc::invalid when seq is none.
void rate(db::Tx& tx, const Conversation& conversation, std::int64_t seq, Verdict verdict,
          Instant now);

// The key is destroyed, and the rows are gone.
void erase(db::Tx& tx, const Conversation& conversation, Instant now);

// The stored form of a message, once opened: an object with a text. Never throws.
std::expected<json::object, Problem> parse_payload(std::string_view text);

}  // namespace parvis::conversation
