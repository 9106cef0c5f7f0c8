// The legal clock against a second one, written another way: a simulation that lives one day after
// the other on an axis of whole numbers, with its own calendar, zones and holidays. Random
// timelines, whose seed is printed; PARVIS_SEED replays one.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "casework/clock.hpp"

namespace parvis::casework {
namespace {

using calendar::Region;

// ---- A calendar of its own ----------------------------------------------------------------------

using DayNumber = long;  // since 1 January 1970
using Millis = long long;
constexpr Millis kDay = 86'400'000;

struct Ymd {
  long y, m, d;
};

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
DayNumber number_of(Ymd date) {
  const long y = date.y - (date.m <= 2);
  const long era = y / 400, yoe = y % 400;
  const long doy = (153 * (date.m + (date.m > 2 ? -3 : 9)) + 2) / 5 + date.d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

Ymd ymd_of(DayNumber z) {
  z += 719468;
  const long era = z / 146097, doe = z % 146097;
  const long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const long m = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (m <= 2), m, doy - (153 * mp + 2) / 5 + 1};
}

long weekday_of(DayNumber z) { return (z + 3) % 7; }  // 0 = Monday; day 0 was a Thursday

long month_length(long y, long m) {
  if (m == 2) return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
  return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

DayNumber months_later(DayNumber from, long count) {
  Ymd date = ymd_of(from);
  for (; count > 0; --count)
    if (++date.m == 13) date = {date.y + 1, 1, date.d};
  date.d = std::min(date.d, month_length(date.y, date.m));
  return number_of(date);
}

// Oudin, 1940, as in the Explanatory Supplement to the Astronomical Almanac.
DayNumber easter(long y) {
  const long g = y % 19, c = y / 100, h = (c - c / 4 - (8 * c + 13) / 25 + 19 * g + 15) % 30;
  const long i = h - (h / 28) * (1 - (29 / (h + 1)) * ((21 - g) / 11));
  const long l = i - (y + y / 4 + i + 2 - c + c / 4) % 7;
  const long m = 3 + (l + 40) / 44;
  return number_of({y, m, l + 28 - 31 * (m / 4)});
}

constexpr long kFirstYear = 2019, kLastYear = 2085;

struct Place {
  Region region;
  const char* zone;
  long hours;  // from UTC, in winter
  bool summer_time;
};
constexpr std::array kPlaces = {
    Place{Region::metropolitan, "Europe/Paris", 1, true},
    Place{Region::alsace_moselle, "Europe/Paris", 1, true},
    Place{Region::martinique, "America/Martinique", -4, false},
    Place{Region::reunion, "Indian/Reunion", 4, false},
    Place{Region::nouvelle_caledonie, "Pacific/Noumea", 11, false},
};

// Which days are holidays, for each place, from the start of kFirstYear on.
std::vector<bool> holidays_of(Region region) {
  const DayNumber first = number_of({kFirstYear, 1, 1});
  std::vector<bool> out(static_cast<std::size_t>(number_of({kLastYear + 1, 1, 1}) - first));
  for (long y = kFirstYear; y <= kLastYear; ++y) {
    const auto mark = [&](DayNumber day) { out[static_cast<std::size_t>(day - first)] = true; };
    for (const auto& [m, d] : std::initializer_list<std::pair<long, long>>{
             {1, 1}, {5, 1}, {5, 8}, {7, 14}, {8, 15}, {11, 1}, {11, 11}, {12, 25}})
      mark(number_of({y, m, d}));
    for (const long after : {1, 39, 50}) mark(easter(y) + after);
    if (region == Region::alsace_moselle) mark(easter(y) - 2), mark(number_of({y, 12, 26}));
    if (region == Region::martinique) mark(number_of({y, 5, 22}));
    if (region == Region::reunion) mark(number_of({y, 12, 20}));
    if (region == Region::nouvelle_caledonie) mark(number_of({y, 9, 24}));
  }
  return out;
}

bool is_holiday(const Place& place, DayNumber day) {
  static const std::array<std::vector<bool>, kPlaces.size()> kAll = [] {
    std::array<std::vector<bool>, kPlaces.size()> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = holidays_of(kPlaces[i].region);
    return all;
  }();
  return kAll[static_cast<std::size_t>(&place - kPlaces.data())].at(
      static_cast<std::size_t>(day - number_of({kFirstYear, 1, 1})));
}

bool office_day(const Place& place, DayNumber day) {
  return weekday_of(day) < 5 && !is_holiday(place, day);
}

// Summer time of the European Union: from the last Sunday of March to that of October, 01:00 UTC.
Millis change(long y, long m) {
  DayNumber day = number_of({y, m, 31});
  while (weekday_of(day) != 6) --day;
  return day * kDay + 3'600'000;
}

Millis offset(const Place& place, Millis utc) {
  const long y = ymd_of(utc / kDay).y;
  const bool summer = place.summer_time && utc >= change(y, 3) && utc < change(y, 10);
  return (place.hours + summer) * 3'600'000;
}

DayNumber day_of(const Place& place, Millis utc) { return (utc + offset(place, utc)) / kDay; }

// The instant at which a day begins; no change of the hour is near midnight.
Millis midnight(const Place& place, DayNumber day) {
  return day * kDay - offset(place, day * kDay - place.hours * 3'600'000);
}

// ---- A clock of its own -------------------------------------------------------------------------

using State = Clock::State;
using Outcome = Clock::Outcome;
using Unit = ClockRule::Unit;
using Silence = ClockRule::Silence;

struct Seen {
  State state = State::running;
  Outcome outcome = Outcome::none;
  DayNumber deposited = 0, started = 0;
  Millis since = 0;
  std::optional<DayNumber> until, due;
  std::optional<Millis> silence_at;
  bool overdue = false;
  std::optional<DayNumber> appeal_until;
  std::vector<DayNumber> reminders;
  long elapsed = 0;
  std::optional<long> remaining;
  bool operator==(const Seen&) const = default;
};

class Simulation {
 public:
  Simulation(const ClockRule& rule, const Place& place) : rule_(rule), place_(place) {}

  std::expected<Seen, ClockError> run(const std::vector<ClockEvent>& events, Millis now) {
    std::vector<std::size_t> order(events.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(events[i].at, i); });
    const auto millis = [&](std::size_t i) { return events[i].at.time_since_epoch().count(); };
    if (order.empty()) return std::unexpected(ClockError{ClockFault::no_deposit, 0});
    now = std::max<Millis>(now, millis(order.back()));
    DayNumber day = day_of(place_, millis(order.front()));
    std::size_t next = 0;
    for (;; ++day) {  // each day: what happens on it, then its end
      for (; next < order.size() && day_of(place_, millis(order[next])) == day; ++next)
        if (const auto fault = happens(events[order[next]], millis(order[next]), day))
          return std::unexpected(ClockError{*fault, order[next]});
      if (day == day_of(place_, now)) break;
      ends(day);
    }
    return seen(day);
  }

 private:
  bool afresh() const {
    return rule_.silence == Silence::accepts || rule_.start == ClockRule::Start::complete_file;
  }
  bool counts(DayNumber day) const {  // in the unit of the delay
    if (rule_.unit == Unit::working_days) return office_day(place_, day);
    if (rule_.unit == Unit::working_days_with_saturday)
      return weekday_of(day) < 6 && !is_holiday(place_, day);
    return true;
  }

  void begin(DayNumber day, Millis at) {
    started_ = day;
    since_ = at;
    run_ = 0;
    passed_.reset();
    if (rule_.unit == Unit::months) {
      end_ = months_later(day, rule_.length);
      return;
    }
    end_ = day;
    for (int left = rule_.length * (rule_.unit == Unit::weeks ? 7 : 1); left > 0;)
      left -= counts(++end_);
  }

  std::optional<ClockFault> happens(const ClockEvent& event, Millis at, DayNumber day) {
    if (!deposited_ && !std::holds_alternative<Deposited>(event.what))
      return ClockFault::no_deposit;
    if (std::holds_alternative<Deposited>(event.what)) {
      if (deposited_) return ClockFault::second_deposit;
      deposited_ = day;
      begin(day, at);
    } else if (std::holds_alternative<Transferred>(event.what)) {
      if (!over_) elsewhere_ = true;
      if (!over_ && rule_.silence == Silence::accepts && open_.empty()) begin(day, at);
    } else if (const auto* asked = std::get_if<PiecesRequested>(&event.what)) {
      const DayNumber term =
          std::chrono::sys_days(asked->term).time_since_epoch() / std::chrono::days(1);
      if (!numbers_.insert(asked->request).second) return ClockFault::repeated_request;
      if (term < day) return ClockFault::term_before_request;
      if (over_) return {};
      if (open_.empty()) since_ = at;
      if (afresh()) run_ = 0;
      open_[asked->request] = term;
    } else if (const auto* got = std::get_if<PiecesReceived>(&event.what)) {
      if (!numbers_.contains(got->request)) return ClockFault::unknown_request;
      if (over_ || open_.erase(got->request) == 0 || !open_.empty()) return {};
      since_ = at;
      if (afresh()) begin(day, at);
    } else if (std::holds_alternative<Withdrawn>(event.what)) {
      if (!over_) stop(Outcome::withdrawn, at), passed_.reset();
    } else if (const auto* decided = std::get_if<Decided>(&event.what)) {
      if (decided_ || outcome_ == Outcome::withdrawn) return ClockFault::ended;
      decided_ = day;
      if (!over_) {
        stop(Outcome::none, at);
        passed_.reset();
      } else {
        first_ = outcome_;
      }
      outcome_ = decided->verdict == Verdict::accepted ? Outcome::accepted : Outcome::refused;
    } else if (std::holds_alternative<Notified>(event.what)) {
      if (!decided_) return ClockFault::not_decided;
      if (!notified_) notified_ = day;
    } else {
      if (!over_ && !elsewhere_) return ClockFault::not_ended;
      const bool comes_back = !over_;
      elsewhere_ = false;
      if (comes_back) return {};
      over_ = false;
      outcome_ = first_ = Outcome::none;
      decided_.reset();
      notified_.reset();
      begin(day, at);
    }
    return {};
  }

  void stop(Outcome outcome, Millis at) {
    over_ = true;
    outcome_ = outcome;
    since_ = at;
    open_.clear();
  }

  void ends(DayNumber day) {
    if (over_) return;
    if (!open_.empty()) {
      if (afresh()) return;
      if (!passed_) put_off(day);
      std::erase_if(open_, [&](const auto& each) { return each.second == day; });
      if (open_.empty()) since_ = midnight(place_, day + 1);
      return;
    }
    const bool last =
        day >= end_ && (rule_.last_day == ClockRule::LastDay::kept || office_day(place_, day));
    if (last && !passed_) {
      passed_ = day;
      if (rule_.silence != Silence::means_nothing) {
        stop(rule_.silence == Silence::accepts ? Outcome::accepted_by_silence
                                               : Outcome::refused_by_silence,
             midnight(place_, day + 1));
        return;
      }
    }
    ++run_;
  }

  void put_off(DayNumber day) {  // by this day, which is suspended
    if (day > end_)
      while (!office_day(place_, end_)) ++end_;  // the delay had been moved to there
    if (!counts(day)) return;
    ++end_;
    while (!counts(end_)) ++end_;
  }

  DayNumber two_months_to_appeal(DayNumber from) const {
    DayNumber day = months_later(from, 2) + 1;
    while (!office_day(place_, day)) ++day;
    return day;
  }

  Seen seen(DayNumber today) const {
    Seen out{.state = over_            ? State::ended
                      : !open_.empty() ? State::stopped
                                       : State::running,
             .outcome = outcome_,
             .deposited = *deposited_,
             .started = started_,
             .since = since_,
             .until = {},
             .due = {},
             .silence_at = {},
             .overdue = !over_ && passed_ && !waits(),
             .appeal_until = {},
             .reminders = {},
             .elapsed = waits() ? 0 : run_,
             .remaining = {}};
    if (over_) {
      out.due = passed_;
      out.remaining = 0;
    } else if (!waits()) {
      // The day on which it would end if nothing more happened.
      Simulation future = *this;
      if (!open_.empty())
        out.until =
            std::ranges::max_element(open_, {}, [](auto& each) { return each.second; })->second;
      for (DayNumber day = today; !future.passed_; ++day) future.ends(day);
      out.due = future.passed_;
      out.remaining = std::max(0L, *out.due - (out.until ? *out.until + 1 : today));
      if (out.state == State::running)
        for (const long before : {15, 7, 2})
          if (*out.due - before > started_) out.reminders.push_back(*out.due - before);
    }
    if (out.due && rule_.silence != Silence::means_nothing)
      out.silence_at = midnight(place_, *out.due + 1);
    if (outcome_ == Outcome::refused_by_silence) out.appeal_until = two_months_to_appeal(*passed_);
    if (outcome_ == Outcome::refused) {
      if (notified_) out.appeal_until = two_months_to_appeal(*notified_);
      if (first_ == Outcome::refused_by_silence) {
        const DayNumber silent = two_months_to_appeal(*passed_);
        if (!notified_ || *decided_ > silent) out.appeal_until = silent;
      }
    }
    return out;
  }

  bool waits() const { return !over_ && !open_.empty() && afresh(); }

  ClockRule rule_;
  const Place& place_;
  std::optional<DayNumber> deposited_, passed_, decided_, notified_;
  DayNumber started_ = 0, end_ = 0;
  Millis since_ = 0;
  long run_ = 0;
  bool over_ = false, elsewhere_ = false;
  Outcome outcome_ = Outcome::none, first_ = Outcome::none;
  std::map<std::uint32_t, DayNumber> open_;  // requests that wait, with their terms
  std::set<std::uint32_t> numbers_;
};

// ---- The two, side by side ----------------------------------------------------------------------

DayNumber number(CivilDate date) {
  return std::chrono::sys_days(date).time_since_epoch() / std::chrono::days(1);
}
std::optional<DayNumber> number(const std::optional<CivilDate>& date) {
  return date ? std::optional(number(*date)) : std::nullopt;
}

Seen seen(const Clock& clock) {
  Seen out{.state = clock.state,
           .outcome = clock.outcome,
           .deposited = number(clock.deposited),
           .started = number(clock.started),
           .since = clock.since.time_since_epoch().count(),
           .until = number(clock.until),
           .due = number(clock.due),
           .silence_at = {},
           .overdue = clock.overdue,
           .appeal_until = number(clock.appeal_until),
           .reminders = {},
           .elapsed = clock.elapsed.count(),
           .remaining = {}};
  if (clock.silence_at) out.silence_at = clock.silence_at->time_since_epoch().count();
  for (const CivilDate day : clock.reminders) out.reminders.push_back(number(day));
  if (clock.remaining) out.remaining = clock.remaining->count();
  return out;
}

std::ostream& operator<<(std::ostream& out, const Seen& s) {
  const auto day = [](std::optional<DayNumber> d) {
    if (!d) return std::string("-");
    const Ymd date = ymd_of(*d);
    return std::to_string(date.y) + "-" + std::to_string(date.m) + "-" + std::to_string(date.d);
  };
  out << "state " << static_cast<int>(s.state) << " outcome " << static_cast<int>(s.outcome)
      << " started " << day(s.started) << " since " << s.since << " until " << day(s.until)
      << " due " << day(s.due) << " overdue " << s.overdue << " appeal " << day(s.appeal_until)
      << " elapsed " << s.elapsed << " remaining " << s.remaining.value_or(-1) << " reminders";
  for (const DayNumber each : s.reminders) out << ' ' << day(each);
  return out;
}

struct Timeline {
  ClockRule rule;
  const Place* place = nullptr;
  std::vector<ClockEvent> events;
  Millis now = 0;
};

std::string told(const Timeline& timeline) {
  std::ostringstream out;
  const ClockRule& rule = timeline.rule;
  out << timeline.place->zone << " region " << static_cast<int>(rule.region) << " length "
      << rule.length << " unit " << static_cast<int>(rule.unit) << " silence "
      << static_cast<int>(rule.silence) << " start " << static_cast<int>(rule.start) << " last day "
      << static_cast<int>(rule.last_day) << '\n';
  constexpr std::array kNames = {"deposited", "transferred", "requested", "received",
                                 "withdrawn", "decided",     "notified",  "reopened"};
  for (const ClockEvent& event : timeline.events) {
    out << format_rfc3339(event.at) << ' ' << kNames[event.what.index()];
    if (const auto* asked = std::get_if<PiecesRequested>(&event.what))
      out << ' ' << asked->request << " until " << format_iso_date(asked->term);
    if (const auto* got = std::get_if<PiecesReceived>(&event.what)) out << ' ' << got->request;
    if (const auto* decided = std::get_if<Decided>(&event.what))
      out << ' ' << static_cast<int>(decided->verdict);
    out << '\n';
  }
  out << "now " << format_rfc3339(Instant(std::chrono::milliseconds(timeline.now)));
  return out.str();
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  long upto(long most) { return std::uniform_int_distribution<long>(0, most)(engine_); }
  bool one_in(long n) { return upto(n - 1) == 0; }

  Timeline timeline() {
    Timeline out;
    out.place = &kPlaces[static_cast<std::size_t>(upto(kPlaces.size() - 1))];
    ClockRule& rule = out.rule;
    rule.basis = "texte";
    rule.unit = static_cast<Unit>(upto(4));
    rule.length = static_cast<int>(1 + upto(rule.unit == Unit::months  ? 5
                                            : rule.unit == Unit::weeks ? 9
                                                                       : 40));
    rule.silence = static_cast<Silence>(upto(2));
    if (rule.silence == Silence::refuses) rule.ground = ClockRule::Ground::financial;
    rule.start = one_in(4) ? ClockRule::Start::complete_file : ClockRule::Start::receipt;
    rule.last_day = one_in(3) ? ClockRule::LastDay::kept : ClockRule::LastDay::moved;
    rule.region = out.place->region;
    rule.zone = zone(*out.place);

    // The zone database that Zone reads holds changes of the hour until 2037.
    const long years = out.place->summer_time ? 14 : 40;
    Millis at = instant(*out.place, number_of({2020 + upto(years), 1 + upto(11), 1}) + upto(30));
    out.events.push_back({at_millis(at), Deposited{}});
    std::uint32_t requests = 0;
    const long count = upto(9);
    for (long i = 0; i < count; ++i) {
      at = one_in(5) ? at + upto(kDay / 2)
                     : std::max(at, instant(*out.place, day_of(*out.place, at) + upto(30)));
      out.events.push_back({at_millis(at), event(*out.place, at, requests)});
    }
    out.now = one_in(10) ? at - upto(5 * kDay)  // a clock set back
                         : instant(*out.place, day_of(*out.place, at) + upto(120));
    // As they are recorded, which is not always as they happened.
    if (one_in(3)) std::ranges::shuffle(out.events, engine_);
    return out;
  }

 private:
  static Instant at_millis(Millis at) { return Instant(std::chrono::milliseconds(at)); }
  static Zone zone(const Place& place) {
    static const auto kZones = [] {
      std::vector<Zone> zones;
      zones.reserve(kPlaces.size());
      for (const Place& each : kPlaces) zones.push_back(*Zone::named(each.zone));
      return zones;
    }();
    return kZones[static_cast<std::size_t>(&place - kPlaces.data())];
  }
  Millis instant(const Place& place, DayNumber day) {  // often at its very edges
    const Millis begin = midnight(place, day);
    if (one_in(6)) return begin;
    if (one_in(6)) return midnight(place, day + 1) - 1;
    return begin + upto(kDay - 7'200'000);
  }

  decltype(ClockEvent::what) event(const Place& place, Millis at, std::uint32_t& requests) {
    const long what = upto(99);
    if (what < 38) {
      const DayNumber term = day_of(place, at) + (one_in(60) ? -1 : upto(25));
      const std::uint32_t request = one_in(60) && requests > 0 ? requests : ++requests;
      const Ymd date = ymd_of(term);
      return PiecesRequested{request, "une pièce",
                             std::chrono::year(static_cast<int>(date.y)) /
                                 std::chrono::month(static_cast<unsigned>(date.m)) /
                                 std::chrono::day(static_cast<unsigned>(date.d))};
    }
    if (what < 70 && (requests > 0 || one_in(20)))
      return PiecesReceived{static_cast<std::uint32_t>(
          one_in(60) ? requests + 1 : std::max<long>(1, requests - upto(1)))};
    if (what < 80) return Transferred{"la préfecture"};
    if (what < 83) return Withdrawn{};
    if (what < 89) return Decided{one_in(2) ? Verdict::accepted : Verdict::refused};
    if (what < 94 && one_in(2)) return Notified{};
    if (what < 98 && one_in(2)) return Reopened{};
    if (one_in(20)) return Deposited{};
    return Transferred{""};
  }

  std::mt19937_64 engine_;
};

TEST(ClockProperty, AgreesWithASimulationOfEachDay) {
  const char* given = std::getenv("PARVIS_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "PARVIS_SEED=" << seed << '\n';
  Random random(seed);
  std::map<std::string, int> met;  // so that no part of the law goes untried
  constexpr int kTimelines = 100'000;
  for (int i = 0; i < kTimelines; ++i) {
    const Timeline timeline = random.timeline();
    const auto expected =
        Simulation(timeline.rule, *timeline.place).run(timeline.events, timeline.now);
    const auto clock =
        clock_of(timeline.rule, timeline.events, Instant(std::chrono::milliseconds(timeline.now)));
    ASSERT_EQ(clock.has_value(), expected.has_value()) << i << '\n' << told(timeline);
    if (!clock) {
      ASSERT_EQ(clock.error(), expected.error()) << i << '\n' << told(timeline);
      ++met["fault " + std::to_string(static_cast<int>(clock.error().fault))];
      continue;
    }
    ASSERT_EQ(seen(*clock), *expected) << i << '\n' << told(timeline);
    if (i % 10 == 0)
      for (const std::string& line : why(timeline.rule, *clock))
        ASSERT_TRUE(line.ends_with(".") && line.find("  ") == line.npos) << line;
    ++met["state " + std::to_string(static_cast<int>(clock->state))];
    ++met["outcome " + std::to_string(static_cast<int>(clock->outcome))];
    met["overdue"] += clock->overdue;
    met["appeal"] += clock->appeal_until.has_value();
    met["suspended"] += clock->until.has_value();
    met["moved"] += clock->due != clock->counted;
  }
  for (const char* each :
       {"state 0",   "state 1", "state 2", "outcome 1", "outcome 2", "outcome 3", "outcome 4",
        "outcome 5", "overdue", "appeal",  "suspended", "moved",     "fault 3",   "fault 4",
        "fault 5",   "fault 6", "fault 7", "fault 8",   "fault 9",   "fault 10"})
    EXPECT_GT(met[each], 100) << each;
}

}  // namespace
}  // namespace parvis::casework
