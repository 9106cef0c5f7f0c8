#include <fmt/format.h>

#include "dates/dates.hpp"

namespace parvis::dates {
namespace {

std::string format_time(LocalTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}T{:02}:{:02}:{:02}", format_iso_date(CivilDate(day)), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

json::value time_value(const std::optional<LocalTime>& time) {
  return time ? json::value(format_time(*time)) : json::value(nullptr);
}

json::object one(const Found& found) {
  return {
      {"kind", name(found.kind)},
      {"start", time_value(found.start)},
      {"end", time_value(found.end)},
      {"grain", found.kind == Kind::none ? json::value(nullptr) : json::value(name(found.grain))}};
}

}  // namespace

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::none:
      return "none";
    case Kind::instant:
      return "instant";
    case Kind::interval:
      return "interval";
    case Kind::duration:
      return "duration";
    case Kind::recurring:
      return "recurring";
  }
  return "none";
}

std::string_view name(Grain grain) {
  switch (grain) {
    case Grain::second:
      return "second";
    case Grain::minute:
      return "minute";
    case Grain::hour:
      return "hour";
    case Grain::day:
      return "day";
    case Grain::week:
      return "week";
    case Grain::month:
      return "month";
    case Grain::quarter:
      return "quarter";
    case Grain::year:
      return "year";
  }
  return "day";
}

std::string format_length(const Length& length, Grain grain) {
  std::string date, time;
  const auto add = [](std::string& to, std::int64_t count, char unit) {
    if (count != 0) to += fmt::format("{}{}", count, unit);
  };
  if (grain == Grain::week && length.months == 0 && length.seconds == 0 && length.days % 7 == 0) {
    add(date, length.days / 7, 'W');
  } else {
    add(date, length.months / 12, 'Y');
    add(date, length.months % 12, 'M');
    add(date, length.days, 'D');
  }
  add(time, length.seconds / 3600, 'H');
  add(time, length.seconds / 60 % 60, 'M');
  add(time, length.seconds % 60, 'S');
  if (date.empty() && time.empty()) return "PT0S";
  return "P" + date + (time.empty() ? "" : "T" + time);
}

json::object to_json(const std::vector<Found>& found, std::string_view text) {
  json::array all;
  for (const Found& each : found) {
    json::object object = one(each);
    object["text"] = text.substr(each.begin, each.stop - each.begin);
    object["begin"] = each.begin;
    object["stop"] = each.stop;
    if (each.length) object["duration"] = format_length(*each.length, each.grain);
    if (!each.rule.empty()) object["rule"] = each.rule;
    all.push_back(std::move(object));
  }
  json::object object = one(found.empty() ? Found{} : found.front());
  object["all"] = std::move(all);
  return object;
}

}  // namespace parvis::dates
