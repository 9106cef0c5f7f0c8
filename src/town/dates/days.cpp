// One civil day as words say it.
#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using Way = DayRef::Way;
using std::chrono::days;

DayRef fixed(CivilDate date) {
  DayRef ref;
  ref.fixed = date;
  return ref;
}

Maybe<DayRef> relative_word(const Reader& r, std::size_t i) {
  static constexpr std::pair<std::string_view, int> kWords[] = {
      {"aujourd hui", 0}, {"aujourdhui", 0},   {"aujourd ui", 0},   {"ajd", 0},   {"auj", 0},
      {"ce jour", 0},     {"apres demain", 2}, {"demain", 1},       {"2main", 1}, {"dem1", 1},
      {"avant hier", -2}, {"hier", -1},        {"surlendemain", 2},
  };
  for (const auto& [words, offset] : kWords)
    if (const auto next = r.phrase(i, words)) {
      DayRef ref = fixed(plus(r.today(), days(offset)));
      if (const auto week = r.phrase(next, {"en huit", "en 8"}))
        return ref.weeks = 1, At{ref, week};
      if (const auto week = r.phrase(next, {"en quinze", "en 15"}))
        return ref.weeks = 2, At{ref, week};
      return At{ref, next};
    }
  return std::nullopt;
}

// What makes "le 23" a day: nothing follows it that a number could count.
bool stands_alone(const Reader& r, std::size_t next) {
  const Token& after = r.at(next);
  if (after.is("/") || after.is("-") || after.is("°")) return after.is("-") && !after.glued;
  if ((after.is(".") || after.is(",") || after.is(":")) && after.glued && r.at(next + 1).number() &&
      r.at(next + 1).glued)
    return false;
  if (after.number() && !r.phrase(next + 1, {"h", ":", "heures"})) return false;
  if (!after.word()) return true;
  if (after.glued) return false;
  return part_name(after.folded) || way_word(after) ||
         r.phrase(next, {"a",    "au",    "de",    "entre", "et",   "ou",    "vers", "pour",
                         "du",   "apres", "avant", "mais",  "en",   "je",    "nous", "on",
                         "svp",  "merci", "jusqu", "c",     "des",  "le",    "si",   "dans",
                         "puis", "est",   "ca",    "sera",  "midi", "plutot"}) != 0;
}

// "appelez le 15": emergency numbers.
bool is_called(const Reader& r, std::size_t i, unsigned day) {
  if (day != 15 && day != 17 && day != 18) return false;
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    const std::string& word = r.at(i - back).folded;
    for (const std::string_view stem :
         {"appel", "compos", "contact", "joign", "faire", "faites", "numero"})
      if (word.starts_with(stem)) return true;
  }
  return false;
}

// The month that the end of a list gives: "le 18 et le 19 juin", "les 12, 13 et 14 mars 2027".
void month_from_list(const Reader& r, std::size_t i, DayRef& ref) {
  for (std::size_t reach = 0; reach < kReach; ++reach) {
    const auto link = r.phrase(i, {"et", "ou", ",", "puis"});
    if (!link) return;
    std::size_t at = r.skip(link, {"le", "les", "au", "et"});
    if (const auto named = weekday(r, at)) at = named->next;
    const auto day = number_of_day(r, at);
    if (!day) return;
    if (const auto name = month(r, r.skip(day->next, {"de", "d"}))) {
      ref.month = name->value;
      if (const auto said = year(r, name->next, true, &ref.doubts)) ref.year = said->value;
      return;
    }
    i = day->next;
  }
}

// "premier lundi de mars", "dernier jour d'octobre 2015", "4e jour de juillet".
Maybe<DayRef> nth_of_month(const Reader& r, std::size_t i) {
  const auto nth = ordinal(r, i);
  if (!nth || nth->value == 0 || nth->value > 31) return std::nullopt;
  const auto named = weekday(r, nth->next);
  if (!named && !r.is(nth->next, "jour")) return std::nullopt;
  const auto span = month_span(r, named ? named->next : nth->next + 1);
  if (!span || !span->value.start || !span->value.end) return std::nullopt;
  const CivilDate first = civil_date(*span->value.start);
  const CivilDate beyond = civil_date(*span->value.end);
  CivilDate day = first;
  if (named) {
    const unsigned ahead = (named->value + 7 - weekday_of(first)) % 7;
    day =
        plus(first, days(ahead + 7 * (nth->value > 0 ? static_cast<unsigned>(nth->value) - 1 : 0)));
    if (nth->value < 0)
      while (plus(day, days(7)) < beyond) day = plus(day, days(7));
  } else {
    day = nth->value > 0 ? plus(first, days(nth->value - 1)) : plus(beyond, days(-1));
  }
  if (day >= beyond) return std::nullopt;
  DayRef ref = fixed(day);
  ref.doubts.year_guessed = span->value.doubts.year_guessed;
  return At{ref, span->next};
}

// The number of the day is read; its month, year and what it is relative to follow.
Maybe<DayRef> after_number(const Reader& r, std::size_t i, DayRef ref, bool article) {
  const std::size_t at = r.skip(i, {"de", "d", "du mois de", "du mois d"});
  if (const auto name = month(r, at)) {
    // "3 sept heures", "12 mar" are not months; "3 sept" is.
    ref.month = name->value;
    std::size_t next = name->next;
    if (r.is(at, "sept") && unit_name(r.at(next).folded)) return std::nullopt;
    if (const auto said = year(r, next, true, &ref.doubts))
      ref.year = said->value, next = said->next;
    else if (r.phrase(next, {"dernier", "passe"}))
      ref.way = Way::last, ++next;
    else if (r.phrase(next, {"prochain"}))
      ref.way = Way::next, ++next;
    return At{ref, next};
  }
  if (const auto span = month_span(r, i); span && (article || ref.weekday)) {
    const CivilDate first = civil_date(*span->value.start);
    const auto date =
        date_of(static_cast<int>(first.year()), static_cast<unsigned>(first.month()), *ref.day);
    if (!date) return std::nullopt;
    return At{fixed(*date), span->next};
  }
  if (!article && !ref.weekday) {
    // "13" of "les 12, 13 et 14 mars"
    const std::size_t at_number = i - 1;
    if (at_number < 2 || !r.phrase(at_number - 1, {",", "et", "ou"}) ||
        !r.at(at_number - 2).number())
      return std::nullopt;
    month_from_list(r, i, ref);
    if (!ref.month) return std::nullopt;
    return At{ref, i};
  }
  if (r.phrase(i, {"ce mois ci", "ce mois"})) {
    const CivilDate today = r.today();
    const auto date =
        date_of(static_cast<int>(today.year()), static_cast<unsigned>(today.month()), *ref.day);
    if (date) return At{fixed(*date), r.phrase(i, {"ce mois ci", "ce mois"})};
  }
  if (!stands_alone(r, i)) return std::nullopt;
  month_from_list(r, i, ref);
  return At{ref, i};
}

Maybe<DayRef> with_weekday(const Reader& r, std::size_t i) {
  const auto named = weekday(r, i);
  if (!named) return std::nullopt;
  DayRef ref;
  ref.weekday = named->value;
  std::size_t at = named->next;
  const std::size_t inner = r.skip(at, {", le", "le", ",", "("});
  if (auto date = numeric(r, inner)) {
    date->value.weekday = named->value;
    if (r.is(inner - 1, "(") && r.is(date->next, ")")) ++date->next;
    return date;
  }
  if (const auto day = number_of_day(r, inner);
      day && !r.is(day->next, "h") && !r.is(day->next, ":")) {
    DayRef dated = ref;
    dated.day = day->value;
    if (auto found = after_number(r, day->next, dated, false);
        found && !(found->value.month == std::nullopt && unit_name(r.at(day->next).folded))) {
      if (r.is(inner - 1, "(") && r.is(found->next, ")")) ++found->next;
      return found;
    }
  }
  if (const auto next = r.phrase(at, {"en huit", "en 8"})) return ref.weeks = 1, At{ref, next};
  if (const auto next = r.phrase(at, {"en quinze", "en 15"})) return ref.weeks = 2, At{ref, next};
  if (const auto week = week_offset(r, at)) {
    const CivilDate monday = plus(monday_of(r.today()), days(7 * week->value));
    return At{fixed(plus(monday, days(named->value))), week->next};
  }
  if (const auto way = way_word(r.at(at))) {
    ref.way = *way;
    return At{ref, at + 1};
  }
  if (const auto next = r.phrase(at, {"d apres", "qui vient", "a venir"}))
    return ref.way = Way::next, At{ref, next};
  return At{ref, at};
}

Maybe<DayRef> feast(const Reader& r, std::size_t i) {
  const std::size_t begin =
      r.skip(i, {"jour de la", "jour de l", "jour de", "jour du", "fete de la", "fete de"});
  for (const Feast& each : feasts()) {
    std::size_t at = begin;
    DayRef ref;
    if (const auto way = way_word(r.at(at))) ref.way = *way, ++at;
    auto next = r.phrase(at, each.words);
    if (!next && begin != i) next = r.phrase(at = i, each.words);
    if (!next) continue;
    // "le père Noël", "l'Ascension du mont Blanc", "Saint-Jean-de-Luz", "rue de la Toussaint".
    if (each.words == "noel" && i > 0 &&
        (r.is(i - 1, "pere") || r.is(i - 1, "mme") || r.is(i - 1, "m")))
      continue;
    if (each.words == "ascension" && r.phrase(next, {"du", "de"}) && !year(r, next, false, nullptr))
      continue;
    if (r.at(next).dashed) continue;
    if (each.words == "armistice") next = r.skip(next, {"de 1918", "du 11 novembre 1918"});
    ref.feast = &each;
    if (const auto said = year(r, next, false, nullptr))
      ref.year = said->value, next = said->next;
    else if (const auto way = way_word(r.at(next)))
      ref.way = *way, ++next;
    return At{ref, next};
  }
  return std::nullopt;
}

// Everything but days counted from another.
Maybe<DayRef> plain_day(const Reader& r, std::size_t i) {
  if (auto found = relative_word(r, i)) return found;
  const std::size_t at = r.skip(i, {"le", "la", "l", "les", "ce", "cet", "cette", "a la", "a l"});
  const bool present = at > i && r.phrase(i, {"ce", "cet", "cette"});
  // "du 3", "au 3": the caller may have read the article.
  const bool article = (at > i && r.phrase(i, {"le", "les", "ce"})) ||
                       (at == i && i > 0 && r.phrase(i - 1, {"le", "du", "au", "les", "des"}));
  if (auto found = relative_word(r, at)) return found;
  if (auto found = nth_of_month(r, at)) return found;
  if (const auto week = week_offset(r, i))
    if (const auto named = weekday(r, r.skip(week->next, {"le", ",", "-", "- le"}))) {
      const CivilDate monday = plus(monday_of(r.today()), days(7 * week->value));
      return At{fixed(plus(monday, days(named->value))), named->next};
    }
  if (auto found = feast(r, at)) return found;
  if (const auto way = way_word(r.at(at)))
    if (auto found = with_weekday(r, at + 1)) {
      if (found->value.way == Way::none && !found->value.fixed) found->value.way = *way;
      return found;
    }
  if (auto found = with_weekday(r, at)) {
    if (present && found->value.way == Way::none) found->value.way = Way::present;
    return found;
  }
  if (auto found = numeric(r, at)) return found;
  const auto day = number_of_day(r, at);
  if (!day || is_called(r, at, day->value)) return std::nullopt;
  DayRef ref;
  ref.day = day->value;
  // "21, lundi"
  if (const auto named = weekday(r, r.skip(day->next, {","})); named && article) {
    ref.weekday = named->value;
    return At{ref, named->next};
  }
  return after_number(r, day->next, ref, article);
}

// "la veille de Noël", "le lendemain", "3 jours après Pâques", "dans deux semaines".
Maybe<DayRef> counted(const Reader& r, std::size_t i) {
  const std::size_t at = r.skip_article(i);
  if (const auto eve = r.phrase(at, {"veille", "lendemain", "surlendemain"})) {
    const int shift = r.is(at, "veille") ? -1 : r.is(at, "lendemain") ? 1 : 2;
    if (const auto of = r.phrase(eve, {"de", "du", "d"}))
      if (auto day = plain_day(r, of)) return day->value.shift += shift, day;
    if (at == i && !r.is(at, "lendemain") && i > 0) return std::nullopt;
    return At{fixed(plus(r.today(), days(shift))), eve};
  }
  const auto from_now = [&](const Lasting& span, int sign, std::size_t next) -> Maybe<DayRef> {
    if (span.grain < Grain::day) return std::nullopt;
    const auto there = moved(r, midnight(r.today()), span.length, sign);
    if (!there) return std::nullopt;
    DayRef ref = fixed(civil_date(*there));
    ref.doubts.approximate = span.approximate;
    return At{ref, next};
  };
  if (const auto within = r.phrase(i, {"dans", "d ici a", "dans environ"}))
    if (const auto span = lasting(r, r.skip(within, {"environ", "a peu pres"}));
        span && !r.phrase(span->next,
                          {"apres", "a partir d", "a partir de", "a partir du", "a compter de"}))
      return from_now(span->value, 1, span->next);
  if (const auto ago = r.phrase(i, {"il y a", "il ya", "y a", "voici", "voila"}))
    if (const auto span = lasting(r, r.skip(ago, {"a peu pres", "environ", "deja", "plus de"})))
      return from_now(span->value, -1, span->next);
  const auto span = lasting(r, r.skip(i, {"dans"}));
  if (!span || span->value.grain < Grain::day) return std::nullopt;
  const auto from = r.phrase(span->next, {"apres", "a partir de", "a partir du", "a partir d",
                                          "a compter de", "a compter du", "depuis", "avant"});
  if (from) {
    const int sign = r.is(span->next, "avant") ? -1 : 1;
    const auto base = plain_day(r, from);
    const auto day = base ? resolve(r, base->value) : std::nullopt;
    if (day) {
      const auto there = moved(r, *day->start, span->value.length, sign);
      if (!there) return std::nullopt;
      DayRef ref = fixed(civil_date(*there));
      ref.doubts.approximate = span->value.approximate;
      return At{ref, base->next};
    }
  }
  if (const auto later = r.phrase(span->next, {"plus tard", "apres"}); later && !r.at(later).word())
    return from_now(span->value, 1, later);
  if (const auto before = r.phrase(span->next, {"plus tot", "auparavant"}))
    return from_now(span->value, -1, before);
  return std::nullopt;
}

}  // namespace

std::optional<DayRef::Way> way_word(const Token& word) {
  if (word.is("pro") || word.is("proch")) return Way::next;
  for (const std::string_view stem : {"prochain", "suivant"})
    if (word.folded.starts_with(stem)) return Way::next;
  for (const std::string_view stem : {"dernier", "precedent", "passe"})
    if (word.folded.starts_with(stem) && word.folded.size() < stem.size() + 3) return Way::last;
  return std::nullopt;
}

// "semaine prochaine": weeks from this one.
Maybe<int> week_offset(const Reader& r, std::size_t i) {
  std::size_t at = r.skip(i, {"de la", "la", "de l", "de", "cette", ","});
  const bool present = at > i && r.is(at - 1, "cette");
  if (const auto way = way_word(r.at(at)); way && r.is(at + 1, "semaine"))
    return At{*way == Way::next ? 1 : -1, at + 2};
  if (!r.is(at, "semaine")) return std::nullopt;
  ++at;
  if (present) return At{0, at};
  if (const auto way = way_word(r.at(at))) return At{*way == Way::next ? 1 : -1, at + 1};
  if (const auto next = r.phrase(at, {"d apres", "qui vient", "a venir", "qui suit"}))
    return At{1, next};
  return std::nullopt;
}

Maybe<unsigned> weekday(const Reader& r, std::size_t i) {
  const auto name = weekday_name(r.at(i).folded);
  if (!name) return std::nullopt;
  if (name->spelling == Spelling::full) return At{name->number, i + 1};
  const std::size_t next = r.is(i + 1, ".") ? i + 2 : i + 1;
  if (r.number(next) && !r.at(i).glued && (next == i + 2 || !r.at(next).glued))
    return At{name->number, next};
  return std::nullopt;
}

// The number of a day in its month: "3", "1er", "vingt-quatre".
Maybe<unsigned> number_of_day(const Reader& r, std::size_t i) {
  Maybe<int> value;
  if (const auto nth = ordinal(r, i); nth && (r.number(i) || nth->value == 1))
    value = nth;
  else if (!r.number(i) || r.at(i).digits() <= 2)
    value = number(r, i);
  if (!value || value->value < 1 || value->value > 31) return std::nullopt;
  if (r.at(value->next).is("°") || r.at(value->next).is("%")) return std::nullopt;
  return At{static_cast<unsigned>(value->value), value->next};
}

// "mois prochain", "ce mois-ci", "mars 2027", after "du" or "de".
Maybe<Found> month_span(const Reader& r, std::size_t i) {
  const bool of_month = r.phrase(i, {"le mois", "ce mois"}) && way_word(r.at(i + 2));
  const auto of = of_month ? i + 1 : r.phrase(i, {"du", "de", "d"});
  if (!of) return std::nullopt;
  DayRef ref;
  std::size_t at = r.skip(of, {"ce", "le", "mois de", "mois d"});
  if (r.is(at, "mois") && !r.phrase(at + 1, {"de", "d"})) {
    const auto way = way_word(r.at(at + 1));
    const CivilDate today = r.today();
    auto first = today.year() / today.month() / 1;
    if (way) first += std::chrono::months(*way == Way::next ? 1 : -1);
    Found found = interval(midnight(first), midnight(first + std::chrono::months(1)), Grain::month);
    return At{found, way ? at + 2 : r.skip(at + 1, {"ci", "courant", "en cours"})};
  }
  const auto name = month(r, at);
  if (!name) return std::nullopt;
  ref.month = name->value;
  at = name->next;
  if (const auto said = year(r, at, true, &ref.doubts)) ref.year = said->value, at = said->next;
  const auto found = resolve(r, ref);
  if (!found) return std::nullopt;
  return At{*found, at};
}

Maybe<DayRef> day(const Reader& r, std::size_t i) {
  if (auto found = counted(r, i)) return found;
  return plain_day(r, i);
}

Maybe<DayRef> bare_day(const Reader& r, std::size_t i) {
  DayRef ref;
  std::size_t at = r.skip_article(i);
  if (const auto named = weekday(r, at)) ref.weekday = named->value, at = named->next;
  const auto number = number_of_day(r, at);
  if (!number) {
    if (!ref.weekday) return std::nullopt;
    return At{ref, at};
  }
  ref.day = number->value;
  return At{ref, number->next};
}

Maybe<DayRef> month_or_year(const Reader& r, std::size_t i) {
  DayRef ref;
  std::size_t at = r.skip(i, {"le mois de", "le mois d", "mois de", "mois d", "au mois de",
                              "au mois d", "ce mois de", "ce mois d"});
  const bool of_month = at > i;
  if (!of_month) at = r.skip(i, {"ce", "cet", "cette", "le"});
  const bool present = at > i && !r.is(at - 1, "le") && !of_month;
  if (of_month && r.is(i, "ce")) ref.way = Way::present;
  if (present) ref.way = Way::present;
  if (const auto way = way_word(r.at(at)); way && month_name(r.at(at + 1).folded))
    ref.way = *way, ++at;
  if (const auto name = month(r, at)) {
    const bool abbreviated = month_name(r.at(at).folded)->spelling == Spelling::abbreviated;
    ref.month = name->value;
    std::size_t next = name->next;
    Doubts doubts;
    if (const auto said = year(r, next, true, &doubts)) {
      ref.year = said->value;
      ref.doubts = doubts;
      return At{ref, said->next};
    }
    if (const auto way = way_word(r.at(next))) return ref.way = *way, At{ref, next + 1};
    if (abbreviated) return std::nullopt;
    return At{ref, next};
  }
  at = r.skip(i, {"l annee", "annee", "l an", "an"});
  if (r.is(at, "-") || r.is(at, ",")) return std::nullopt;
  // "2015-03", "03/2015", "12-2015"
  if (r.number(at) && r.at(at + 1).glued && r.at(at + 2).glued &&
      (r.is(at + 1, "-") || r.is(at + 1, "/"))) {
    const Token &a = r.at(at), &b = r.at(at + 2);
    const bool plain = r.number(at + 2) &&
                       !(r.at(at + 3).glued &&
                         (r.is(at + 3, "-") || r.is(at + 3, "/") || r.at(at + 3).number())) &&
                       !(at > 0 && r.at(at).glued && !r.at(at - 1).word());
    const Token& y = a.digits() == 4 ? a : b;
    const Token& m = a.digits() == 4 ? b : a;
    if (plain && y.digits() == 4 && m.digits() <= 2 && m.value >= 1 && m.value <= 12 &&
        y.value >= kFirstYear && y.value <= kLastYear) {
      ref.year = y.value;
      ref.month = static_cast<unsigned>(m.value);
      return At{ref, at + 3};
    }
    if (plain && a.digits() == 4 && b.digits() != 4) return std::nullopt;
  }
  if (r.is(at, "de") || r.is(at, "d")) return std::nullopt;
  const auto said = year(r, at, false, nullptr);
  if (!said) return std::nullopt;
  ref.year = said->value;
  return At{ref, said->next};
}

}  // namespace parvis::dates
