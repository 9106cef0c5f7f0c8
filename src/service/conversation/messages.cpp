#include "conversation/messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "text/normalise.hpp"
#include "vault/vault_store.hpp"

namespace parvis::conversation {
namespace {

using db::Tx;

// Where the payload lies, with all that must not change under it: its number, who said it, when.
std::string row_of(const feed::Topic& topic, std::int64_t seq, std::string_view type,
                   std::string_view id, Instant at) {
  return fmt::format("{}/{}/{}/{}/{}", topic.name, seq, type, id, at.time_since_epoch().count());
}

vault::Address address(std::string_view row) {
  return {.table = "feed", .column = "payload", .row = row};
}

Author author_of(const feed::Event& event) {
  for (const Author author : {Author::citizen, Author::virtual_agent})
    if (event.type == name(author)) return author;
  throw Error(Errc::unavailable,
              "a newer version of the program wrote this conversation: use that one");
}

Message opened(const feed::Topic& topic, const vault::Keys& keys, const feed::Event& event) {
  const std::string row = row_of(topic, event.seq, event.type, event.id, event.at);
  auto payload = parse_payload(vault::open(keys, address(row), event.payload));
  if (!payload) throw Error(Errc::failed, "a stored message is not readable");
  return {.seq = event.seq,
          .id = event.id,
          .author = author_of(event),
          .at = event.at,
          .payload = std::move(*payload)};
}

bool id_like(std::string_view id) {
  return id.size() >= kMessageIdMin && id.size() <= kMessageIdMax &&
         std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

bool readable(std::string_view words) {
  return text::valid_utf8(words) && std::ranges::none_of(words, [](char c) {
           return (c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == '\x7f';
         });
}

Said append(Tx& tx, const Conversation& conversation, const vault::Keys& keys, std::string_view id,
            Author author, const json::object& payload, Instant now) {
  const feed::Topic topic = conversation.topic();
  CHECK(keys.tenant() == topic.tenant && keys.object() == conversation.object());
  const std::string plain = json::serialize(payload);
  if (plain.size() > kPayloadMax)
    throw Error(Errc::too_large, "Ce message est trop long : 256 Ko au plus.");
  const auto sealed_at = [&](std::int64_t seq) {
    return vault::seal(keys, address(row_of(topic, seq, name(author), id, now)), plain);
  };
  const feed::Appended appended = feed::append(tx, topic, id, name(author), now, sealed_at);
  if (appended.outcome == feed::Outcome::appended) set_last_at(tx, conversation, now);
  return {appended.outcome, opened(topic, keys, appended.event)};
}

}  // namespace

std::string_view name(Author author) {
  return author == Author::citizen ? "citizen" : "virtual_agent";
}

std::string_view Message::text() const { return string_at(payload, "text").value_or(""); }

std::string reply_id(std::string_view message_id) { return std::string("re.").append(message_id); }

std::expected<json::object, Problem> parse_payload(std::string_view text) {
  if (text.size() > kPayloadMax) return std::unexpected(Problem{"longer than a message may be"});
  auto value = parse_json(text);
  if (!value) return std::unexpected(value.error());
  if (!value->is_object() || !string_at(value->get_object(), "text"))
    return std::unexpected(Problem{"not an object with a text"});
  return std::move(value->get_object());
}

Said say(Tx& tx, const Conversation& conversation, const vault::Keys& keys, std::string_view id,
         const json::object& payload, Instant now) {
  if (!id_like(id))
    throw Error(Errc::invalid,
                "a message's id is 8 to 64 letters, digits, hyphens and underscores");
  const std::string_view words = string_at(payload, "text").value_or("");
  if (words.size() > kTextMax)
    throw Error(Errc::too_large,
                "Votre message est trop long. Raccourcissez-le, ou envoyez-le en plusieurs fois.");
  if (!readable(words))
    throw Error(Errc::invalid, "Votre message contient des caractères illisibles. Retapez-le.");
  if (text::clean(words).empty())
    throw Error(Errc::invalid, "Votre message est vide. Écrivez votre question.");
  Said said = append(tx, conversation, keys, id, Author::citizen, payload, now);
  if (said.outcome == feed::Outcome::repeated && said.message.text() != words)
    throw Error(Errc::conflict, "this message's id was used for another text: make a new one");
  if (said.outcome == feed::Outcome::appended && said.message.seq > kMessagesMax)
    throw Error(Errc::too_large, "Cette conversation est très longue. Commencez-en une nouvelle.");
  return said;
}

Said reply(Tx& tx, const Conversation& conversation, const vault::Keys& keys,
           std::string_view message_id, const json::object& payload, Instant now) {
  const auto asked = feed::event_with_id(tx, conversation.topic(), message_id);
  if (!asked || asked->type != name(Author::citizen))
    throw Error(Errc::invalid, "there is no such message to answer");
  if (!string_at(payload, "text")) throw Error(Errc::invalid, "an answer has a text");
  return append(tx, conversation, keys, reply_id(message_id), Author::virtual_agent, payload, now);
}

std::vector<Message> messages_after(Tx& tx, const Conversation& conversation,
                                    const vault::Keys& keys, std::int64_t seq, std::size_t limit) {
  const feed::Topic topic = conversation.topic();
  std::vector<Message> messages;
  for (const feed::Event& event : feed::events_after(tx, topic, seq, limit))
    messages.push_back(opened(topic, keys, event));
  return messages;
}

void rate(Tx& tx, const Conversation& conversation, std::int64_t seq, Verdict verdict,
          Instant now) {
  const auto rated = feed::event_at(tx, conversation.topic(), seq);
  if (!rated || rated->type != name(Author::virtual_agent))
    throw Error(Errc::invalid, "there is no such answer to judge");
  set_verdict(tx, conversation, seq, verdict, now);
}

void erase(Tx& tx, const Conversation& conversation, Instant now) {
  vault::destroy_data_key(tx, conversation.tenant(), conversation.object(), now);
  feed::erase_topic(tx, conversation.topic());
  erase_rows(tx, conversation);
}

}  // namespace parvis::conversation
