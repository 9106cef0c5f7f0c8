// Days, times and periods as people write them in files of the directory. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "calendar/hours.hpp"

namespace parvis::directory {

using Period = std::variant<calendar::Always, calendar::Dates, calendar::Yearly>;

// "8h30", "8 h 30", "08:30", "8h", "09:00:00", "24h": minutes since midnight, at most 24 h.
std::optional<Minutes> parse_time(std::string_view text);

// "8h30-12h, 13h30-17h30", "8 h 30 à 12 h", "fermé" (none).
std::optional<calendar::Day> parse_ranges(std::string_view text);

// "lundi", "lundi-vendredi", "lundi, mardi et jeudi", any case: weekdays from 0 = Monday, in order.
std::optional<std::vector<std::size_t>> parse_weekdays(std::string_view text);

// From two ISO dates, or from two "MM-DD" of every year.
std::optional<Period> period_between(std::string_view from, std::string_view until);

// "" (always), "2026-01-01/2026-12-31", "04-01/09-30"; parse_period(format_period(p)) == p.
std::string format_period(const Period& period);
std::optional<Period> parse_period(std::string_view text);

}  // namespace parvis::directory
