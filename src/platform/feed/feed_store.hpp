// The feed: an append-only log of events by topic. Readers follow it by number: a reader that has
// seen seq n asks for what comes after n, whether it resumes, reconnects or follows live, on any
// node, and never misses one: seq counts 1, 2, 3… without a gap, in the order of commits.
//
// What a payload means, and that it is sealed, is the business of the room whose topic it is. The
// feed knows neither towns nor people.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::feed {

inline constexpr std::size_t kTopicMax = 128;           // bytes of a topic's name
inline constexpr std::size_t kEventIdMax = 80;          // bytes of an event's id
inline constexpr std::size_t kTypeMax = 32;             // bytes of an event's type
inline constexpr std::size_t kPayloadMax = 512 * 1024;  // bytes, sealed
inline constexpr std::int64_t kEventsMax = 10'000;      // of a topic
inline constexpr std::size_t kPageMax = 100;            // events read at once

struct Topic {
  std::string tenant;
  std::string name;  // letters, digits and -_./ : "conversation/2f…"
  bool operator==(const Topic&) const = default;
};

struct Event {
  std::int64_t seq = 0;
  std::string id;    // made by the sender, one of its topic; letters, digits and -_.
  std::string type;  // as an id
  Instant at;
  std::string payload;
  bool operator==(const Event&) const = default;
};

enum class Outcome : std::uint8_t { appended, repeated };

struct Appended {
  Outcome outcome;
  Event event;  // as it stands in the feed: when repeated, the first one
};

// Makes the payload of the event that gets this seq, so that its seal can be bound to its place.
// Pure: it may be called for a seq that is then rolled back.
using PayloadAt = std::function<std::string(std::int64_t seq)>;

// Errc::conflict when the topic is there already.
void open_topic(db::Tx& tx, const Topic& topic, Instant now);

// The next event of a topic. An id that the topic has already appends nothing and gives back the
// event that has it, whatever the rest says: comparing is the caller's. Errc::not_found when the
// topic is not there, Errc::invalid for an id or type that is not well formed, Errc::too_large past
// kPayloadMax, and past kEventsMax.
// last: the number of the newest event, for who knows it and knows that the id is new: then nothing
// is read, and it is Errc::conflict when it is another.
Appended append(db::Tx& tx, const Topic& topic, std::string_view id, std::string_view type,
                Instant now, const PayloadAt& payload,
                std::optional<std::int64_t> last = std::nullopt);

// In order of seq, at most `limit` of them and kPageMax; none when the topic is not there.
std::vector<Event> events_after(db::Tx& tx, const Topic& topic, std::int64_t seq,
                                std::size_t limit = kPageMax);
std::optional<Event> event_with_id(db::Tx& tx, const Topic& topic, std::string_view id);
std::optional<Event> event_at(db::Tx& tx, const Topic& topic, std::int64_t seq);

// That of the newest event, 0 before the first; nullopt when the topic is not there.
std::optional<std::int64_t> last_seq(db::Tx& tx, const Topic& topic);

// The topic and all its events; false when it was not there.
bool erase_topic(db::Tx& tx, const Topic& topic);

}  // namespace parvis::feed
