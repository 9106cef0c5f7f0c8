// Appointments as calendar programs read them (RFC 5545): a file to add, a feed to subscribe to,
// the part of a mail, an entry of a calendar on a server. Pure: the same events give the same
// bytes.
//
// Times bear the zone's name, and the zone comes with them (VTIMEZONE): an appointment is kept in a
// place, and its hour there holds even where a law moves the clocks in between; a mail shows the
// hour of the place, not that of wherever it is opened. Programs that know the IANA name use their
// own table, the others (Outlook) the one given. The hour that October has twice cannot be said so:
// its second pass is written in UTC.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/sensitive.hpp"
#include "base/time.hpp"

namespace parvis::ics {

inline constexpr std::size_t kEventsMax = 5'000;       // of one text, written or read
inline constexpr std::size_t kUidMax = 200;            // bytes
inline constexpr std::size_t kSummaryMax = 300;        // bytes
inline constexpr std::size_t kDescriptionMax = 8'000;  // bytes
inline constexpr std::size_t kPlaceMax = 500;          // bytes
inline constexpr std::size_t kUrlMax = 1'000;          // bytes
inline constexpr std::size_t kNameMax = 200;           // bytes, of a person or a calendar
inline constexpr std::size_t kAlarmsMax = 5;
inline constexpr std::chrono::minutes kAlarmMax{31 * 24 * 60};

enum class Status : std::uint8_t { confirmed, tentative, cancelled };

struct Person {
  Personal<std::string> name{""};
  Personal<std::string> mail;  // "jeanne@exemple.fr"
};

struct Event {
  // Of this appointment for ever, however often it moves: what bears the same uid replaces the one
  // before it. Letters, digits and "@._-".
  std::string uid;
  int sequence = 0;  // one more at each change; a program ignores what is older than what it has
  Instant start;
  Instant end;  // after start
  Zone zone = Zone::paris();
  Personal<std::string> summary;
  Personal<std::string> description{""};  // plain text; its lines end with \n
  std::string location = {};
  Personal<std::string> url{""};  // http(s); it may hold a token
  Status status = Status::confirmed;
  std::optional<Person> organizer = std::nullopt;
  std::optional<Person> attendee = std::nullopt;
  std::vector<std::chrono::minutes> alarms = {};  // before the start
  Instant created;
  Instant modified;
};

enum class Method : std::uint8_t {
  none,     // a file, an entry of a calendar on a server (where RFC 4791 forbids a method)
  publish,  // a feed
  request,  // the part of a mail that adds or moves; needs organizer and attendee
  cancel,   // the part of a mail that takes away: all its events are cancelled
};

struct Head {
  Method method = Method::none;
  std::string name = {};            // of a feed, as its reader sees it
  std::chrono::minutes refresh{0};  // how often its reader had better look again; 0: not said
};

// UTF-8, CRLF, lines of 75 bytes at most. A problem says which limit, character or combination is
// wrong, never what was in it.
std::expected<Personal<std::string>, Problem> write(const std::vector<Event>& events,
                                                    const Head& head = {});

}  // namespace parvis::ics
