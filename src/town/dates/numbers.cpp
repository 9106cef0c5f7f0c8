// Numbers in digits and in words, ordinals, and lengths of time.
#include <array>

#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

Maybe<int> small(const Reader& r, std::size_t i) {  // 0 to 19
  const auto unit = unit_number(r.at(i).folded);
  if (!unit) return std::nullopt;
  if (*unit == 10)
    if (const auto more = unit_number(r.at(i + 1).folded); more && *more >= 7 && *more <= 9)
      return At{10 + *more, i + 2};
  return At{*unit, i + 1};
}

Maybe<int> below_hundred(const Reader& r, std::size_t i) {
  int tens = 0;
  std::size_t next = i + 1;
  if (r.is(i, "quatre") && (r.is(i + 1, "vingt") || r.is(i + 1, "vingts"))) {
    tens = 80;
    next = i + 2;
  } else if (const auto word = tens_number(r.at(i).folded)) {
    tens = *word;
  } else {
    return small(r, i);
  }
  const bool joined =
      r.is(next, "et") && (r.is(next + 1, "un") || r.is(next + 1, "une") || r.is(next + 1, "onze"));
  const auto unit = small(r, joined ? next + 1 : next);
  const int most = tens == 60 || tens == 80 ? 19 : 9;
  if (!unit || unit->value == 0 || unit->value > most) return At{tens, next};
  return At{tens + unit->value, unit->next};
}

Maybe<int> in_words(const Reader& r, std::size_t i) {
  auto head = below_hundred(r, i);
  int value = 0;
  std::size_t next = i;
  const auto is_hundred = [&](std::size_t at) { return r.is(at, "cent") || r.is(at, "cents"); };
  if (r.is(i, "mille") || (head && head->value < 10 && r.is(head->next, "mille"))) {
    value = 1000 * (head ? head->value : 1);
    next = (head ? head->next : i) + 1;
    head = below_hundred(r, next);
    if (!head && !is_hundred(next)) return At{value, next};
  }
  if (is_hundred(head ? head->next : next) && (!head || head->value < 20)) {
    value += 100 * (head ? head->value : 1);
    next = (head ? head->next : next) + 1;
    head = below_hundred(r, next);
    if (!head) return At{value, next};
  }
  if (!head) return std::nullopt;
  return At{value + head->value, head->next};
}

struct Amount {
  std::int64_t hundredths = 0;
  bool approximate = false;
};

constexpr auto kRound = std::to_array<std::pair<std::string_view, int>>({{"dizaine", 10},
                                                                         {"huitaine", 8},
                                                                         {"quinzaine", 15},
                                                                         {"vingtaine", 20},
                                                                         {"trentaine", 30},
                                                                         {"douzaine", 12},
                                                                         {"centaine", 100},
                                                                         {"quarantaine", 40},
                                                                         {"cinquantaine", 50}});

Maybe<Amount> amount(const Reader& r, std::size_t i) {
  if (const auto next = r.phrase(i, {"quelques", "plusieurs", "quel ques"}))
    return At{Amount{300, true}, next};
  if (const auto next =
          r.phrase(i, {"une demi", "1 demi", "1 / 2", "demi", "une demie", "la demi"}))
    return At{Amount{50}, next};
  if (const auto next =
          r.phrase(i, {"un quart d", "1 quart d", "quart d", "un quart de", "1 / 4 d"}))
    return At{Amount{25}, next};
  if (const auto next = r.phrase(i, {"trois quarts d", "3 quarts d", "trois quart d", "3 / 4 d"}))
    return At{Amount{75}, next};
  if (r.is(i, "une"))
    for (const auto& [word, count] : kRound)
      if (r.is(i + 1, word) && r.is(i + 2, "de"))
        return At{Amount{count * 100, word != "quinzaine" && word != "huitaine"}, i + 3};
  if (r.number(i)) {
    if (r.at(i).value < 0) return std::nullopt;
    std::int64_t hundredths = r.at(i).value * 100LL;
    const bool point = (r.is(i + 1, ",") || r.is(i + 1, ".")) && r.at(i + 1).glued;
    if (point && r.number(i + 2) && r.at(i + 2).glued && r.at(i + 2).digits() <= 2) {
      hundredths += r.at(i + 2).value * (r.at(i + 2).digits() == 1 ? 10 : 1);
      return At{Amount{hundredths}, i + 3};
    }
    return At{Amount{hundredths}, i + 1};
  }
  const auto words = in_words(r, i);
  if (!words) return std::nullopt;
  return At{Amount{words->value * 100LL}, words->next};
}

void add(Length& sum, const Length& more) {
  sum.months += more.months;
  sum.days += more.days;
  sum.seconds += more.seconds;
}

// The unit at i, for an amount just before it. "2 s'il vous plaît" has none, "une seconde fois"
// neither, nor has "un jour férié".
std::optional<Unit> unit_after_amount(const Reader& r, std::size_t i) {
  const Token& word = r.at(i);
  if (!word.word()) return std::nullopt;
  if ((word.is("s") || word.is("j")) && !word.glued) return std::nullopt;
  if (word.is("h") && r.at(i + 1).number() && r.at(i + 1).glued && r.at(i + 1).value > 59)
    return std::nullopt;                      // "14h75"
  if (r.is(i + 1, "/")) return std::nullopt;  // "24h/24"
  if (word.is("seconde") && r.at(i + 1).word() &&
      !r.phrase(i + 1, {"apres", "avant", "plus", "et", "de"}))
    return std::nullopt;
  if (r.phrase(i + 1, {"ferie", "feries", "calendaire"}) && word.folded.starts_with("jour"))
    return std::nullopt;
  return unit_name(word.folded);
}

Maybe<Lasting> whole(const Reader& r, std::size_t i) {
  const auto next =
      r.phrase(i, {"toute la", "tout le", "toute l", "toute le", "tout l", "un autre"});
  if (!next) return std::nullopt;
  const auto unit = unit_name(r.at(next).folded);
  if (!unit || unit->grain < Grain::day) return std::nullopt;
  return At{Lasting{length_of(100, *unit), unit->grain}, next + 1};
}

}  // namespace

const Token& Reader::at(std::size_t i) const {
  static const Token kNothing;
  return i < all.size() ? all[i] : kNothing;
}

std::size_t Reader::phrase(std::size_t i, std::string_view words) const {
  // Most comparisons end here.
  if (const std::string& word = at(i).folded; word.empty() || word.front() != words.front())
    return 0;
  while (!words.empty()) {
    const auto space = words.find(' ');
    if (!is(i, words.substr(0, space))) return 0;
    ++i;
    if (space == std::string_view::npos) break;
    words.remove_prefix(space + 1);
  }
  return i;
}

std::size_t Reader::phrase(std::size_t i, std::initializer_list<std::string_view> any) const {
  for (const std::string_view words : any)
    if (const auto next = phrase(i, words)) return next;
  return 0;
}

std::size_t Reader::skip(std::size_t i, std::initializer_list<std::string_view> any) const {
  const auto next = phrase(i, any);
  return next ? next : i;
}

std::size_t Reader::skip_article(std::size_t i) const { return skip(i, {"le", "la", "l", "les"}); }

Maybe<int> number(const Reader& r, std::size_t i) {
  if (r.number(i)) {
    if (r.at(i).value < 0) return std::nullopt;
    return At{r.at(i).value, i + 1};
  }
  return in_words(r, i);
}

Maybe<int> ordinal(const Reader& r, std::size_t i) {
  if (r.number(i) && r.at(i).digits() <= 2 && r.at(i + 1).glued &&
      is_ordinal_ending(r.at(i + 1).folded))
    return At{r.at(i).value, i + 2};
  if (const auto value = ordinal_word(r.at(i).folded)) return At{*value, i + 1};
  if (const std::string& word = r.at(i).folded; word.size() > 6 && word.ends_with("ieme")) {
    static constexpr auto kTeens =
        std::to_array<std::pair<std::string_view, int>>({{"onzieme", 11},
                                                         {"douzieme", 12},
                                                         {"treizieme", 13},
                                                         {"quatorzieme", 14},
                                                         {"quinzieme", 15},
                                                         {"seizieme", 16},
                                                         {"vingtieme", 20}});
    for (const auto& [name, value] : kTeens)
      if (word == name) return At{value, i + 1};
  }
  if (const auto ten = tens_number(r.at(i).folded); ten && *ten == 20)
    if (const auto unit = ordinal_word(r.at(i + 1).folded); unit && *unit > 1)
      return At{20 + *unit, i + 2};
  return std::nullopt;
}

Length length_of(std::int64_t hundredths, Unit unit) {
  hundredths *= unit.times;
  constexpr std::int64_t kDay = 86'400;
  switch (unit.grain) {
    case Grain::second:
      return {.seconds = hundredths / 100};
    case Grain::minute:
      return {.seconds = hundredths * 60 / 100};
    case Grain::hour:
      return {.seconds = hundredths * 3600 / 100};
    case Grain::day:
      return {.days = hundredths / 100, .seconds = hundredths % 100 * kDay / 100};
    case Grain::week:
      hundredths *= 7;
      return {.days = hundredths / 100, .seconds = hundredths % 100 * kDay / 100};
    case Grain::month:
      break;
    case Grain::quarter:
      hundredths *= 3;
      break;
    case Grain::year:
      hundredths *= 12;
      break;
  }
  return {.months = hundredths / 100, .days = hundredths % 100 * 30 / 100};
}

Maybe<Lasting> lasting(const Reader& r, std::size_t i) {
  if (const auto found = whole(r, i)) return found;
  if (const auto next = r.phrase(i, {"une quinzaine", "une huitaine", "huitaine", "quinzaine"});
      next && !r.is(next, "de"))
    return At{Lasting{{.days = r.is(next - 1, "quinzaine") ? 15 : 8}}, next};
  Lasting sum;
  std::size_t next = i, read = 0;
  for (; read < 3; ++read) {
    const std::size_t begin = read > 0 ? r.skip(next, {"et"}) : next;
    const auto count = amount(r, begin);
    if (!count || count->value.hundredths > kAmount * 100) break;
    std::size_t at = count->next;
    if (read == 1 && sum.grain == Grain::hour && r.number(begin) && at == begin + 1 &&
        count->value.hundredths < 6000 && r.at(begin).digits() == 2 && !unit_after_amount(r, at) &&
        (r.at(begin).glued || r.is(begin - 1, "h"))) {
      sum.length.seconds += count->value.hundredths * 60 / 100;  // "2h30"
      sum.time_like = true;
      return At{sum, at};
    }
    at = r.skip(at, {"petites", "petite", "bonnes", "bonne", "longues", "premiers", "premieres"});
    const auto unit = unit_after_amount(r, at);
    if (unit && r.number(begin) && r.at(begin).digits() == 4 && unit->grain == Grain::second) break;
    // "2027 trimestre1", "2026 H2": a year.
    if (unit && r.number(begin) && r.at(begin).digits() == 4 && r.number(at + 1) &&
        r.at(at + 1).glued)
      break;
    if (!unit || (read > 0 && unit->grain >= sum.grain)) break;
    add(sum.length, length_of(count->value.hundredths, *unit));
    sum.grain = unit->grain;
    sum.approximate |= count->value.approximate;
    sum.time_like = read == 0 && unit->grain == Grain::hour && count->value.hundredths % 100 == 0;
    next = at + 1;
    if (const auto half = r.phrase(next, {"et demi", "et demie", "1 2"})) {
      add(sum.length, length_of(50, *unit));
      next = half;
    } else if (const auto quarter = r.phrase(next, {"et quart", "et un quart"})) {
      add(sum.length, length_of(25, *unit));
      next = quarter;
    }
    if (const auto working =
            r.phrase(next, {"ouvres", "ouvre", "ouvrables", "ouvrable", "de travail"});
        working && unit->grain == Grain::day) {
      sum.length.working_days = true;
      next = working;
    }
    next = r.skip(next, {"calendaires", "francs", "entiere", "entier", "consecutifs", "pleins"});
  }
  if (read == 0) return std::nullopt;
  return At{sum, next};
}

}  // namespace parvis::dates
