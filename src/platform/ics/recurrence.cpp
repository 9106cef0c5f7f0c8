// A rule that is daily or slower goes period by period (day, week, month, year): the days of the
// period that every BY… part allows, times the hours of the day, of which BYSETPOS picks some. What
// a rule leaves out is taken from the first occurrence. A faster rule goes from step to step.
#include "ics/recurrence.hpp"

#include <algorithm>
#include <span>

#include "ics/libical.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono;

constexpr int kLastYear = 2300;  // past any window

std::vector<int> values(std::span<const short> raw) {
  std::vector<int> out;
  for (const short value : raw) {
    if (value == ICAL_RECURRENCE_ARRAY_MAX) break;
    out.push_back(value);
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

weekday weekday_of(icalrecurrencetype_weekday day) {  // 1 is Sunday
  return weekday(static_cast<unsigned>(day) - 1);
}

bool within(const std::vector<int>& all, int low, int high) {  // 0 never is
  return std::ranges::all_of(all, [&](int n) { return n != 0 && n >= low && n <= high; });
}

bool has(const std::vector<int>& all, int n) { return std::ranges::binary_search(all, n); }

int number(day d) { return static_cast<int>(static_cast<unsigned>(d)); }
int number(month m) { return static_cast<int>(static_cast<unsigned>(m)); }
int days_in(year_month ym) { return number((ym / last).day()); }
int days_in(year y) { return y.is_leap() ? 366 : 365; }

// A day and what rules ask of it.
struct Date {
  local_days days;
  year_month_day ymd;
  weekday week_day;
  int year_day;  // 1 to 366
  explicit Date(local_days d)
      : days(d),
        ymd(d),
        week_day(d),
        year_day(static_cast<int>((d - local_days(ymd.year() / January / 1)).count()) + 1) {}
};

// The week of the year that a day is in, when weeks begin on `start` and belong to the year that
// has most of their days; and how many weeks that year has.
struct Week {
  int number;
  int in_year;
};
Week week_of(local_days day, weekday start) {
  const auto middle = [&](local_days d) { return d - (weekday(d) - start) + days(3); };
  const local_days mine = middle(day);
  const Date at(mine);
  local_days end = middle(local_days(at.ymd.year() / December / 31));
  if (year_month_day(end).year() != at.ymd.year()) end -= days(7);
  return {(at.year_day - 1) / 7 + 1, (Date(end).year_day - 1) / 7 + 1};
}

bool has_from_either_end(const std::vector<int>& all, int n, int size) {
  return has(all, n) || has(all, n - size - 1);
}

// The parts of a rule that choose days, with what the first occurrence adds to them.
class Days {
 public:
  Days(const Rule& rule, const Date& first) : rule_(rule) {
    months_ = rule.months;
    month_days_ = rule.month_days;
    days_ = rule.days;
    const Frequency f = rule.frequency;
    if (!rule.month_days.empty() || !rule.year_days.empty() || !rule.days.empty()) return;
    if (f == Frequency::weekly || (f == Frequency::yearly && !rule.weeks.empty())) {
      days_.push_back({first.week_day, 0});
    } else if (f == Frequency::monthly || f == Frequency::yearly) {
      month_days_.push_back(number(first.ymd.day()));
      if (f == Frequency::yearly && months_.empty()) months_.push_back(number(first.ymd.month()));
    }
  }

  bool allow(const Date& date) const {
    if (!months_.empty() && !has(months_, number(date.ymd.month()))) return false;
    if (!rule_.year_days.empty() &&
        !has_from_either_end(rule_.year_days, date.year_day, days_in(date.ymd.year())))
      return false;
    if (!month_days_.empty() && !has_from_either_end(month_days_, number(date.ymd.day()),
                                                     days_in(date.ymd.year() / date.ymd.month())))
      return false;
    if (!days_.empty() &&
        std::ranges::none_of(days_, [&](const Rule::Day& day) { return is(date, day); }))
      return false;
    if (rule_.frequency == Frequency::yearly && !rule_.weeks.empty()) {
      const Week week = week_of(date.days, rule_.week_start);
      if (!has_from_either_end(rule_.weeks, week.number, week.in_year)) return false;
    }
    return true;
  }

 private:
  bool is(const Date& date, const Rule::Day& day) const {
    if (date.week_day != day.day) return false;
    if (day.nth == 0) return true;
    const bool of_year = rule_.frequency == Frequency::yearly && rule_.months.empty();
    const int at = of_year ? date.year_day : number(date.ymd.day());
    const int size =
        of_year ? days_in(date.ymd.year()) : days_in(date.ymd.year() / date.ymd.month());
    return day.nth > 0 ? (at - 1) / 7 + 1 == day.nth : -((size - at) / 7 + 1) == day.nth;
  }

  const Rule& rule_;
  std::vector<int> months_, month_days_;
  std::vector<Rule::Day> days_;
};

// What a rule gives, as it is found: in order, from its first occurrence on.
class Sink {
 public:
  Sink(const Rule& rule, LocalTime first, LocalTime from, LocalTime until,
       std::vector<LocalTime>& out)
      : rule_(rule), first_(first), from_(from), until_(until), out_(out) {}
  bool past(LocalTime at) const {
    return done_ || at >= until_ || (rule_.until && at > rule_.until->at);
  }
  void take(LocalTime at) {
    if (at < first_) return;
    if (past(at) || (rule_.count && taken_ == *rule_.count)) {
      done_ = true;
      return;
    }
    ++taken_;
    if (at >= from_) out_.push_back(at);
  }
  bool done() const { return done_; }

 private:
  const Rule& rule_;
  LocalTime first_, from_, until_;
  std::vector<LocalTime>& out_;
  int taken_ = 0;
  bool done_ = false;
};

// How many steps may be left out before `from`: none when they must be counted.
std::int64_t skipped(const Rule& rule, std::int64_t distance, std::int64_t step) {
  return rule.count || distance <= step ? 0 : distance / step - 1;
}

std::vector<int> or_else(const std::vector<int>& all, int otherwise) {
  return all.empty() ? std::vector<int>{otherwise} : all;
}

bool spend(std::size_t& work, std::size_t cost) {
  if (work < cost) return false;
  work -= cost;
  return true;
}

struct Period {
  local_days begin;
  int size;  // in days
};

Period period(const Rule& rule, const Date& first, std::int64_t index) {
  const std::int64_t n = index * rule.interval;
  // A year has 16 bits: past the last one they are all alike.
  const std::int64_t left = kLastYear - static_cast<int>(first.ymd.year());
  switch (rule.frequency) {
    case Frequency::weekly:
      return {first.days - (first.week_day - rule.week_start) + days(7 * n), 7};
    case Frequency::monthly: {
      const year_month ym = first.ymd.year() / first.ymd.month() + months(std::min(n, left * 12));
      return {local_days(ym / 1), days_in(ym)};
    }
    case Frequency::yearly: {
      const year y = first.ymd.year() + years(std::min(n, left));
      return {local_days(y / January / 1), days_in(y)};
    }
    default:
      return {first.days + days(n), 1};
  }
}

bool expand_slow(const Rule& rule, LocalTime first, Moments moments, LocalTime from,
                 LocalTime until, std::size_t& work, std::vector<LocalTime>& out) {
  const Date start(floor<days>(first));
  std::vector<seconds> times;
  if (moments == Moments::dates) {
    times.push_back(seconds(0));
  } else {
    const hh_mm_ss time(first - start.days);
    for (const int h : or_else(rule.hours, static_cast<int>(time.hours().count())))
      for (const int m : or_else(rule.minutes, static_cast<int>(time.minutes().count())))
        for (const int s : or_else(rule.seconds, static_cast<int>(time.seconds().count())))
          times.push_back(hours(h) + minutes(m) + seconds(std::min(s, 59)));
  }
  if (!spend(work, times.size())) return false;

  const Days choice(rule, start);
  Sink sink(rule, first, from, until, out);
  const std::int64_t distance = (floor<days>(from) - start.days).count();
  const std::int64_t longest = rule.frequency == Frequency::yearly    ? 366
                               : rule.frequency == Frequency::monthly ? 31
                               : rule.frequency == Frequency::weekly  ? 7
                                                                      : 1;
  std::int64_t index = skipped(rule, distance, longest * rule.interval);
  // No period is longer than `longest`, so fewer may have been left out than could be: go on to the
  // last that begins before the window.
  if (!rule.count)
    while (spend(work, 1) && period(rule, start, index + 2).begin < floor<days>(from)) ++index;
  std::vector<LocalTime> found;
  for (;; ++index) {
    const Period now = period(rule, start, index);
    if (sink.done() || sink.past(LocalTime(std::max(now.begin, start.days)))) return true;
    if (!spend(work, static_cast<std::size_t>(now.size))) return false;
    found.clear();
    for (int i = 0; i < now.size; ++i) {
      const Date date(now.begin + days(i));
      if (!choice.allow(date)) continue;
      if (!spend(work, times.size())) return false;
      for (const seconds time : times) found.push_back(date.days + time);
    }
    if (rule.positions.empty()) {
      for (const LocalTime at : found) sink.take(at);
      continue;
    }
    const int size = static_cast<int>(found.size());
    for (int i = 0; i < size; ++i)
      if (has_from_either_end(rule.positions, i + 1, size))
        sink.take(found[static_cast<std::size_t>(i)]);
  }
}

bool expand_fast(const Rule& rule, LocalTime first, LocalTime from, LocalTime until,
                 std::size_t& work, std::vector<LocalTime>& out) {
  const Frequency f = rule.frequency;
  const seconds unit = f == Frequency::hourly     ? seconds(hours(1))
                       : f == Frequency::minutely ? seconds(minutes(1))
                                                  : seconds(1);
  const seconds step = unit * rule.interval;
  const LocalTime begin = first - first.time_since_epoch() % unit -
                          (first.time_since_epoch() % unit < seconds(0) ? unit : seconds(0));
  const hh_mm_ss time(first - floor<days>(first));
  const std::vector<int> inner_minutes =
      f == Frequency::hourly ? or_else(rule.minutes, static_cast<int>(time.minutes().count()))
                             : std::vector<int>{0};
  const std::vector<int> inner_seconds =
      f == Frequency::secondly ? std::vector<int>{0}
                               : or_else(rule.seconds, static_cast<int>(time.seconds().count()));
  const Days choice(rule, Date(floor<days>(first)));
  Sink sink(rule, first, from, until, out);
  local_days allowed{local_days::min()};  // the last day that was looked at and holds
  for (LocalTime at = begin + step * skipped(rule, (from - begin).count(), step.count());;
       at += step) {
    if (sink.done() || sink.past(std::max(at, first))) return true;
    if (!spend(work, 1)) return false;
    const local_days today = floor<days>(at);
    if (today != allowed && !choice.allow(Date(today))) {  // on to the last step of this day
      at += step * ((today + days(1) - at - seconds(1)) / step);
      continue;
    }
    allowed = today;
    const hh_mm_ss now(at - today);
    if ((!rule.hours.empty() && !has(rule.hours, static_cast<int>(now.hours().count()))) ||
        (f != Frequency::hourly && !rule.minutes.empty() &&
         !has(rule.minutes, static_cast<int>(now.minutes().count()))) ||
        (f == Frequency::secondly && !rule.seconds.empty() &&
         !has(rule.seconds, static_cast<int>(now.seconds().count()))))
      continue;
    if (!spend(work, inner_minutes.size() * inner_seconds.size())) return false;
    for (const int m : inner_minutes)
      for (const int s : inner_seconds) sink.take(at + minutes(m) + seconds(std::min(s, 59)));
  }
}

}  // namespace

std::expected<Rule, std::string> parse_rule(const std::string& value) {
  begin_libical();
  icalrecurrencetype raw = icalrecurrencetype_from_string(value.c_str());
  const std::string scale = raw.rscale == nullptr ? "" : raw.rscale;
  icalmemory_free_buffer(raw.rscale);
  if (raw.freq == ICAL_NO_RECURRENCE)
    return std::unexpected("cette règle de répétition est mal formée");
  if ((!scale.empty() && scale != "GREGORIAN") || raw.skip == ICAL_SKIP_FORWARD ||
      raw.skip == ICAL_SKIP_BACKWARD)
    return std::unexpected("cette règle de répétition suit un autre calendrier que le nôtre");
  Rule rule;
  rule.frequency = static_cast<Frequency>(raw.freq);  // in the same order
  rule.interval = std::max<int>(raw.interval, 1);
  if (raw.count > 0) rule.count = raw.count;
  if (!icaltime_is_null_time(raw.until)) {
    const year_month_day date(year(raw.until.year), month(static_cast<unsigned>(raw.until.month)),
                              day(static_cast<unsigned>(raw.until.day)));
    if (!date.ok() || raw.until.hour > 23 || raw.until.minute > 59 || raw.until.second > 60)
      return std::unexpected("la date de fin (UNTIL) de cette répétition n’existe pas");
    rule.until =
        Rule::Until{local_days(date) + hours(raw.until.is_date != 0 ? 23 : raw.until.hour) +
                        minutes(raw.until.is_date != 0 ? 59 : raw.until.minute) +
                        seconds(raw.until.is_date != 0 ? 59 : raw.until.second),
                    raw.until.is_date == 0 && icaltime_is_utc(raw.until) != 0};
  }
  if (raw.week_start != ICAL_NO_WEEKDAY) rule.week_start = weekday_of(raw.week_start);
  rule.seconds = values(raw.by_second);
  rule.minutes = values(raw.by_minute);
  rule.hours = values(raw.by_hour);
  rule.month_days = values(raw.by_month_day);
  rule.year_days = values(raw.by_year_day);
  rule.weeks = values(raw.by_week_no);
  rule.months = values(raw.by_month);
  rule.positions = values(raw.by_set_pos);
  for (const short code : raw.by_day) {
    if (code == ICAL_RECURRENCE_ARRAY_MAX) break;
    const auto name = icalrecurrencetype_day_day_of_week(code);
    if (name == ICAL_NO_WEEKDAY)
      return std::unexpected("un jour (BYDAY) de cette répétition n’existe pas");
    rule.days.push_back({weekday_of(name), icalrecurrencetype_day_position(code)});
  }
  const bool fast = rule.frequency < Frequency::daily;
  const bool by_month_or_year =
      rule.frequency == Frequency::monthly || rule.frequency == Frequency::yearly;
  if (!within(rule.month_days, -31, 31) || !within(rule.year_days, -366, 366) ||
      !within(rule.weeks, -53, 53) || !within(rule.months, 1, 12) ||
      !within(rule.positions, -366, 366) || (fast && !rule.positions.empty()) ||
      (!by_month_or_year && std::ranges::any_of(rule.days, [](auto d) { return d.nth != 0; })))
    return std::unexpected("une partie (BY…) de cette règle de répétition n’a pas de sens ici");
  return rule;
}

bool expand(const Rule& rule, LocalTime first, Moments moments, LocalTime from, LocalTime until,
            std::size_t& work, std::vector<LocalTime>& out) {
  until = std::min(until, LocalTime(local_days(year(kLastYear) / January / 1)));
  if (rule.frequency < Frequency::daily)
    return moments == Moments::times ? expand_fast(rule, first, from, until, work, out) : true;
  return expand_slow(rule, first, moments, from, until, work, out);
}

}  // namespace parvis::ics
