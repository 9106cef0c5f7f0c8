#include "directory/dates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "text/normalise.hpp"

namespace parvis::directory {
namespace {

using calendar::Dates;
using calendar::Yearly;

// Two digits at most, from the front; nullopt when there is none.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const char* end = text.data() + std::min<std::size_t>(text.size(), 2);
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Splits at every `separator`; the pieces are trimmed.
std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const auto at = text.find(separator);
    pieces.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + separator.size());
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

std::optional<std::size_t> weekday(std::string_view folded) {
  static constexpr std::array<std::string_view, 7> kDays = {
      "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
  const auto found = std::ranges::find(kDays, folded);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

std::optional<std::chrono::month_day> parse_month_day(std::string_view text) {
  if (text.size() != 5) return std::nullopt;
  const auto date = parse_iso_date("2024-" + std::string(text));  // a leap year
  if (!date) return std::nullopt;
  return date->month() / date->day();
}

std::string format_month_day(std::chrono::month_day day) {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

std::optional<Minutes> parse_time(std::string_view text) {
  const auto hours = take_number(text);
  if (!hours) return std::nullopt;
  while (take(text, " ")) {
  }
  if (!take(text, "h") && !take(text, ":")) return std::nullopt;
  while (take(text, " ")) {
  }
  int minutes = 0;
  if (!text.empty()) {
    const std::size_t before = text.size();
    const auto number = take_number(text);
    if (!number || *number > 59 || before - text.size() != 2) return std::nullopt;
    minutes = *number;
    take(text, ":00");
  }
  const Minutes time = std::chrono::hours(*hours) + Minutes(minutes);
  if (!text.empty() || time > std::chrono::hours(24)) return std::nullopt;
  return time;
}

std::optional<calendar::Day> parse_ranges(std::string_view text) {
  std::string folded = text::fold(text::clean(text));  // dashes are ASCII, spaces are plain
  calendar::Day day;
  if (folded == "ferme") return day;
  replace_all(folded, " a ", "-");
  for (const std::string_view piece : split(folded, ",")) {
    const auto ends = split(piece, "-");
    if (ends.size() != 2) return std::nullopt;
    const auto from = parse_time(ends[0]), to = parse_time(ends[1]);
    if (!from || !to) return std::nullopt;
    day.push_back({*from, *to, ""});
  }
  return day;
}

std::optional<std::vector<std::size_t>> parse_weekdays(std::string_view text) {
  std::string folded = text::fold(text::clean(text));
  replace_all(folded, " et ", ",");
  std::array<bool, 7> named{};
  for (const std::string_view piece : split(folded, ",")) {
    const auto ends = split(piece, "-");
    const auto first = weekday(ends.front()), last = weekday(ends.back());
    if (ends.size() > 2 || !first || !last || *first > *last) return std::nullopt;
    for (std::size_t day = *first; day <= *last; ++day) named[day] = true;
  }
  std::vector<std::size_t> days;
  for (std::size_t day = 0; day < 7; ++day)
    if (named[day]) days.push_back(day);
  return days;
}

std::optional<Period> period_between(std::string_view from, std::string_view until) {
  if (const auto first = parse_iso_date(from), last = parse_iso_date(until); first && last)
    return Dates{*first, *last};
  if (const auto first = parse_month_day(from), last = parse_month_day(until); first && last)
    return Yearly{*first, *last};
  return std::nullopt;
}

std::string format_period(const Period& period) {
  if (const auto* dates = std::get_if<Dates>(&period))
    return format_iso_date(dates->from) + "/" + format_iso_date(dates->until);
  if (const auto* yearly = std::get_if<Yearly>(&period))
    return format_month_day(yearly->from) + "/" + format_month_day(yearly->until);
  return "";
}

std::optional<Period> parse_period(std::string_view text) {
  if (text.empty()) return Period();
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return period_between(text.substr(0, slash), text.substr(slash + 1));
}

}  // namespace parvis::directory
