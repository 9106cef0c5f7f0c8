// Stretches of the calendar: weeks, months, quarters, seasons, week-ends, bridges, and their edges.
#include <algorithm>
#include <array>

#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;
using std::chrono::months;
using Way = DayRef::Way;

int step_of(Way way) { return way == Way::next ? 1 : way == Way::last ? -1 : 0; }

Found week_from(CivilDate monday) {
  return interval(midnight(monday), midnight(plus(monday, days(7))), Grain::week);
}

// `count` months from the month with this number since year 0.
Found months_from(CivilDate first, int count, Grain grain) {
  return interval(midnight(first), midnight(first + months(count)), grain);
}

CivilDate first_of_month(CivilDate date) { return date.year() / date.month() / 1; }

CivilDate first_of_block(CivilDate date, unsigned size) {
  const unsigned month = (static_cast<unsigned>(date.month()) - 1) / size * size + 1;
  return date.year() / std::chrono::month(month) / 1;
}

Maybe<Found> week(const Reader& r, std::size_t i) {
  const std::size_t at = r.skip(i, {"dans la", "la", "en", "de la"});
  if (const auto nth = ordinal(r, at); nth && nth->value != 0 && r.is(nth->next, "semaine")) {
    if (const auto span = month_span(r, nth->next + 1); span && nth->value < 6) {
      const CivilDate first = civil_date(*span->value.start), beyond = civil_date(*span->value.end);
      CivilDate monday =
          plus(first, days((7 - weekday_of(first)) % 7 + 7 * (std::max(nth->value, 1) - 1)));
      if (nth->value < 0)
        while (plus(monday, days(14)) <= beyond) monday = plus(monday, days(7));
      Found found = week_from(monday);
      found.doubts = span->value.doubts;
      return At{found, span->next};
    }
    const auto of = r.phrase(nth->next + 1, {"de", "d"});
    const auto said = of ? year(r, of, false, nullptr) : std::nullopt;
    if (said && nth->value < 54) {
      const CivilDate first = nth->value > 0 ? monday_of(*date_of(said->value, 1, 4))
                                             : monday_of(*date_of(said->value, 12, 28));
      return At{week_from(plus(first, days(7 * (std::max(nth->value, 1) - 1)))), said->next};
    }
    if (nth->value > 0) return std::nullopt;
  }
  if (const auto offset = week_offset(r, i))
    return At{week_from(plus(monday_of(r.today()), days(7 * offset->value))), offset->next};
  if (!r.is(at, "semaine")) return std::nullopt;
  if (const auto of = r.phrase(at + 1, {"du", "commencant le", "qui commence le", "debutant le"}))
    if (const auto found = day(r, of))
      if (const auto date = resolve(r, found->value))
        return At{week_from(monday_of(civil_date(*date->start))), found->next};
  if (const auto next = r.phrase(at + 1, {"en cours", "ci"}))
    return At{week_from(monday_of(r.today())), next};
  if (at > i && (r.is(i, "dans") || r.is(i, "cette")))
    return At{week_from(monday_of(r.today())), at + 1};
  // "semaine 31", by ISO 8601; the first to come.
  if (r.number(at + 1) && r.at(at + 1).digits() <= 2) {
    const int count = r.at(at + 1).value;
    if (count < 1 || count > 53) return std::nullopt;
    const auto said = year(r, at + 2, false, nullptr);
    int in = said ? said->value : static_cast<int>(r.today().year());
    const auto monday = [&] { return plus(monday_of(*date_of(in, 1, 4)), days(7 * (count - 1))); };
    if (!said && r.prefer != Prefer::past && plus(monday(), days(7)) <= r.today()) ++in;
    return At{week_from(monday()), said ? said->next : at + 2};
  }
  return std::nullopt;
}

Maybe<Found> month_or_year_from_now(const Reader& r, std::size_t i) {
  std::size_t at =
      r.skip(i, {"au", "le", "l", "ce", "cette", "cet", "la", "de l", "du", "en", "d"});
  const bool present = at > i && r.phrase(i, {"ce", "cette", "cet"});
  const auto made = [&](int step, bool is_year, std::size_t next) {
    const CivilDate first = is_year
                                ? CivilDate((r.today().year() + std::chrono::years(step)) / 1 / 1)
                                : CivilDate(first_of_month(r.today()) + months(step));
    return At{months_from(first, is_year ? 12 : 1, is_year ? Grain::year : Grain::month), next};
  };
  std::optional<Way> before = way_word(r.at(at));
  if (before) ++at;
  const bool is_year = r.is(at, "annee") || r.is(at, "an");
  if (!is_year && !r.is(at, "mois")) return std::nullopt;
  ++at;
  if (before) return made(step_of(*before), is_year, at);
  if (const auto way = way_word(r.at(at))) return made(step_of(*way), is_year, at + 1);
  if (const auto next = r.phrase(at, {"d apres", "qui vient", "a venir"}))
    return made(1, is_year, next);
  if (const auto next = r.phrase(at, {"en cours", "courant", "courante"}))
    return made(0, is_year, next);
  if (!present || r.phrase(at, {"de", "d"})) return std::nullopt;
  return made(0, is_year, r.skip(at, {"ci"}));
}

// Quarters and semesters: "premier trimestre 2026", "T1 2026", "ce semestre".
Maybe<Found> part_of_year(const Reader& r, std::size_t i) {
  std::size_t at = r.skip(i, {"au", "le", "du", "ce"});
  const bool present = at > i && r.is(i, "ce");
  std::optional<int> number;
  std::optional<Way> way;
  std::optional<int> in;
  if (const auto said = year(r, at, false, nullptr);
      said && (r.is(said->next, "trimestre") || r.is(r.skip(said->next, {"-"}), "trimestre") ||
               r.phrase(r.skip(said->next, {"-"}), {"t", "s", "q", "h"}))) {
    in = said->value;
    at = r.skip(said->next, {"-"});
  }
  if (const auto nth = ordinal(r, at); nth && nth->value > 0 && !r.phrase(at, {"seconde"}))
    number = nth->value, at = nth->next;
  else if (const auto before = way_word(r.at(at)))
    way = before, ++at;
  const bool short_form = r.phrase(at, {"t", "s", "q", "h"}) && r.number(at + 1) &&
                          r.at(at + 1).glued && r.at(at + 1).digits() == 1 && !r.at(at + 2).glued;
  if (!short_form && !r.phrase(at, {"trimestre", "semestre"})) return std::nullopt;
  const unsigned size = r.phrase(at, {"semestre", "s", "h"}) ? 6 : 3;
  ++at;
  if (!number && r.number(at) && r.at(at).digits() == 1) number = r.at(at).value, ++at;
  if (!in && !way) {
    const std::size_t of = r.skip(at, {"de l annee", "de", "-"});
    if (const auto said = year(r, of, false, nullptr))
      in = said->value, at = said->next;
    else if (const auto span = month_or_year_from_now(r, r.skip(at, {"de"}));
             span && span->value.grain == Grain::year)
      in = static_cast<int>(civil_date(*span->value.start).year()), at = span->next;
    else if (number && of > at && r.is(of - 1, "annee"))
      at = of;
    else if (const auto after = way_word(r.at(at)))
      way = after, ++at;
    else if (const auto next = r.phrase(at, {"en cours", "a venir"}))
      way = r.is(at, "en") ? Way::present : Way::next, at = next;
  }
  if (number) {
    if (*number < 1 || *number > static_cast<int>(12 / size) || (short_form && !in))
      return std::nullopt;
    int of = in.value_or(static_cast<int>(r.today().year()));
    const auto first = [&] {
      return date_of(of, (static_cast<unsigned>(*number) - 1) * size + 1, 1);
    };
    if (!in && r.prefer != Prefer::past && first() && *first() + months(size) <= r.today()) ++of;
    if (!first()) return std::nullopt;
    Found found = months_from(*first(), static_cast<int>(size), Grain::quarter);
    found.doubts.year_guessed = !in;
    return At{found, at};
  }
  if (!way && !present) return std::nullopt;
  const CivilDate first = first_of_block(r.today(), size) +
                          months(step_of(way.value_or(Way::present)) * static_cast<int>(size));
  return At{months_from(first, static_cast<int>(size), Grain::quarter), at};
}

// By the days on which seasons usually begin; the astronomical day varies by one.
Maybe<Found> season(const Reader& r, std::size_t i) {
  struct Season {
    std::string_view name;
    unsigned month, day;
  };
  static constexpr Season kSeasons[] = {
      {"printemps", 3, 20}, {"ete", 6, 21}, {"automne", 9, 22}, {"hiver", 12, 21}};
  std::size_t at = r.skip(
      i, {"cet", "cette", "ce", "l", "en", "au", "le", "a l", "d", "de l", "tout l", "pendant l"});
  const bool introduced = at > i;
  std::optional<Way> way;
  if (const auto before = way_word(r.at(at))) way = before, ++at;
  for (std::size_t k = 0; k < 4; ++k) {
    if (!r.is(at, kSeasons[k].name)) continue;
    // "il a été": the past participle.
    const bool participle = k == 1 && (r.is(i, "d") || (!introduced && !way));
    std::size_t next = at + 1;
    const auto said = year(r, next, false, nullptr);
    if (said)
      next = said->next;
    else if (const auto after = way_word(r.at(next)))
      way = after, ++next;
    if (!introduced && !way && !said) return std::nullopt;
    if (participle && !said && !way) return std::nullopt;
    const auto from = [&](int of) { return *date_of(of, kSeasons[k].month, kSeasons[k].day); };
    const auto to = [&](int of) {
      return k == 3 ? *date_of(of + 1, 3, 20)
                    : *date_of(of, kSeasons[k + 1].month, kSeasons[k + 1].day);
    };
    int of = said ? said->value : static_cast<int>(r.today().year()) - 1;
    if (of <= kFirstYear || of >= kLastYear - 3) return std::nullopt;
    const bool past = way == Way::last || (!way && r.prefer == Prefer::past);
    if (!said && past) {
      while (to(of + 1) <= r.today()) ++of;
    } else if (!said) {
      while (to(of) <= r.today() || (way == Way::next && from(of) <= r.today())) ++of;
    }
    return At{interval(midnight(from(of)), midnight(to(of)), Grain::quarter), next};
  }
  return std::nullopt;
}

Found weekend_of(CivilDate monday) {
  return interval(midnight(plus(monday, days(5))), midnight(plus(monday, days(7))), Grain::day);
}

std::size_t weekend_word(const Reader& r, std::size_t i) {
  return r.phrase(i, {"week end", "weekend"});
}

Maybe<Found> weekend(const Reader& r, std::size_t i) {
  std::size_t at = r.skip(i, {"ce", "le", "cet", "au", "du", "pendant le"});
  std::optional<Way> way;
  const auto nth = ordinal(r, at);
  if (nth && weekend_word(r, nth->next)) {
    if (const auto span = month_span(r, weekend_word(r, nth->next))) {
      const CivilDate first = civil_date(*span->value.start), beyond = civil_date(*span->value.end);
      CivilDate saturday =
          plus(first, days((12 - weekday_of(first)) % 7 + 7 * (std::max(nth->value, 1) - 1)));
      if (nth->value < 0)
        while (plus(saturday, days(7)) < beyond) saturday = plus(saturday, days(7));
      Found found = weekend_of(plus(saturday, days(-5)));
      found.doubts = span->value.doubts;
      return At{found, span->next};
    }
  }
  if (const auto before = way_word(r.at(at))) way = before, ++at;
  const bool we = r.is(at, "we") && (r.phrase(i, {"ce", "le", "du"}) || way_word(r.at(at + 1)));
  const std::size_t word = we ? at + 1 : weekend_word(r, at);
  if (!word) return std::nullopt;
  at = word;
  if (const auto of = r.phrase(at, {"du", "de", "de la", "de l"}))
    if (const auto found = day(r, of))
      if (const auto date = resolve(r, found->value))
        return At{weekend_of(monday_of(civil_date(*date->start))), found->next};
  if (const auto after = way_word(r.at(at)); after && !way)
    way = after, ++at;
  else if (const auto next = r.phrase(at, {"d apres", "qui vient", "a venir"}))
    way = Way::next, at = next;
  const unsigned today = weekday_of(r.today());
  int weeks = way == Way::last ? -1 : way == Way::next && today > 4 ? 1 : 0;
  if (!way && r.prefer == Prefer::past && today < 5) weeks = -1;
  return At{weekend_of(plus(monday_of(r.today()), days(7 * weeks))), at};
}

// A public holiday and the days off that it joins to a week-end.
Maybe<Found> bridge(const Reader& r, std::size_t i) {
  const auto of = r.phrase(r.skip_article(i), {"pont de la", "pont de l", "pont de", "pont du",
                                               "week end prolonge de la", "week end prolonge du",
                                               "week end prolonge de l"});
  const auto found = of ? day(r, of) : std::nullopt;
  if (!found || (!found->value.feast && !found->value.month)) return std::nullopt;
  const auto date = resolve(r, found->value);
  if (!date) return std::nullopt;
  const CivilDate holiday = civil_date(*date->start), monday = monday_of(holiday);
  CivilDate from = holiday, last = holiday;
  if (weekday_of(holiday) <= 1) from = plus(monday, days(-2));
  if (weekday_of(holiday) >= 3)
    from = std::min(holiday, plus(monday, days(5))), last = plus(monday, days(6));
  Found span = interval(midnight(from), midnight(plus(last, days(1))), Grain::day);
  span.doubts = date->doubts;
  return At{span, found->next};
}

enum class Edge { early, middle, late };

Found edge_of(const Found& whole, Edge edge) {
  const CivilDate first = civil_date(*whole.start), beyond = civil_date(*whole.end);
  const auto cut = [&](CivilDate from, CivilDate to) {
    Found found = interval(midnight(from), midnight(to),
                           whole.grain == Grain::year ? Grain::month : Grain::day);
    found.doubts = whole.doubts;
    found.doubts.approximate = true;
    return found;
  };
  const auto pick = [&](auto a, auto b, auto c, auto d) {
    return edge == Edge::early ? cut(first, a) : edge == Edge::middle ? cut(b, c) : cut(d, beyond);
  };
  switch (whole.grain) {
    case Grain::week:
      return pick(plus(first, days(2)), plus(first, days(2)), plus(first, days(4)),
                  plus(first, days(3)));
    case Grain::year:
      return pick(first + months(2), first + months(4), first + months(8), first + months(10));
    case Grain::month:
      return pick(plus(first, days(10)), plus(first, days(10)), plus(first, days(20)),
                  plus(first, days(20)));
    default:
      return pick(plus(first, (midnight(beyond) - midnight(first)) / days(3) * days(1)),
                  plus(first, (midnight(beyond) - midnight(first)) / days(3) * days(1)),
                  plus(beyond, -((midnight(beyond) - midnight(first)) / days(3) * days(1))),
                  plus(beyond, -((midnight(beyond) - midnight(first)) / days(3) * days(1))));
  }
}

// "fin du mois", "début janvier", "mi-mars", "première quinzaine d'avril".
Maybe<Found> edge(const Reader& r, std::size_t i) {
  std::size_t at =
      r.skip(i, {"en", "au", "a la", "la", "le", "vers", "des", "des le", "des la", "vers la"});
  if (const auto nth = ordinal(r, at); nth && r.is(nth->next, "quinzaine")) {
    const auto span = month_span(r, nth->next + 1);
    if (!span) return std::nullopt;
    const CivilDate first = civil_date(*span->value.start), half = plus(first, days(15));
    Found found = nth->value == 1 ? interval(midnight(first), midnight(half), Grain::day)
                                  : interval(midnight(half), *span->value.end, Grain::day);
    found.doubts = span->value.doubts;
    return At{found, span->next};
  }
  std::optional<Edge> which;
  if (r.is(at, "debut")) which = Edge::early;
  if (r.phrase(at, {"mi", "milieu", "courant"})) which = Edge::middle;
  if (r.is(at, "fin")) which = Edge::late;
  if (!which) return std::nullopt;
  const bool whole = r.is(at, "courant");
  ++at;
  const std::size_t of = r.skip(at, {"du mois de", "du mois d", "du", "de la", "de l", "de", "d"});
  std::optional<At<Found>> base;
  const bool named = of > at || whole || r.is(at, "mois") || r.is(at, "annee");
  if (const auto next = r.phrase(of, {"mois", "mois ci"});
      next && named && !way_word(r.at(next)) && !r.phrase(next, {"d apres", "de", "d", "a venir"}))
    base = At{months_from(first_of_month(r.today()), 1, Grain::month), next};
  else if (const auto y = r.phrase(of, {"annee"});
           y && named && !way_word(r.at(y)) && !year(r, y, false, nullptr))
    base = At{months_from(r.today().year() / 1 / 1, 12, Grain::year), y};
  else if (const auto w = r.phrase(of, {"semaine"});
           w && named && !way_word(r.at(w)) && !r.phrase(w, {"du"}))
    base = At{week_from(monday_of(r.today())), w};
  if (!base) base = week(r, of);
  if (!base) base = month_or_year_from_now(r, of);
  if (!base) base = part_of_year(r, of);
  if (!base)
    if (const auto ref = month_or_year(r, of))
      if (const auto found = resolve(r, ref->value)) {
        base = At{*found, ref->next};
        // "début janvier" on 20 January is next year's.
        if (!whole && found->doubts.year_guessed && r.prefer != Prefer::past &&
            *edge_of(*found, *which).end <= r.now)
          if (const auto next = resolve(r, ref->value, civil_date(*found->end)))
            base->value = *next;
      }
  if (!base || !base->value.start || !base->value.end) return std::nullopt;
  if (!whole) base->value = edge_of(base->value, *which);
  return base;
}

// "les 3 prochains jours", "les dix derniers mois", "dans les 15 jours", "dans l'heure".
Maybe<Found> rolling(const Reader& r, std::size_t i) {
  if (const auto next = r.phrase(i, {"dans l heure", "dans l heure prochaine"});
      next && !r.is(next, "de"))
    return At{interval(r.now, r.now + std::chrono::hours(1), Grain::minute),
              r.skip(next, {"prochaine", "qui vient"})};
  const bool within = r.phrase(i, {"dans les", "d ici", "sous", "dans un delai de",
                                   "dans le delai de", "sous un delai de", "dans un delai d"});
  std::size_t at =
      within ? r.phrase(i, {"dans les", "d ici", "sous", "dans un delai de", "dans le delai de",
                            "sous un delai de", "dans un delai d"})
             : r.skip(i, {"les", "des", "ces", "au cours des", "dans ces", "pendant les"});
  std::optional<Way> way;
  if (const auto before = way_word(r.at(at))) way = before, ++at;  // "prochaines 24 heures"
  std::optional<At<Lasting>> span;
  const auto count = number(r, at);
  if (const auto middle = count ? way_word(r.at(count->next)) : std::nullopt) {
    const auto unit = unit_name(r.at(count->next + 1).folded);
    if (!unit || r.at(count->next + 1).folded.size() < 2) return std::nullopt;
    way = middle;
    span = At{Lasting{length_of(count->value * 100LL, *unit), unit->grain}, count->next + 2};
    if (const auto working = r.phrase(span->next, {"ouvres", "ouvrables", "de travail"}))
      span->value.length.working_days = true, span->next = working;
  } else {
    span = lasting(r, at);
    if (!span) return std::nullopt;
    if (!way) {
      if (const auto after = way_word(r.at(span->next)))
        way = after, ++span->next;
      else if (const auto next = r.phrase(span->next, {"a venir", "qui viennent", "qui suivent"}))
        way = Way::next, span->next = next;
    }
  }
  if (!way && !within) return std::nullopt;
  if (way == Way::last) {
    const LocalTime to = span->value.grain < Grain::day ? r.now : midnight(r.today());
    const auto from = moved(r, to, span->value.length, -1);
    if (!from) return std::nullopt;
    return At{interval(*from, to, span->value.grain < Grain::day ? span->value.grain : Grain::day),
              span->next};
  }
  if (span->value.grain < Grain::day) {
    const auto to = moved(r, r.now, span->value.length, 1);
    if (!to) return std::nullopt;
    return At{interval(r.now, *to, span->value.grain), span->next};
  }
  // A delay counts from tomorrow on: its last day is today + N. "Sous 8 jours" may begin today.
  const LocalTime today = midnight(r.today());
  const auto last = moved(r, today, span->value.length, 1);
  if (!last) return std::nullopt;
  const LocalTime from = way == Way::next ? today + days(1) : today;
  Found found = interval(from, *last + days(1), Grain::day);
  found.doubts.approximate = span->value.approximate;
  return At{found, span->next};
}

Maybe<Found> decade_or_century(const Reader& r, std::size_t i) {
  const std::size_t at = r.skip_article(i);
  if (r.is(at, "annees")) {
    const auto value = number(r, at + 1);
    if (!value || value->value % 10 != 0) return std::nullopt;
    int from = value->value;
    if (from < 100) from += from > static_cast<int>(r.today().year()) % 100 ? 1900 : 2000;
    if (from < kFirstYear || from + 10 > kLastYear) return std::nullopt;
    return At{months_from(*date_of(from, 1, 1), 120, Grain::year), value->next};
  }
  const auto nth = ordinal(r, at);
  if (!nth || !r.is(nth->next, "siecle") || nth->value < 11 || nth->value > 29) return std::nullopt;
  return At{months_from(*date_of((nth->value - 1) * 100 + 1, 1, 1), 1200, Grain::year),
            nth->next + 1};
}

// Whether a month or a year may stand without a day: "mars" is a planet, "2026" a number.
bool bare_is_clear(const Reader& r, std::size_t i, const At<DayRef>& found) {
  const DayRef& ref = found.value;
  if (ref.month && (ref.year || ref.way != Way::none)) return true;
  const bool alone = i == 0 && !r.at(found.next).word() && found.next + 1 >= r.all.size();
  if (alone || r.phrase(i, {"le mois", "mois", "au mois", "annee", "l annee", "l an"})) return true;
  if (i == 0) return ref.month && *ref.month != 3 && *ref.month != 4 && *ref.month != 5;
  const bool firm =
      r.phrase(i - 1, {"en", "depuis", "avant", "apres", "debut", "fin", "mi", "courant", "mois",
                       "jusqu", "entre", "des", "fevrier", "annee", "an", "pour"});
  if (!ref.month) {
    const Token& after = r.at(found.next);
    if (after.glued && after.kind != Token::Kind::sign) return false;
    const bool listed = !after.word() || r.phrase(found.next, {"et", "ou", "a", "au"});
    return firm || (*ref.year >= 1900 && *ref.year <= 2099 && listed &&
                    r.phrase(i - 1, {"de", "et", "ou", "a"}));
  }
  if (*ref.month < 3 || *ref.month > 6) return true;
  const bool loose = r.phrase(i - 1, {"de", "d", "et", "ou", "a", "ce", ",", "-"});
  return firm || (loose && !r.at(i).capital);
}

}  // namespace

Maybe<Found> period(const Reader& r, std::size_t i) {
  if (auto found = bridge(r, i)) return found;
  if (auto found = weekend(r, i)) return found;
  if (auto found = edge(r, i)) return found;
  if (auto found = rolling(r, i)) return found;
  if (auto found = week(r, i)) return found;
  if (auto found = part_of_year(r, i)) return found;
  if (auto found = month_or_year_from_now(r, i)) return found;
  if (auto found = season(r, i)) return found;
  if (auto found = decade_or_century(r, i)) return found;
  const auto ref = month_or_year(r, i);
  if (!ref || !bare_is_clear(r, i, *ref)) return std::nullopt;
  const auto found = resolve(r, ref->value);
  if (!found) return std::nullopt;
  return At{*found, ref->next};
}

}  // namespace parvis::dates
