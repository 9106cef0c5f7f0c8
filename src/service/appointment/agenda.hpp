// An agenda: what one may come for, how long it takes, at which counters and when. Pure values, as
// an editor writes them (agenda_yaml.hpp).
//
//   agenda   "Cartes d’identité et passeports", held by one service
//   reason   what one comes for: "Demander une carte d’identité", 20 minutes
//   counter  who or what receives: a window, an agent, a room. It has seats: how many meetings it
//            holds at the same time
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "calendar/hours.hpp"

namespace parvis::appointment {

inline constexpr Minutes kCell{5};             // every meeting and buffer is made of whole ones
inline constexpr Minutes kMeetingMax{8 * 60};  // of all people of a booking together
inline constexpr int kPeopleMax = 8;
inline constexpr int kSeatsMax = 20;
inline constexpr std::size_t kCountersMax = 60;
inline constexpr std::size_t kReasonsMax = 60;
inline constexpr std::size_t kAsksMax = 10;  // of a reason
inline constexpr Minutes kBufferMax{240};
inline constexpr Minutes kTakesMax = kMeetingMax + kBufferMax;
inline constexpr std::chrono::days kHorizonMax{400};
inline constexpr std::size_t kVideoMax = 300;  // bytes of an address

enum class Way : std::uint8_t { in_person, phone, video };
std::string_view name(Way way);   // as stored and written
std::string_view words(Way way);  // "sur place"
std::optional<Way> way_named(std::string_view name);

// What is asked besides who comes: "Numéro de pré-demande ANTS".
struct Asked {
  std::string id, label, hint;
  bool required = false;
  bool operator==(const Asked&) const = default;
};

// Who may book, as a question that whoever books answers with yes or no. otherwise: where those go
// who answer no.
struct Admission {
  std::string ask, otherwise;
  bool operator==(const Admission&) const = default;
};

struct Reason {
  std::string id, label;
  Minutes duration{20};  // of one person
  Minutes buffer{0};     // after the meeting, for whoever receives
  Minutes every{0};      // from one slot to the next; 0: duration and buffer
  int people = 1;        // who may come together, one after the other: at most so many
  std::vector<Way> ways{Way::in_person};
  std::vector<std::string> bring = {};   // one document a line
  std::vector<std::string> topics = {};  // what citizens call it
  std::vector<std::string> sheets = {};  // official sheets about it
  std::vector<Asked> asks = {};
  std::string who = {}, note = {};         // who may book; what to know
  std::optional<Admission> may = {};       // asked of who books
  std::string video = {};                  // https address of the room, of those by video
  std::vector<std::string> communes = {};  // whose inhabitants may book; empty: those of the agenda
  std::chrono::minutes notice{60};         // no slot sooner than that
  std::chrono::days horizon{60};           // none later
  bool offered = true;                     // false: only agents book it

  bool operator==(const Reason&) const = default;
};

struct Counter {
  std::string id, name;
  std::string service = {};                   // where it is; empty: the agenda's
  std::string video = {};                     // its own room, instead of the reason's
  std::optional<calendar::Hours> hours = {};  // none: those of the service
  int seats = 1;
  // Which reasons it takes, and how many of one at the same time; empty: all, on every seat.
  std::map<std::string, int> reasons = {};

  int seats_for(std::string_view reason) const;
  bool operator==(const Counter&) const = default;
};

struct Agenda {
  std::string id, title, service;
  std::vector<std::string> communes;  // whose inhabitants may book; empty: the whole tenant
  std::vector<Counter> counters;
  std::vector<Reason> reasons;
  std::chrono::days retention{90};  // bookings are erased so long after the meeting
  std::string yaml;                 // as it was written

  const Reason* reason(std::string_view which) const;
  const Counter* counter(std::string_view which) const;
  // Where one is received by video; empty: the service sends the address.
  const std::string& video_of(const Reason& reason, std::string_view counter) const;
  const std::string& service_of(const Counter& counter) const {
    return counter.service.empty() ? service : counter.service;
  }
  // Whether a citizen of that commune may book it (empty: not said).
  bool serves(const Reason& reason, std::string_view commune) const;
};

// The whole meeting, of so many people.
Minutes length(const Reason& reason, int people);

}  // namespace parvis::appointment
