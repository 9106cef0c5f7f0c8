// For the tests of this room: what a text says, as one line each that a reader can check.
//   instant     "2026-11-24", "2026-11-24T14" (hour), "2026-11-24T14:30", "…:05"
//   interval    "day 2026-11-24..2026-11-28", an open end is nothing: "day ..2026-11-28"
//   duration    "P3M"
//   recurring   "FREQ=WEEKLY;BYDAY=TU from 2026-11-24"
// Several are separated by " | ", none is "".
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>

#include "dates/dates.hpp"

namespace parvis::dates {

inline LocalTime at(std::string_view date, int hour = 0, int minute = 0) {
  return std::chrono::local_days(*parse_iso_date(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

inline std::string written(const std::optional<LocalTime>& time, bool clock) {
  if (!time) return "";
  const auto day = std::chrono::floor<std::chrono::days>(*time);
  std::string text = format_iso_date(CivilDate(day));
  const std::chrono::hh_mm_ss rest(*time - day);
  if (!clock && *time == day) return text;
  text += fmt::format("T{:02}:{:02}", rest.hours().count(), rest.minutes().count());
  return rest.seconds().count() == 0 ? text : text + fmt::format(":{:02}", rest.seconds().count());
}

inline std::string written(const Found& found) {
  switch (found.kind) {
    case Kind::none:
      return "none";
    case Kind::instant:
      return written(found.start, found.grain < Grain::day);
    case Kind::interval:
      return fmt::format("{} {}..{}", name(found.grain), written(found.start, false),
                         written(found.end, false));
    case Kind::duration:
      return format_length(*found.length, found.grain);
    case Kind::recurring:
      return fmt::format("{} from {}", found.rule, written(found.start, false));
  }
  return "";
}

// Tuesday 24 November 2026, 10:00, unless another time is given.
inline std::string says(std::string_view text, LocalTime now = at("2026-11-24", 10),
                        Prefer prefer = Prefer::future) {
  std::string all;
  for (const Found& found : parse(text, now, prefer))
    all += (all.empty() ? "" : " | ") + written(found);
  return all;
}

struct Row {
  std::string_view text, meaning;
};

}  // namespace parvis::dates
