// From what was said to times: the calendar's arithmetic.
#include <algorithm>

#include "calendar/holidays.hpp"
#include "calendar/working_days.hpp"
#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using Way = DayRef::Way;

int year_of(CivilDate date) { return static_cast<int>(date.year()); }

bool in_range(CivilDate date) { return year_of(date) >= kFirstYear && year_of(date) <= kLastYear; }

// The first of `candidates` in the preferred direction from `base`; they are made year by year.
template <typename Make>
std::optional<CivilDate> nearest_year(CivilDate base, bool past, bool strictly, const Make& make) {
  for (int step = 0; step <= 8; ++step) {
    const auto date = make(year_of(base) + (past ? -step : step));
    if (!date) continue;
    if (past ? (strictly ? *date < base : *date <= base)
             : (strictly ? *date > base : *date >= base))
      return date;
  }
  return std::nullopt;
}

std::optional<CivilDate> day_of_month(CivilDate base, const DayRef& ref, bool past) {
  auto month = base.year() / base.month();
  for (int step = 0; step < kMatchingMonths; ++step) {
    const CivilDate date = month / std::chrono::day(*ref.day);
    const bool side = past ? date <= base : date >= base;
    if (date.ok() && side && (!ref.weekday || weekday_of(date) == *ref.weekday)) return date;
    month += std::chrono::months(past ? -1 : 1);
  }
  return std::nullopt;
}

// "vendredi", "vendredi dernier", "vendredi en huit".
CivilDate by_weekday(const Reader& r, const DayRef& ref, CivilDate base, bool from_given,
                     Doubts& doubts) {
  const int ahead = (static_cast<int>(*ref.weekday) + 7 - static_cast<int>(weekday_of(base))) % 7;
  const bool past = ref.way == Way::last || (ref.way == Way::none && r.prefer == Prefer::past);
  if (past) return plus(base, days(ahead == 0 ? -7 : ahead - 7));
  if (ref.way == Way::next && !from_given)
    doubts.next_or_following = *ref.weekday > weekday_of(base);
  const bool today_counts = from_given || ref.weeks > 0 || ref.way == Way::present;
  return plus(base, days((ahead == 0 && !today_counts ? 7 : ahead) + 7 * ref.weeks));
}

std::optional<CivilDate> by_month_and_day(const DayRef& ref, CivilDate base, bool past,
                                          Doubts& doubts) {
  const auto make = [&](int year) { return date_of(year, *ref.month, *ref.day); };
  const auto date = nearest_year(base, past, ref.way != Way::none && ref.way != Way::present, make);
  doubts.year_guessed = true;
  if (!date || !ref.weekday || weekday_of(*date) == *ref.weekday) return date;
  // "mardi 3 mars": a neighbouring year may fit better.
  for (const int other : {year_of(*date) + (past ? 1 : -1), year_of(*date) + (past ? -1 : 1)})
    if (const auto fit = make(other); fit && weekday_of(*fit) == *ref.weekday) return fit;
  doubts.wrong_weekday = true;
  return date;
}

std::optional<CivilDate> one_day(const Reader& r, const DayRef& ref, std::optional<CivilDate> from,
                                 Doubts& doubts) {
  const CivilDate base = from.value_or(r.today());
  const bool past =
      !from && (ref.way == Way::last || (ref.way == Way::none && r.prefer == Prefer::past));
  if (ref.fixed) return plus(*ref.fixed, days(7 * ref.weeks));
  if (ref.feast) {
    if (ref.year) return feast_in(*ref.year, *ref.feast);
    doubts.year_guessed = true;
    return nearest_year(
        base, past, ref.way != Way::none,
        [&](int year) -> std::optional<CivilDate> { return feast_in(year, *ref.feast); });
  }
  if (ref.day && ref.month && ref.year) {
    const auto date = date_of(*ref.year, *ref.month, *ref.day);
    doubts.wrong_weekday = date && ref.weekday && weekday_of(*date) != *ref.weekday;
    return date;
  }
  if (ref.day && ref.month) return by_month_and_day(ref, base, past, doubts);
  if (ref.day) {
    doubts.month_guessed = true;
    return day_of_month(base, ref, past);
  }
  if (ref.weekday) return by_weekday(r, ref, base, from.has_value(), doubts);
  return std::nullopt;
}

}  // namespace

Found instant(LocalTime when, Grain grain) {
  Found found;
  found.kind = Kind::instant;
  found.start = when;
  found.grain = grain;
  return found;
}

Found interval(std::optional<LocalTime> start, std::optional<LocalTime> end, Grain grain) {
  Found found;
  found.kind = Kind::interval;
  found.start = start;
  found.end = end;
  found.grain = grain;
  return found;
}

LocalTime midnight(CivilDate date) { return local_days(date); }
CivilDate plus(CivilDate date, days count) { return CivilDate(local_days(date) + count); }

std::optional<CivilDate> date_of(int year, unsigned month, unsigned day) {
  const CivilDate date = std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day);
  if (!date.ok() || !in_range(date)) return std::nullopt;
  return date;
}

unsigned weekday_of(CivilDate date) {
  return std::chrono::weekday(local_days(date)).iso_encoding() - 1;
}

CivilDate monday_of(CivilDate date) { return plus(date, -days(weekday_of(date))); }

CivilDate feast_in(int year, const Feast& feast) {
  const std::chrono::year in(year);
  for (const calendar::Holiday& holiday : calendar::holidays(in))
    if (holiday.name == feast.holiday) return holiday.date;
  if (feast.month != 0)
    return CivilDate(in, std::chrono::month(feast.month), std::chrono::day(feast.day));
  return plus(calendar::easter_sunday(in), days(feast.from_easter));
}

std::optional<LocalTime> moved(const Reader& r, LocalTime from, const Length& length, int sign) {
  const auto beyond = [](std::int64_t count, std::int64_t most) { return count > most; };
  if (beyond(length.months, 12'000) || beyond(length.days, kAmount) ||
      beyond(length.seconds, kAmount * 3600))
    return std::nullopt;
  const auto day = std::chrono::floor<days>(from);
  CivilDate date(day);
  date += std::chrono::months(sign * length.months);
  if (!date.ok()) date = CivilDate(date.year() / date.month() / std::chrono::last);
  if (length.working_days) {
    if (beyond(length.days, 366)) return std::nullopt;
    for (std::int64_t left = length.days; left > 0;) {
      date = plus(date, days(sign));
      if (calendar::is_working_day(date, r.region)) --left;
    }
  } else {
    date = plus(date, days(sign * length.days));
  }
  if (!in_range(date)) return std::nullopt;
  const LocalTime there =
      midnight(date) + (from - day) + std::chrono::seconds(sign * length.seconds);
  if (!in_range(civil_date(there))) return std::nullopt;
  return there;
}

std::optional<Found> resolve(const Reader& r, const DayRef& ref, std::optional<CivilDate> from) {
  Doubts doubts = ref.doubts;
  if (ref.is_day()) {
    const auto date = one_day(r, ref, from, doubts);
    if (!date) return std::nullopt;
    const CivilDate shifted = plus(*date, days(ref.shift));
    if (!in_range(shifted)) return std::nullopt;
    Found found = instant(midnight(shifted), Grain::day);
    found.doubts = doubts;
    return found;
  }
  if (!ref.month && !ref.year) return std::nullopt;
  const CivilDate base = from.value_or(r.today());
  int year = ref.year.value_or(year_of(base));
  if (!ref.month)
    return interval(midnight(*date_of(year, 1, 1)),
                    midnight(CivilDate(std::chrono::year(year + 1) / 1 / 1)), Grain::year);
  if (!ref.year) {
    doubts.year_guessed = true;
    const auto here = static_cast<unsigned>(base.month());
    const bool past =
        !from && (ref.way == Way::last || (ref.way == Way::none && r.prefer == Prefer::past));
    if (past && (ref.way == Way::last ? *ref.month >= here : *ref.month > here)) --year;
    if (!past && ref.way != Way::present &&
        (ref.way == Way::next ? *ref.month <= here : *ref.month < here))
      ++year;
  }
  const auto first = date_of(year, *ref.month, 1);
  if (!first) return std::nullopt;
  Found found = interval(midnight(*first), midnight(*first + std::chrono::months(1)), Grain::month);
  found.doubts = doubts;
  return found;
}

LocalTime end_of(const Found& found) {
  if (found.end) return *found.end;
  const LocalTime start = found.start.value_or(LocalTime());
  if (found.kind != Kind::instant) return start;
  return found.grain == Grain::day ? start + days(1) : start;
}

}  // namespace parvis::dates
