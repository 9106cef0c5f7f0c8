#include "casework/story.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "feed/feed_store.hpp"

namespace parvis::casework {
namespace {

using db::Tx;

// Where an event's payload lies, with all that must not change under it.
std::string row_of(const feed::Topic& topic, std::int64_t seq, std::string_view type,
                   std::string_view id, Instant at) {
  return fmt::format("{}/{}/{}/{}/{}", topic.name, seq, type, id, at.time_since_epoch().count());
}

std::string_view name(Role role) {
  switch (role) {
    case Role::citizen:
      return "citizen";
    case Role::agent:
      return "agent";
    case Role::system:
      return "system";
  }
  return {};
}

Role role_named(std::string_view text) {
  for (const Role role : {Role::citizen, Role::agent, Role::system})
    if (name(role) == text) return role;
  return Role::system;
}

}  // namespace

json::object object_in(std::string_view text) {
  auto value = parse_json(text);
  if (!value || !value->is_object()) throw Error(Errc::failed, "a stored case is not readable");
  return std::move(value->get_object());
}

std::vector<Happened> events_of(Tx& tx, const Case& row, const vault::Keys& keys) {
  const feed::Topic topic = row.topic();
  std::vector<Happened> out;
  for (std::int64_t seen = 0;;) {  // ends: a topic has kEventsMax
    const auto events = feed::events_after(tx, topic, seen);
    if (events.empty()) return out;
    for (const feed::Event& event : events) {
      seen = event.seq;
      const std::string place = row_of(topic, event.seq, event.type, event.id, event.at);
      const json::object payload = object_in(
          vault::open(keys, {.table = "feed", .column = "payload", .row = place}, event.payload));
      const auto act = act_named(event.type);
      if (!act)
        throw Error(Errc::unavailable,
                    "a newer version of the program wrote this case: use that one");
      const json::object* more = object_at(payload, "more");
      out.push_back({.seq = event.seq,
                     .act = *act,
                     .by = role_named(string_at(payload, "by").value_or("")),
                     .author = std::string(string_at(payload, "author").value_or("")),
                     .text = std::string(string_at(payload, "text").value_or("")),
                     .more = more != nullptr ? *more : json::object(),
                     .at = event.at});
    }
  }
}

bool append_event(Tx& tx, const Case& row, const vault::Keys& keys, std::string_view event_id,
                  Act act, const Author& author, std::string_view text, const json::object& more,
                  Instant now, std::optional<std::int64_t> last) {
  const feed::Topic topic = row.topic();
  // What citizens write leaves room for whoever has to decide.
  const std::int64_t room =
      author.role == Role::citizen && act == Act::write ? kEventsMax - kEventsOfAgents : kEventsMax;
  if (!last && feed::last_seq(tx, topic).value_or(0) >= room)
    throw Error(Errc::too_large, "Ce dossier a trop d’événements. Appelez le service.");
  const std::string plain = json::serialize(json::object{{"by", name(author.role)},
                                                         {"author", author.name},
                                                         {"author_id", author.id},
                                                         {"text", text},
                                                         {"more", more}});
  const auto sealed_at = [&](std::int64_t seq) {
    const std::string place = row_of(topic, seq, name(act), event_id, now);
    return vault::seal(keys, {.table = "feed", .column = "payload", .row = place}, plain);
  };
  return feed::append(tx, topic, event_id, name(act), now, sealed_at, last).outcome ==
         feed::Outcome::appended;
}

}  // namespace parvis::casework
