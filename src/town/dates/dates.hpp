// Dates and times as people write them in French: "mardi 24 novembre à 14h30", "la semaine
// prochaine", "du 3 au 7 mai", "pendant 2 heures", "tous les mardis". Pure and thread-safe; nothing
// here reads a clock, and nothing throws.
//
// Local times are wall-clock times without a zone. A time that a daylight-saving change skips or
// repeats is given as it was written; Zone (base/time.hpp) says which instant it is.
//
// Conventions (docs/dates.md has the reasons and how other readers differ):
//   - A day without a year, a weekday, a time of day: the first that comes after now. "mardi" on a
//     Tuesday is seven days ahead. Words of the past ("depuis", "né le") turn that around.
//   - A day, a time: an instant of grain day, hour, minute or second. A week, a month, a quarter, a
//     year, a week-end, a part of a day: an interval. The end of an interval is excluded, so "du 3
//     au 7 mai" ends on 8 May at 00:00, and "de 14h à 16h" at 16:00.
//   - "12 ans", "huit jours" are durations, whether they are an age or a delay.
//   - Hours are those of a 24-hour day: "à 3 heures" is 03:00 unless the text says "de
//   l'après-midi".
//   - Streets ("rue du 11 novembre"), amounts, phone and file numbers, articles, versions are no
//     dates; neither are the planet Mars and the first name Avril.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "calendar/region.hpp"

namespace parvis::dates {

inline constexpr std::size_t kInputBytes = 16 * 1024;  // what lies beyond is not read
inline constexpr std::size_t kResults = 64;            // further expressions are not reported
inline constexpr std::size_t kStrictBytes = 200;       // of the text of one form field
inline constexpr std::int64_t kAmount = 100'000;       // "dans N jours": a greater N is no date
inline constexpr int kFirstYear = 1000, kLastYear = 2999;

enum class Kind { none, instant, interval, duration, recurring };
enum class Grain { second, minute, hour, day, week, month, quarter, year };

std::string_view name(Kind kind);
std::string_view name(Grain grain);

// A length of time. The three do not add up to one number: a month has no fixed count of days.
struct Length {
  std::int64_t months = 0, days = 0, seconds = 0;
  bool working_days = false;  // "jours ouvrés": `days` leave out week-ends and public holidays
  auto operator<=>(const Length&) const = default;
};

// Why one may doubt the reading; parse() reports its best guess all the same.
struct Doubts {
  bool approximate = false;        // "vers 15h", "quelques jours"
  bool two_digit_year = false;     // "24/11/26"
  bool year_guessed = false;       // "24 novembre"
  bool month_guessed = false;      // "le 24"
  bool wrong_weekday = false;      // "lundi 24 novembre 2026", which is a Tuesday
  bool next_or_following = false;  // "vendredi prochain", when this week has a Friday to come
  bool operator==(const Doubts&) const = default;
};

struct Found {
  std::size_t begin = 0, stop = 0;  // place in the text, bytes, `stop` excluded
  Kind kind = Kind::none;
  // instant: start only. interval: either end may be open ("avant le 15", "à partir du 8").
  // duration: neither. recurring: the first occurrence from now on; no end when it is a point.
  std::optional<LocalTime> start, end;
  Grain grain = Grain::day;
  std::optional<Length> length;  // of a duration
  std::string rule;              // of a recurrence, RFC 5545: "FREQ=WEEKLY;BYDAY=TU"
  Doubts doubts;
  bool operator==(const Found&) const = default;
};

enum class Prefer { future, past, either };

// The expressions of a text, in order, without overlap. `prefer` decides where a text leaves the
// choice; `either` chooses as `future` does. Working days leave out the holidays of `region`.
std::vector<Found> parse(std::string_view text, LocalTime now, Prefer prefer = Prefer::future,
                         calendar::Region region = calendar::Region::metropolitan);

// ISO 8601: "P1Y6M", "PT2H30M", "P8D"; "P2W" for a grain of weeks; "PT0S" for nothing.
std::string format_length(const Length& length, Grain grain);

// {"kind","start","end","grain","all":[…]}: the first result, and all of them in `all`, which also
// have "text", "begin", "stop" (bytes) and, where it applies, "duration" and "rule". Times are
// "2026-11-24T14:30:00"; what does not apply is null.
json::object to_json(const std::vector<Found>& found, std::string_view text);

// For a form field: the one civil date that the whole text says, or what is wrong with it and how
// to mend it, in French, for the citizen. Refused: what is not one day; a day that does not exist;
// a weekday that contradicts; a year on two digits or left out when two years are possible;
// "vendredi prochain" when two days are; a date on the wrong side of today. With `past` a date is
// today at the latest, with `future` today at the earliest.
std::expected<CivilDate, std::string> parse_civil_date(std::string_view text, LocalTime now,
                                                       Prefer prefer = Prefer::either);

}  // namespace parvis::dates
