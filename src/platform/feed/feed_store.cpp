#include "feed/feed_store.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace parvis::feed {
namespace {

using db::Row;
using db::Tx;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool word(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::ranges::all_of(text, plain);
}

bool topic_like(std::string_view name) {
  return !name.empty() && name.size() <= kTopicMax &&
         std::ranges::all_of(name, [](char c) { return plain(c) || c == '/'; });
}

Event event_from(const Row& row) {  // seq, id, type, at, payload
  return {.seq = row.integer(0),
          .id = std::string(row.text(1)),
          .type = std::string(row.text(2)),
          .at = Instant(std::chrono::milliseconds(row.integer(3))),
          .payload = std::string(row.blob(4))};
}

}  // namespace

void open_topic(Tx& tx, const Topic& topic, Instant now) {
  if (!topic_like(topic.name))
    throw Error(Errc::invalid, "a topic is 1 to 128 letters, digits, hyphens, dots and slashes");
  if (tx.run("insert into feed_topic (tenant, topic, last_seq, created_at) "
             "values ($1, $2, 0, $3) on conflict do nothing",
             {topic.tenant, topic.name, std::int64_t{now.time_since_epoch().count()}}) == 0)
    throw Error(Errc::conflict, "this topic exists already");
}

Appended append(Tx& tx, const Topic& topic, std::string_view id, std::string_view type, Instant now,
                const PayloadAt& payload, std::optional<std::int64_t> last) {
  if (!word(id, kEventIdMax))
    throw Error(Errc::invalid, "an event's id is 1 to 80 letters, digits, hyphens and dots");
  if (!word(type, kTypeMax))
    throw Error(Errc::invalid, "an event's type is 1 to 32 letters, digits, hyphens and dots");
  if (auto first = last ? std::nullopt : event_with_id(tx, topic, id))
    return {Outcome::repeated, std::move(*first)};

  Event event{.id = std::string(id), .type = std::string(type), .at = now, .payload = {}};
  tx.each(
      "update feed_topic set last_seq = last_seq + 1 where tenant = $1 and topic = $2 "
      "returning last_seq",
      {topic.tenant, topic.name}, [&](Row row) { event.seq = row.integer(0); });
  if (event.seq == 0) throw Error(Errc::not_found, "there is no such topic");
  if (last && event.seq != *last + 1)
    throw Error(Errc::conflict, "something else has happened here meanwhile");
  if (event.seq > kEventsMax)
    throw Error(Errc::too_large, "this is full (10,000 entries): start another");
  event.payload = payload(event.seq);
  if (event.payload.size() > kPayloadMax)
    throw Error(Errc::too_large, "an entry has 512 KB at most");
  tx.run(
      "insert into feed_event (tenant, topic, seq, id, type, at, payload) "
      "values ($1, $2, $3, $4, $5, $6, $7)",
      {topic.tenant, topic.name, event.seq, id, type, std::int64_t{now.time_since_epoch().count()},
       db::Blob(event.payload)});
  return {Outcome::appended, std::move(event)};
}

std::vector<Event> events_after(Tx& tx, const Topic& topic, std::int64_t seq, std::size_t limit) {
  std::vector<Event> events;
  tx.each(
      "select seq, id, type, at, payload from feed_event "
      "where tenant = $1 and topic = $2 and seq > $3 order by seq limit $4",
      {topic.tenant, topic.name, seq, static_cast<std::int64_t>(std::min(limit, kPageMax))},
      [&](Row row) { events.push_back(event_from(row)); });
  return events;
}

std::optional<Event> event_with_id(Tx& tx, const Topic& topic, std::string_view id) {
  std::optional<Event> event;
  tx.each(
      "select seq, id, type, at, payload from feed_event "
      "where tenant = $1 and topic = $2 and id = $3",
      {topic.tenant, topic.name, id}, [&](Row row) { event = event_from(row); });
  return event;
}

std::optional<Event> event_at(Tx& tx, const Topic& topic, std::int64_t seq) {
  std::optional<Event> event;
  tx.each(
      "select seq, id, type, at, payload from feed_event "
      "where tenant = $1 and topic = $2 and seq = $3",
      {topic.tenant, topic.name, seq}, [&](Row row) { event = event_from(row); });
  return event;
}

std::optional<std::int64_t> last_seq(Tx& tx, const Topic& topic) {
  std::optional<std::int64_t> last;
  tx.each("select last_seq from feed_topic where tenant = $1 and topic = $2",
          {topic.tenant, topic.name}, [&](Row row) { last = row.integer(0); });
  return last;
}

bool erase_topic(Tx& tx, const Topic& topic) {
  tx.run("delete from feed_event where tenant = $1 and topic = $2", {topic.tenant, topic.name});
  return tx.run("delete from feed_topic where tenant = $1 and topic = $2",
                {topic.tenant, topic.name}) > 0;
}

}  // namespace parvis::feed
