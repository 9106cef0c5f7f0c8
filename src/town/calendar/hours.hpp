// Opening hours as town halls have them, and whether a service is open at a given local time.
// Pure and thread-safe; times are wall-clock times of the town's zone, so daylight-saving changes
// are the business of Zone (base/time.hpp) alone.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "calendar/region.hpp"

namespace parvis::calendar {

inline constexpr std::size_t kRangesADay = 8;
inline constexpr std::size_t kWeeks = 16;
inline constexpr std::size_t kExceptions = 400;
inline constexpr std::chrono::days kLookAhead{60};  // how far the next opening is looked for

// From `from` (included) to `to` (excluded), minutes since midnight: 0 ≤ from < to ≤ 24 h. What
// goes past midnight is two ranges, one a day.
struct Range {
  Minutes from{0};
  Minutes to{0};
  // "2e et 4e samedis du mois": a condition that only a person can judge. It is shown as it is, and
  // a time that only such ranges cover is never called open.
  std::string comment;
  auto operator<=>(const Range&) const = default;
};

using Day = std::vector<Range>;  // empty = closed

struct Dates {  // both ends included
  CivilDate from, until;
  bool operator==(const Dates&) const = default;
};
struct Yearly {  // both ends included; `until` before `from` goes over the new year
  std::chrono::month_day from, until;
  bool operator==(const Yearly&) const = default;
};
using Always = std::monostate;

// The hours of an ordinary week, all year or in a season.
struct Week {
  std::string name;  // "Été", or empty
  std::variant<Always, Dates, Yearly> when;
  std::array<Day, 7> days;  // Monday first
  bool operator==(const Week&) const = default;
};

// Dates on which the ordinary week and the holidays do not count. When several exceptions hold on a
// date, the shortest does, so a duty day inside the summer closing is one more line.
struct Exception {
  Dates dates;
  Day ranges;          // empty = closed
  std::string reason;  // "pont de l’Ascension"
  bool operator==(const Exception&) const = default;
};

struct Hours {
  std::vector<Week> weeks;  // the first that holds on a date counts; none: the hours are not known
  std::vector<Exception> exceptions;
  bool closed_on_holidays = true;
  std::string comment;  // on the whole; shown, judges nothing
  bool known() const { return !weeks.empty() || !exceptions.empty(); }
  bool operator==(const Hours&) const = default;
};

// What is wrong with hours that somebody wrote, in French, with the remedy; empty when sound. A
// reader of outside data calls it; the functions below accept any value.
std::vector<std::string> faults(const Hours& hours);

enum class Open { open, closed, depends, unknown };

struct OpenState {
  enum class Cause { ordinary, lunch, holiday, exception };
  Open status = Open::unknown;
  // open: when it closes, ranges that touch counted as one; nullopt = not within kLookAhead.
  // depends: when the commented range ends or a plain one begins.
  std::optional<LocalTime> until;
  // The start of the next range without a comment, after now, within kLookAhead and not beyond a
  // date whose hours are unknown. Nothing is plainly open between `now` (or `until`) and then.
  std::optional<LocalTime> next_opening;
  // The next commented range that starts before next_opening.
  std::optional<LocalTime> possible_opening;
  Cause cause = Cause::ordinary;
  std::string reason;            // the holiday's name or the exception's reason
  bool all_day = false;          // no range at all today
  std::string comment;           // of the range that status `depends` comes from
  std::string possible_comment;  // of the range of possible_opening
  bool operator==(const OpenState&) const = default;
};

// The holidays are those of the place, `region`.
OpenState open_at(const Hours& hours, LocalTime now, Region region = Region::metropolitan);

// The ranges of one date, in order, exceptions and holidays applied; nullopt when not known.
std::optional<Day> day_of(const Hours& hours, CivilDate date, Region region = Region::metropolitan);

}  // namespace parvis::calendar
