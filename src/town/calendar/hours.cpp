// A date has one plan: its ranges and why they are so. Everything else walks plans forward, day by
// day, never further than kLookAhead.
#include "calendar/hours.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/holidays.hpp"

namespace parvis::calendar {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using Cause = OpenState::Cause;

constexpr Minutes kMidnight = days(1);
// A gap of the day within these bounds is the lunch break.
constexpr Minutes kLunchFrom = std::chrono::hours(11);
constexpr Minutes kLunchTo = std::chrono::hours(15);

struct Plan {
  bool known = false;
  Day ranges;
  Cause cause = Cause::ordinary;
  std::string reason;
};

bool holds(const Dates& dates, CivilDate date) { return dates.from <= date && date <= dates.until; }

bool holds(const Week& week, CivilDate date) {
  if (const auto* dates = std::get_if<Dates>(&week.when)) return holds(*dates, date);
  if (const auto* yearly = std::get_if<Yearly>(&week.when)) {
    const auto day = date.month() / date.day();
    if (yearly->from <= yearly->until) return yearly->from <= day && day <= yearly->until;
    return day >= yearly->from || day <= yearly->until;
  }
  return true;
}

days length(const Dates& dates) { return local_days(dates.until) - local_days(dates.from); }

const Exception* exception_on(const Hours& hours, CivilDate date) {
  const Exception* found = nullptr;
  for (const Exception& each : hours.exceptions)
    if (holds(each.dates, date) && (!found || length(each.dates) < length(found->dates)))
      found = &each;
  return found;
}

Plan plan(const Hours& hours, CivilDate date, Region region) {
  Plan plan;
  const auto week =
      std::ranges::find_if(hours.weeks, [&](const Week& each) { return holds(each, date); });
  if (const Exception* exception = exception_on(hours, date)) {
    plan = {true, exception->ranges, Cause::exception, exception->reason};
  } else if (week != hours.weeks.end()) {
    const auto holiday = hours.closed_on_holidays ? holiday_name(date, region) : std::nullopt;
    if (holiday) return {true, {}, Cause::holiday, std::string(*holiday)};
    const std::chrono::weekday weekday{local_days(date)};
    plan = {true, week->days[weekday.iso_encoding() - 1], Cause::ordinary, ""};
  }
  std::ranges::sort(plan.ranges);
  return plan;
}

// When the plain opening that covers `from` ends; ranges that touch or overlap continue it, over
// midnight too. nullopt when it lasts beyond the look-ahead.
std::optional<LocalTime> end_of_opening(const Hours& hours, LocalTime from, Region region) {
  LocalTime end = from;
  while (end < from + kLookAhead) {
    const auto midnight = std::chrono::floor<days>(end);
    LocalTime further = end;
    for (const Range& range : plan(hours, CivilDate(midnight), region).ranges)
      if (range.comment.empty() && midnight + range.from <= further)
        further = std::max<LocalTime>(further, midnight + range.to);
    if (further == end) return end;
    end = further;
  }
  return std::nullopt;
}

// Fills next_opening and possible_opening. `after` is now, or the end of the current opening, at
// which a commented range may well begin.
void look_ahead(const Hours& hours, LocalTime after, Region region, OpenState& state) {
  const auto today = std::chrono::floor<days>(after);
  for (auto day = today; day <= today + kLookAhead; day += days(1)) {
    const Plan plan = calendar::plan(hours, CivilDate(day), region);
    if (!plan.known) return;
    for (const Range& range : plan.ranges) {
      const LocalTime start = day + range.from;
      if (start < after || range.from >= range.to) continue;
      if (range.comment.empty() && start > after) {
        state.next_opening = start;
        return;
      }
      const bool running = start == after && state.status != Open::open;
      if (!range.comment.empty() && !running && !state.possible_opening) {
        state.possible_opening = start;
        state.possible_comment = range.comment;
      }
    }
  }
}

bool lunch(const Day& ranges, Minutes now) {
  Minutes before{-1}, after = kMidnight + Minutes(1);
  for (const Range& range : ranges) {
    if (!range.comment.empty()) continue;
    if (range.to <= now) before = std::max(before, range.to);
    if (range.from > now) after = std::min(after, range.from);
  }
  return before >= kLunchFrom && after <= kLunchTo;
}

void check_ranges(const Day& ranges, std::string_view where, std::vector<std::string>& found) {
  if (ranges.size() > kRangesADay)
    found.push_back(fmt::format("{}\u00a0: plus de {} plages le même jour. Regroupez-les.", where,
                                kRangesADay));
  Day sorted = ranges;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].from < Minutes(0) || sorted[i].to > kMidnight || sorted[i].from >= sorted[i].to)
      found.push_back(
          fmt::format("{}\u00a0: une plage finit avant de commencer, ou après minuit. "
                      "Écrivez deux plages, une par jour.",
                      where));
    else if (i > 0 && sorted[i].from < sorted[i - 1].to)
      found.push_back(
          fmt::format("{}\u00a0: deux plages se chevauchent. Corrigez leurs heures.", where));
  }
}

}  // namespace

std::vector<std::string> faults(const Hours& hours) {
  static constexpr std::array<std::string_view, 7> kDays = {
      "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
  std::vector<std::string> found;
  if (hours.weeks.size() > kWeeks)
    found.push_back(fmt::format("plus de {} saisons. Retirez les anciennes.", kWeeks));
  if (hours.exceptions.size() > kExceptions)
    found.push_back(fmt::format("plus de {} exceptions. Retirez les anciennes.", kExceptions));
  for (const Week& week : hours.weeks) {
    const auto* dates = std::get_if<Dates>(&week.when);
    if (dates && dates->until < dates->from)
      found.push_back("une saison finit avant de commencer. Inversez ses dates.");
    for (std::size_t day = 0; day < 7; ++day) check_ranges(week.days[day], kDays[day], found);
  }
  for (const Exception& each : hours.exceptions) {
    if (!each.dates.from.ok() || !each.dates.until.ok()) {
      found.push_back("une exception a une date qui n’existe pas. Corrigez-la.");
      continue;
    }
    const std::string where = format_french_date(each.dates.from);
    if (each.dates.until < each.dates.from)
      found.push_back(where + "\u00a0: l’exception finit avant de commencer. Inversez ses dates.");
    check_ranges(each.ranges, where, found);
  }
  return found;
}

std::optional<Day> day_of(const Hours& hours, CivilDate date, Region region) {
  Plan plan = calendar::plan(hours, date, region);
  if (!plan.known) return std::nullopt;
  return std::move(plan.ranges);
}

OpenState open_at(const Hours& hours, LocalTime now, Region region) {
  OpenState state;
  const auto today = std::chrono::floor<days>(now);
  Plan plan = calendar::plan(hours, CivilDate(today), region);
  if (!plan.known) return state;
  state.cause = plan.cause;
  state.reason = std::move(plan.reason);
  state.all_day = plan.ranges.empty();
  state.status = Open::closed;
  for (const Range& range : plan.ranges) {
    if (now < today + range.from || now >= today + range.to) continue;
    if (range.comment.empty()) {
      state.status = Open::open;
      state.comment.clear();
      break;
    }
    if (state.status == Open::depends) continue;
    state.status = Open::depends;
    state.comment = range.comment;
    state.until = today + range.to;
  }
  if (state.status == Open::open) {
    state.until = end_of_opening(hours, now, region);
    if (state.until) look_ahead(hours, *state.until, region, state);
    return state;
  }
  look_ahead(hours, now, region, state);
  if (state.status == Open::depends && state.next_opening && *state.next_opening < *state.until)
    state.until = state.next_opening;
  if (state.status == Open::closed && state.cause == Cause::ordinary &&
      lunch(plan.ranges, time_of_day(now)))
    state.cause = Cause::lunch;
  return state;
}

}  // namespace parvis::calendar
