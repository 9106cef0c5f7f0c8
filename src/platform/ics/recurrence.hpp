// Which local times a recurrence rule gives (RFC 5545, 3.3.10). Pure.
//
// libical reads the rule; the dates are found here. Its own iterator has no bound: for a rule that
// never holds ("each second of 30 February") one step of it takes hours. Here every date looked at
// is counted, and a rule without COUNT begins at the window rather than at its first occurrence.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace parvis::ics {

enum class Frequency : std::uint8_t { secondly, minutely, hourly, daily, weekly, monthly, yearly };

struct Rule {
  struct Day {
    std::chrono::weekday day;
    int nth = 0;  // of the month or year; negative: from its end; 0: each
  };
  Frequency frequency = Frequency::daily;
  int interval = 1;
  std::optional<int> count = std::nullopt;
  struct Until {
    LocalTime at;  // the last one that may be; of a date: its last second
    bool utc = false;
  };
  std::optional<Until> until = std::nullopt;
  std::chrono::weekday week_start = std::chrono::Monday;
  std::vector<int> seconds = {}, minutes = {}, hours = {};  // all of them sorted
  std::vector<Day> days = {};
  std::vector<int> month_days = {}, year_days = {}, weeks = {}, months = {}, positions = {};
};

// The value of an RRULE. An error says in French what is not understood.
std::expected<Rule, std::string> parse_rule(const std::string& value);

enum class Moments : std::uint8_t { dates, times };  // dates: of all-day events

// The starts in [from, until), ascending, for an event that first starts at `first`, which is among
// them only when the rule gives it. rule.until is a local time here. `work` is what may still be
// looked at; false: it ran out, `out` is not whole.
bool expand(const Rule& rule, LocalTime first, Moments moments, LocalTime from, LocalTime until,
            std::size_t& work, std::vector<LocalTime>& out);

}  // namespace parvis::ics
