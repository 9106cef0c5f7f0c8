// Times of the day, its parts, and hours from … to ….
#include <array>
#include <tuple>

#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kHalfDay = hours(12), kDay = hours(24);

// Minutes after the hour in words: "et quart", "moins dix", "trente"; they begin at i.
Maybe<int> minutes_in_words(const Reader& r, std::size_t i) {
  static constexpr auto kSayings =
      std::to_array<std::pair<std::string_view, int>>({{"et quart", 15},
                                                       {"et un quart", 15},
                                                       {"et demie", 30},
                                                       {"et demi", 30},
                                                       {"et trois quarts", 45},
                                                       {"trois quarts", 45},
                                                       {"moins le quart", -15},
                                                       {"moins quart", -15},
                                                       {"moins un quart", -15}});
  for (const auto& [words, value] : kSayings)
    if (const auto next = r.phrase(i, words)) return At{value, next};
  const bool less = r.is(i, "moins");
  const std::size_t from = r.skip(i, {"moins", "et", "passe de"});
  if (from == i && r.number(i) && !r.phrase(i + 1, {"minutes", "minute", "min", "mn"}) &&
      r.at(i).digits() != 2)
    return std::nullopt;
  const auto count = number(r, from);
  if (!count || count->value < 1 || count->value > 59) return std::nullopt;
  // "entre 2 heures et 3 heures", "9 heures 12 mars": the number is not of minutes.
  if (r.phrase(count->next,
               {"h", "heures", "heure", ":", "/", "fois", "jours", "jour", "personnes"}) ||
      month_name(r.at(count->next).folded))
    return std::nullopt;
  const auto unit = r.phrase(count->next, {"minutes", "minute", "min", "mn"});
  // "entre midi et deux", "14h et 15"
  if (r.is(i, "et") && !unit && (r.number(from) || count->value < 5)) return std::nullopt;
  return At{less ? -count->value : count->value, unit ? unit : count->next};
}

// "pm", "p.m.", "du matin", "de l'après-midi", "du soir".
Maybe<PartOfDay> half_said(const Reader& r, std::size_t i) {
  if (const auto next = r.phrase(i, {"pm", "p . m .", "p . m"}))
    return At{PartOfDay::afternoon, next};
  if (const auto next = r.phrase(i, {"am", "a . m .", "a . m"}))
    return At{PartOfDay::morning, next};
  std::size_t at =
      r.phrase(i, {"du", "de la", "de l", "dans l", "dans la", "le", "en", "cet", "cette", "ce"});
  const bool bare = at == 0;
  if (bare) at = i;
  if (const auto next = r.phrase(at, {"apres midi", "aprem", "apres m"}))
    return At{PartOfDay::afternoon, next};
  if (bare || r.is(i, "ce") || r.is(i, "cette") || r.is(i, "cet")) {
    if (!bare || !r.is(at, "matin")) return std::nullopt;
  }
  if (const auto name = part_name(r.at(at).folded)) return At{*name, at + 1};
  return std::nullopt;
}

Maybe<Clock> noon_or_midnight(const Reader& r, std::size_t i) {
  const bool noon = r.is(i, "midi");
  if (!noon && !r.is(i, "minuit")) return std::nullopt;
  // "dans le Midi", "Midi-Pyrénées": the south.
  if (noon &&
      ((r.at(i).capital && !r.at(i).opens && i > 0 && r.is(i - 1, "le")) || r.at(i + 1).dashed))
    return std::nullopt;
  Clock clock{.since_midnight = noon ? kHalfDay : seconds(0), .marked = true};
  std::size_t next = i + 1;
  if (const auto more = minutes_in_words(r, next)) {
    clock.since_midnight += minutes(more->value);
    if (clock.since_midnight < seconds(0)) clock.since_midnight += kDay;
    clock.grain = Grain::minute;
    next = more->next;
  }
  return At{clock, next};
}

// What follows the hour's number: "h30", ":30", " heures moins le quart", "pm".
Maybe<Clock> after_hour(const Reader& r, std::size_t i, int hour, bool digits) {
  Clock clock{.since_midnight = hours(hour)};
  const auto two_digits = [&](std::size_t at) {
    return r.number(at) && r.at(at).digits() == 2 && r.at(at).value < 60;
  };
  if (digits && r.is(i, ":") && r.at(i).glued && two_digits(i + 1) && r.at(i + 1).glued) {
    clock.since_midnight += minutes(r.at(i + 1).value);
    clock.grain = Grain::minute;
    i += 2;
    if (r.is(i, ":") && two_digits(i + 1) && r.at(i + 1).glued) {
      clock.since_midnight += seconds(r.at(i + 1).value);
      clock.grain = Grain::second;
      i += 2;
    }
    return At{clock, r.skip(i, {"h", "heures"})};
  }
  if (const auto word = r.phrase(i, {"h", "heures", "heure", "hrs"})) {
    if (r.is(word, "/")) return std::nullopt;  // "24h/24"
    const bool letter = r.is(i, "h");
    clock.spelled = !letter;
    i = word;
    if (letter && r.at(i).number() && r.at(i).glued && (r.at(i).digits() > 2 || r.at(i).value > 59))
      return std::nullopt;
    if (letter && r.number(i) && (r.at(i).glued || two_digits(i)) && r.at(i).value < 60 &&
        !r.phrase(i + 1, {"h", ":", "/", "rue", "heures"}) &&
        (r.at(i).glued || !month_name(r.at(i + 1).folded))) {
      clock.since_midnight += minutes(r.at(i).value);
      clock.grain = Grain::minute;
      return At{clock, r.at(i + 1).glued ? r.skip(i + 1, {"min", "mn", "minutes"}) : i + 1};
    }
    if (const auto more = minutes_in_words(r, i)) {
      clock.since_midnight += minutes(more->value);
      clock.grain = Grain::minute;
      // "une heure et demie" may still be a length, "deux heures trente" is not.
      clock.spelled = r.phrase(i, {"et demi", "et demie"}) != 0;
      i = more->next;
    }
    return At{clock, i};
  }
  if (digits && r.phrase(i, {"pm", "am", "p . m", "a . m"})) return At{clock, i};
  return std::nullopt;
}

}  // namespace

Clock in_part(Clock clock, PartOfDay part) {
  const auto hour = clock.since_midnight;
  clock.marked = true;
  const bool noon_on = (part == PartOfDay::afternoon && hour < kHalfDay) ||
                       (part == PartOfDay::evening && hour >= hours(4) && hour < kHalfDay) ||
                       (part == PartOfDay::night && hour >= hours(8) && hour < kHalfDay);
  if (noon_on) clock.since_midnight += kHalfDay;
  return clock;
}

Maybe<Clock> clock(const Reader& r, std::size_t i) {
  std::size_t at =
      r.skip(i, {"vers", "environ", "autour de", "aux alentours de", "a environ", "a peu pres"});
  const bool approximate = at > i;
  auto found = noon_or_midnight(r, at);
  if (!found) {
    const bool digits = r.number(at);
    if (digits && r.at(at).digits() > 2) return std::nullopt;
    const auto hour = number(r, at);
    if (!hour || hour->value > 24) return std::nullopt;
    found = after_hour(r, hour->next, hour->value, digits);
  }
  if (!found || found->value.since_midnight > kDay || found->value.since_midnight < seconds(0))
    return std::nullopt;
  found->value.approximate = approximate;
  if (const auto half = half_said(r, found->next)) {
    found->value = in_part(found->value, half->value);
    found->next = half->next;
  }
  found->next = r.skip(found->next, {"pile", "precises", "environ", "precise"});
  return found;
}

Maybe<Part> part(const Reader& r, std::size_t i) {
  std::size_t at = i;
  Part found;
  if (const auto here = r.phrase(i, {"ce", "cet", "cette"})) {
    found.today = true;
    at = here;
  }
  enum class Edge { none, early, middle, late } edge = Edge::none;
  const auto edge_words = [&](Edge which, std::initializer_list<std::string_view> words) {
    if (const auto next = r.phrase(at, words); edge == Edge::none && next) {
      edge = which;
      at = r.skip(next, {"de la", "de l", "de", "d", "du", "dans la", "dans l", "le", "la", "l",
                         "dans le"});
      if (r.phrase(at, {"ce", "cet", "cette"})) found.today = true, ++at;
    }
  };
  if (const auto next = r.phrase(at, {"a la premiere heure", "aux premieres heures"})) {
    found.from = hours(7);
    found.to = hours(9);
    return At{found, next};
  }
  at = r.skip(at, {"en", "au", "a la", "dans la", "dans le", "dans l", "pendant la", "le", "la",
                   "l", "de la", "du", "de l", "des", "des la", "un peu"});
  edge_words(Edge::early, {"debut", "tres tot", "tot", "plus tot"});
  edge_words(Edge::middle, {"milieu"});
  edge_words(Edge::late, {"fin", "tard", "plus tard"});
  const auto pick = [&](int from, int to, std::array<std::pair<int, int>, 3> edges) {
    if (edge != Edge::none) std::tie(from, to) = edges[static_cast<std::size_t>(edge) - 1];
    found.from = hours(from);
    found.to = hours(to);
  };
  if (const auto next = r.phrase(at, {"apres midi", "aprem", "apres m"})) {
    found.name = PartOfDay::afternoon;
    pick(12, 19, {{{12, 14}, {14, 17}, {17, 19}}});
    return At{found, next};
  }
  if (edge != Edge::none && r.is(at, "journee")) {
    pick(0, 24, {{{6, 10}, {11, 16}, {17, 21}}});
    return At{found, at + 1};
  }
  const auto name = part_name(r.at(at).folded);
  if (!name) return std::nullopt;
  found.name = *name;
  if (*name == PartOfDay::morning) pick(4, 12, {{{7, 9}, {9, 11}, {10, 12}}});
  if (*name == PartOfDay::evening) pick(18, 24, {{{18, 21}, {20, 22}, {21, 24}}});
  if (*name == PartOfDay::night) pick(22, 30, {{{22, 24}, {24, 27}, {27, 30}}});
  ++at;
  if (edge == Edge::none && r.phrase(at, {"tot", "tres tot"})) {
    edge = Edge::early;
    if (*name == PartOfDay::morning) pick(4, 12, {{{7, 9}, {9, 11}, {10, 12}}});
    at = r.phrase(at, {"tot", "tres tot"});
  }
  return At{found, at};
}

Maybe<ClockRange> clock_range(const Reader& r, std::size_t i, bool bare_numbers) {
  const bool between = r.is(i, "entre");
  const std::size_t begin = r.skip(i, {"entre", "de", "d", "des"});
  const bool prefixed = begin > i;
  const auto end_point = [&](std::size_t at) -> Maybe<Clock> {
    if (auto found = clock(r, at)) return found;
    const auto said = number(r, at);
    if (!said || said->value > 24 || r.phrase(at, {"un", "une"}) || r.at(at).digits() > 2)
      return std::nullopt;
    Clock bare{.since_midnight = hours(said->value), .bare = true};
    std::size_t next = said->next;
    if (const auto half = half_said(r, next)) {
      bare = in_part(bare, half->value);
      bare.bare = false;
      next = half->next;
    }
    return At{bare, next};
  };
  const auto from = end_point(begin);
  if (!from) return std::nullopt;
  const std::size_t link = between ? r.phrase(from->next, {"et", "-"})
                                   : r.phrase(from->next, {"a", "jusqu a", "-", "au", "/"});
  if (!link) return std::nullopt;
  auto to = end_point(link);
  if (!to) return std::nullopt;
  Clock first = from->value, last = to->value;
  if (first.bare && last.bare && !(bare_numbers && prefixed)) return std::nullopt;
  if (first.bare && !prefixed && !last.marked && r.is(link - 1, "-") &&
      !r.phrase(to->next - 1, {"h", "heures"}))
    return std::nullopt;
  if (last.bare && (unit_name(r.at(to->next).folded) || r.is(to->next, "/") ||
                    month_name(r.at(to->next).folded)))
    return std::nullopt;
  if (first.bare && last.bare && r.at(to->next).word() &&
      !r.phrase(to->next, {"le", "demain", "hier", "lundi", "ce", "et", "ou", "du", "aujourd"}))
    return std::nullopt;
  const bool unsaid = !first.marked && first.since_midnight < kHalfDay;
  if (last.marked && unsaid && last.since_midnight > kHalfDay &&
      first.since_midnight + kHalfDay < last.since_midnight && to->value.marked)
    first.since_midnight += (first.since_midnight >= hours(8) ? seconds(0) : kHalfDay);
  if (last.since_midnight <= first.since_midnight && !last.marked &&
      last.since_midnight + kHalfDay > first.since_midnight && last.since_midnight < kHalfDay)
    last.since_midnight += kHalfDay;
  if (last.since_midnight <= first.since_midnight) last.since_midnight += kDay;
  return At{ClockRange{first, last}, to->next};
}

}  // namespace parvis::dates
