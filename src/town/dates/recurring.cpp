// What comes back: weekdays, days of the month, every so often. A recurrence is a Cycle, which
// gives both the rule of RFC 5545 and the first occurrence.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;

struct Cycle {
  Grain every = Grain::day;  // day, week, month, quarter, year, or finer
  int interval = 1;
  std::array<bool, 7> weekdays{};
  std::vector<int> nth = {};  // "premier et troisième" of the weekdays, in the month
  std::optional<unsigned> month = std::nullopt, day = std::nullopt;
  std::optional<Part> part = std::nullopt;
  bool some_weekday() const { return std::ranges::find(weekdays, true) != weekdays.end(); }
};

std::string rule_of(const Cycle& cycle) {
  static constexpr std::array<std::string_view, 7> kDays = {"MO", "TU", "WE", "TH",
                                                            "FR", "SA", "SU"};
  static constexpr std::array<std::string_view, 8> kEvery = {
      "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"};
  std::string rule = fmt::format("FREQ={}", kEvery[static_cast<std::size_t>(cycle.every)]);
  const int interval = cycle.every == Grain::quarter ? 3 * cycle.interval : cycle.interval;
  if (interval > 1) rule += fmt::format(";INTERVAL={}", interval);
  if (cycle.month) rule += fmt::format(";BYMONTH={}", *cycle.month);
  if (cycle.day) rule += fmt::format(";BYMONTHDAY={}", *cycle.day);
  std::string by;
  for (std::size_t i = 0; i < 7; ++i) {
    if (!cycle.weekdays[i]) continue;
    if (cycle.nth.empty()) by += fmt::format(",{}", kDays[i]);
    for (const int nth : cycle.nth) by += fmt::format(",{}{}", nth, kDays[i]);
  }
  if (!by.empty()) rule += ";BYDAY=" + by.substr(1);
  return rule;
}

bool holds(const Cycle& cycle, CivilDate date) {
  if (cycle.month && static_cast<unsigned>(date.month()) != *cycle.month) return false;
  if (cycle.day && static_cast<unsigned>(date.day()) != *cycle.day) return false;
  if (!cycle.some_weekday()) return true;
  if (!cycle.weekdays[weekday_of(date)]) return false;
  if (cycle.nth.empty()) return true;
  const int nth = static_cast<int>((static_cast<unsigned>(date.day()) - 1) / 7 + 1);
  const bool last = plus(date, days(7)).month() != date.month();
  return std::ranges::any_of(cycle.nth,
                             [&](int each) { return each == nth || (each < 0 && last); });
}

// The stretch that "chaque semaine" means now: the running one.
Found running(const Reader& r, Grain grain) {
  const CivilDate today = r.today();
  const CivilDate month = today.year() / today.month() / 1;
  switch (grain) {
    case Grain::week:
      return interval(midnight(monday_of(today)), midnight(plus(monday_of(today), days(7))), grain);
    case Grain::month:
      return interval(midnight(month), midnight(month + std::chrono::months(1)), grain);
    case Grain::quarter:
      return interval(midnight(month), midnight(month + std::chrono::months(3)), grain);
    case Grain::year:
      return interval(midnight(today.year() / 1 / 1),
                      midnight((today.year() + std::chrono::years(1)) / 1 / 1), grain);
    default:
      return interval(r.now, std::nullopt, grain);
  }
}

std::optional<Found> first_of(const Reader& r, const Cycle& cycle,
                              const std::optional<Clock>& clock,
                              const std::optional<ClockRange>& range) {
  const bool by_day = cycle.every == Grain::day || cycle.some_weekday() || cycle.day;
  if (!by_day) {
    if (!clock && !range && !cycle.part) return running(r, cycle.every);
    return placed(r.today(), clock, cycle.part, range);
  }
  // 29 February that is a Sunday's: every 28 years; the rule holds even when no day is near.
  for (CivilDate date = r.today(); date < plus(r.today(), days(366 * 8));
       date = plus(date, days(1))) {
    if (!holds(cycle, date)) continue;
    Found found = placed(date, clock, cycle.part, range);
    if (found.kind == Kind::instant && found.grain == Grain::day)
      found.end = *found.start + days(1);
    if ((found.end ? *found.end : *found.start + std::chrono::seconds(1)) > r.now) return found;
  }
  return std::nullopt;
}

// "mardi", "mardis et jeudis", "lundi, mercredi et le vendredi"; plural when all are to be.
Maybe<Cycle> weekdays(const Reader& r, std::size_t i, bool plural) {
  Cycle cycle{.every = Grain::week};
  std::size_t at = i;
  for (std::size_t read = 0; read < 7; ++read) {
    const std::size_t begin =
        read == 0 ? i
                  : r.skip(r.skip(r.skip(at, {"et", ",", "ou"}), {"tous", "et"}), {"les", "le"});
    if (read > 0 && begin == at) break;
    const auto name = weekday_name(r.at(begin).folded);
    if (!name || name->spelling != Spelling::full ||
        (plural && read == 0 && !r.at(begin).folded.ends_with('s')) || number_of_day(r, begin + 1))
      break;
    cycle.weekdays[name->number] = true;
    at = begin + 1;
  }
  if (at == i) return std::nullopt;
  return At{cycle, at};
}

std::size_t of_each_month(const Reader& r, std::size_t i) {
  if (const auto next =
          r.phrase(i, {"de chaque mois", "de tous les mois", "chaque mois", "par mois"}))
    return next;
  const auto next = r.phrase(i, {"du mois"});
  if (!next || way_word(r.at(next)) || r.phrase(next, {"de", "d", "en", "a", "ci"})) return 0;
  return next;
}

// "premier lundi", "2e et 4e samedis", "15", "1er mai"; then what they are of.
Maybe<Cycle> of_month(const Reader& r, std::size_t i, bool each) {
  Cycle cycle{.every = Grain::month};
  std::size_t at = i;
  while (cycle.nth.size() < 5) {
    const auto nth = ordinal(r, r.skip(at, {"et", ","}));
    if (!nth || nth->value > 5 || nth->value == 0) break;
    cycle.nth.push_back(nth->value);
    at = nth->next;
    at = r.is(at, "et") && r.is(at + 1, "le") ? at + 2 : at;
  }
  if (!cycle.nth.empty())
    if (const auto name = weekday_name(r.at(at).folded); name && name->spelling == Spelling::full) {
      cycle.weekdays[name->number] = true;
      const auto next = of_each_month(r, at + 1);
      if (!next) return std::nullopt;
      return At{cycle, next};
    }
  cycle.nth.clear();
  const auto number = number_of_day(r, i);
  if (!number) return std::nullopt;
  cycle.day = number->value;
  if (const auto next = of_each_month(r, number->next);
      next && (each || !r.phrase(number->next, {"du mois"})))
    return At{cycle, next};
  if (const auto name = month(r, number->next)) {
    cycle.month = name->value;
    cycle.every = Grain::year;
    if (each) return At{cycle, name->next};
    if (const auto next = r.phrase(name->next, {"de chaque annee", "chaque annee", "tous les ans"}))
      return At{cycle, next};
  }
  return std::nullopt;
}

Maybe<Cycle> every(const Reader& r, std::size_t i) {
  auto at = r.phrase(i, {"tous les", "toutes les", "chaque", "tt les", "ts les", "n importe quel"});
  if (!at) return std::nullopt;
  if (auto found = of_month(r, at, true)) return found;
  Cycle cycle;
  if (const auto count = number(r, at); count && count->value > 0 && count->value < 1000) {
    cycle.interval = count->value;
    at = count->next;
  }
  if (auto found = weekdays(r, at, false)) {
    found->value.interval = cycle.interval;
    return found;
  }
  if (const auto next = r.phrase(at, {"week end", "week ends", "weekend", "weekends"})) {
    cycle.every = Grain::week;
    cycle.weekdays[5] = cycle.weekdays[6] = true;
    return At{cycle, next};
  }
  if (const auto next = r.phrase(at, {"apres midi", "aprem"})) {
    cycle.part = Part{std::chrono::hours(12), std::chrono::hours(19), PartOfDay::afternoon};
    return At{cycle, next};
  }
  const std::string& word = r.at(at).folded;
  if (part_name(word) && word != "mat") {
    if (const auto found = part(r, at)) {
      cycle.part = found->value;
      return At{cycle, found->next};
    }
  }
  const auto unit = unit_name(word);
  if (!unit || word.size() < 2) return std::nullopt;
  cycle.every = unit->grain;
  cycle.interval *= unit->times;
  ++at;
  if (const auto next = r.phrase(at, {"ouvrables", "ouvres", "de travail", "de la semaine"});
      next && unit->grain == Grain::day) {
    cycle.every = Grain::week;
    for (std::size_t day = 0; day < 5; ++day) cycle.weekdays[day] = true;
    at = next;
  }
  return At{cycle, at};
}

Maybe<Cycle> one_in(const Reader& r, std::size_t i) {  // "une semaine sur deux"
  const auto at = r.phrase(i, {"un", "une", "1"});
  if (!at) return std::nullopt;
  Cycle cycle;
  if (const auto name = weekday_name(r.at(at).folded); name && name->spelling == Spelling::full) {
    cycle.every = Grain::week;
    cycle.weekdays[name->number] = true;
  } else if (const auto unit = unit_name(r.at(at).folded)) {
    cycle.every = unit->grain;
  } else {
    return std::nullopt;
  }
  const auto of = r.is(at + 1, "sur") ? number(r, at + 2) : std::nullopt;
  if (!of || of->value < 2 || of->value > 12) return std::nullopt;
  cycle.interval = of->value;
  return At{cycle, of->next};
}

Maybe<Cycle> adverb(const Reader& r, std::size_t i) {
  struct Adverb {
    std::string_view word;
    Grain every;
    int interval;
  };
  static constexpr Adverb kAdverbs[] = {
      {"quotidiennement", Grain::day, 1},    {"hebdomadairement", Grain::week, 1},
      {"mensuellement", Grain::month, 1},    {"trimestriellement", Grain::month, 3},
      {"semestriellement", Grain::month, 6}, {"annuellement", Grain::year, 1},
      {"bimestriellement", Grain::month, 2}};
  for (const Adverb& each : kAdverbs)
    if (r.is(i, each.word)) return At{Cycle{.every = each.every, .interval = each.interval}, i + 1};
  const auto count = number(r, i);
  if (!count || !r.is(count->next, "fois")) return std::nullopt;
  const auto by = r.phrase(count->next + 1, {"par", "chaque", "l", "tous les"});
  const auto unit = by ? unit_name(r.at(by).folded) : std::nullopt;
  if (!unit) return std::nullopt;
  return At{Cycle{.every = unit->grain}, by + 1};
}

Maybe<Cycle> cycle_at(const Reader& r, std::size_t i) {
  if (auto found = every(r, i)) return found;
  if (auto found = one_in(r, i)) return found;
  if (auto found = adverb(r, i)) return found;
  if (const auto at = r.phrase(i, {"les"})) {
    if (auto found = weekdays(r, at, true)) return found;
    if (const auto next = r.phrase(at, {"week ends", "weekends"})) {
      Cycle cycle{.every = Grain::week};
      cycle.weekdays[5] = cycle.weekdays[6] = true;
      return At{cycle, next};
    }
  }
  if (auto found = of_month(r, r.skip_article(i), false)) return found;
  if (r.is(i, "le") && r.phrase(i + 2, {"et le", "et", ","}))
    if (auto found = weekdays(r, i + 1, false);
        found && std::ranges::count(found->value.weekdays, true) > 1)
      return found;
  // "du lundi au vendredi": of each week. With dates, or "de … à …", it is one stretch.
  if (r.is(i, "du") && (r.is(i + 2, "au") || r.is(i + 2, "jusqu"))) {
    const auto from = weekday_name(r.at(i + 1).folded);
    const std::size_t last = r.phrase(i + 2, {"au", "jusqu au"});
    const auto to = last ? weekday_name(r.at(last).folded) : std::nullopt;
    if (from && to && from->spelling == Spelling::full && to->spelling == Spelling::full &&
        !number_of_day(r, last + 1) && !way_word(r.at(last + 1)) && !week_offset(r, last + 1)) {
      Cycle cycle{.every = Grain::week};
      for (unsigned day = from->number;; day = (day + 1) % 7) {
        cycle.weekdays[day] = true;
        if (day == to->number) break;
      }
      return At{cycle, last + 1};
    }
  }
  return std::nullopt;
}

}  // namespace

Maybe<Found> recurring(const Reader& r, std::size_t i) {
  std::optional<Clock> time;
  std::optional<ClockRange> range;
  std::size_t at = i;
  if (const auto before = clock_range(r, i, false))
    range = before->value, at = before->next;
  else if (const auto point = clock(r, r.skip(i, {"a"})))
    time = point->value, at = point->next;
  const auto cycle = cycle_at(r, at);
  if (!cycle) return std::nullopt;
  at = cycle->next;
  Cycle said = cycle->value;
  for (int more = 0; more < 2; ++more) {
    const std::size_t inner = r.skip(at, {"a", ",", ":", "vers", "des"});
    if (const auto hours = clock_range(r, r.skip(at, {",", ":"}), false); hours && !time && !range)
      range = hours->value, at = hours->next;
    else if (const auto point = clock(r, inner); point && !time && !range)
      time = point->value, at = point->next;
    else if (const auto part_of = part(r, at); part_of && !said.part && !part_of->value.today)
      said.part = part_of->value, at = part_of->next;
    else
      break;
  }
  if (time && said.part) time = in_part(*time, said.part->name);
  auto found = first_of(r, said, time, range);
  if (!found) found = instant(r.now, Grain::day);
  found->kind = Kind::recurring;
  found->rule = rule_of(said);
  return At{*found, at};
}

}  // namespace parvis::dates
