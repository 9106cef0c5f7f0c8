// Whole expressions: a day with its time, stretches, open ends, delays, lengths; then the text.
#include <algorithm>

#include "dates/grammar.hpp"
#include "text/normalise.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;

// What was said before decides whether "3 heures" is a time or a length.
bool after_time_word(const Reader& r, std::size_t i) {
  return i > 0 && r.phrase(i - 1, {"a", "vers", "des", "avant", "apres", "est", "depuis", "partir",
                                   "environ", "alentours", "jusqu", "sera", "etait"}) != 0;
}

bool after_length_word(const Reader& r, std::size_t i) {
  if (i > 0 &&
      r.phrase(i - 1, {"pendant", "pour", "durant", "duree", "en", "sur", "dans", "sous", "y"}))
    return true;
  return i > 1 && r.phrase(i - 2, {"duree de", "duree d", "plus de", "moins de", "plus d",
                                   "moins d", "delai de"});
}

std::size_t skip_link(const Reader& r, std::size_t i) {
  const std::size_t next =
      r.skip(i, {", a", ", le", ", de", "- a", "a partir", "plutot vers", "plutot", "mais",
                 "par exemple", "a environ", "autour de", "aux alentours de", ",", "a", "au",
                 "vers", "pour le", "-", "t"});
  return r.phrase(i, {"a partir"}) ? i : next;
}

struct Pieces {
  std::optional<At<Found>> day;
  std::optional<unsigned> weekday;  // when it is all that is said of the day
  std::optional<Clock> clock;
  std::optional<Part> part;
  std::optional<ClockRange> range;
  bool timed() const { return clock || range; }
};

// One more piece at `at`; where it ended, or 0.
std::size_t one_piece(const Reader& r, std::size_t at, Pieces& pieces, bool first,
                      std::size_t begin) {
  if (!pieces.timed()) {
    if (const auto found = clock_range(r, at, pieces.day.has_value()))
      return pieces.range = found->value, found->next;
    // "entre 3 et 5 le 1er mars", "de 5 à 7 demain": the day makes them hours.
    if (const auto found = pieces.day ? std::nullopt : clock_range(r, at, true);
        found && !r.at(found->next).number() && day(r, found->next))
      return pieces.range = found->value, found->next;
  }
  if (!pieces.day)
    if (const auto found = day(r, at))
      if (auto date = resolve(r, found->value)) {
        pieces.day = At{*date, found->next};
        if (!found->value.day && found->value.way == DayRef::Way::none)
          pieces.weekday = found->value.weekday;
        return found->next;
      }
  if (!pieces.timed())
    if (const auto found = clock(r, at)) {
      const bool introduced = at > begin || after_time_word(r, at) || pieces.day || pieces.part ||
                              found->value.approximate;
      if (first && after_length_word(r, at)) return 0;
      const bool doubtful = found->value.spelled && !found->value.marked &&
                            found->value.since_midnight <= std::chrono::hours(12);
      if (!doubtful || introduced) return pieces.clock = found->value, found->next;
      // "dix heures mercredi", "8 heures ce soir": what follows decides.
      if (part(r, found->next)) return pieces.clock = found->value, found->next;
      if (const auto after = r.is(found->next, "le") ? std::nullopt : day(r, found->next); after) {
        pieces.clock = found->value;
        return found->next;
      }
    }
  if (!pieces.part)
    if (const auto found = part(r, at)) {
      const bool greeting = at > 0 && r.phrase(at - 1, {"bonne", "bon", "belle"});
      const bool bare =
          part_name(r.at(at).folded).has_value() || r.phrase(at, {"apres midi", "aprem"});
      if (!greeting && (!bare || pieces.day || pieces.timed()))
        return pieces.part = found->value, found->next;
    }
  return 0;
}

Maybe<Found> simple(const Reader& r, std::size_t i) {
  auto best = moment(r, i);
  if (const auto found = period(r, i); found && (!best || found->next > best->next)) best = found;
  if (const auto found = stretch(r, i); found && (!best || found->next > best->next)) best = found;
  if (const auto next = now_word(r, i); next && !best)
    best = At{instant(r.now, Grain::second), next};
  return best;
}

enum class Side { before, after, from, until };

std::size_t side_word(const Reader& r, std::size_t i, Side& side) {
  const auto said = [&](Side which, std::initializer_list<std::string_view> words) {
    const auto next = r.phrase(i, words);
    if (next) side = which;
    return next;
  };
  if (const auto next =
          said(Side::from, {"a partir de la", "a partir de l", "a partir du", "a partir de",
                            "a partir d", "a compter du", "a compter de", "a compter d", "depuis",
                            "pas avant", "plus tot que"}))
    return next;
  if (const auto next =
          said(Side::until, {"jusqu au", "jusqu a la", "jusqu a l", "jusqu a", "jusqu en", "jusque",
                             "jusqu", "au plus tard le", "au plus tard", "plus tard le"}))
    return next;
  // "dès" and "des" are told apart by the accent, or by an hour.
  if (r.is(i, "des") && (r.at(i).end - r.at(i).begin > 3 || clock(r, i + 1)))
    return side = Side::from, i + 1;
  if (const auto next = said(Side::before, {"avant"})) return r.phrase(i, "avant hier") ? 0 : next;
  if (const auto next = said(Side::after, {"apres", "plus tard que"}))
    return r.phrase(i, {"apres midi", "apres demain"}) ? 0 : next;
  return 0;
}

Found open_ended(Side side, const Found& at, bool last_part) {
  Found found = interval(std::nullopt, std::nullopt, at.grain);
  found.doubts = at.doubts;
  if (side == Side::before) found.end = last_part ? end_of(at) : at.start;
  if (side == Side::until) found.end = end_of(at);
  if (side == Side::from) found.start = at.start;
  if (side == Side::after) found.start = end_of(at);
  return found;
}

Maybe<Found> open(const Reader& reader, std::size_t i) {
  if (const auto by = reader.phrase(i, {"d ici la", "d ici le", "d ici au", "d ici a", "d ici"}))
    if (const auto found = simple(reader, by);
        found && found->value.start && end_of(found->value) > reader.now)
      return At{interval(reader.now, end_of(found->value), found->value.grain), found->next};
  Side side{};
  const auto next = side_word(reader, i, side);
  if (!next) return std::nullopt;
  const bool since = reader.is(i, "depuis");
  const Reader r = since ? reader.preferring(Prefer::past) : reader;
  if (since)
    if (const auto span =
            lasting(r, r.skip(next, {"environ", "plus de", "au moins", "les", "plus d"}));
        span &&
        !(span->value.time_like && r.number(next) && !r.phrase(next + 1, {"heures", "heure"}))) {
      const bool fine = span->value.grain < Grain::day;
      const auto from = moved(r, fine ? r.now : midnight(r.today()), span->value.length, -1);
      if (from) {
        Found found = interval(*from, std::nullopt, fine ? span->value.grain : Grain::day);
        found.doubts.approximate = span->value.approximate;
        return At{found, span->next};
      }
    }
  const std::size_t at = r.skip(next, {"environ"});
  const auto found = simple(r, at);
  if (!found || !found->value.start) return std::nullopt;
  const bool last_part = r.is(r.skip_article(at), "fin");
  return At{open_ended(side, found->value, last_part), found->next};
}

// "jeudi avant 17h", "le 20 jusqu'à 18h", "vendredi à partir de midi".
Maybe<Found> bounded_day(const Reader& r, std::size_t i) {
  const auto day_of = moment(r, i);
  if (!day_of || day_of->value.kind != Kind::instant || day_of->value.grain != Grain::day)
    return std::nullopt;
  Side side{};
  const auto next = side_word(r, r.skip(day_of->next, {","}), side);
  const auto time = next ? clock(r, next) : std::nullopt;
  if (!time) return std::nullopt;
  const LocalTime from = *day_of->value.start, at = from + time->value.since_midnight;
  const bool ends = side == Side::before || side == Side::until;
  Found found = interval(ends ? from : at, ends ? at : from + days(1), time->value.grain);
  found.doubts = day_of->value.doubts;
  return At{found, time->next};
}

// "dans 5 minutes", "il y a 2 heures", "30 minutes plus tard", "maintenant".
Maybe<Found> from_now(const Reader& r, std::size_t i) {
  if (const auto next = now_word(r, i)) return At{instant(r.now, Grain::second), next};
  const auto ahead = r.phrase(i, {"dans environ", "dans", "d ici"}),
             behind = r.phrase(i, {"il y a environ", "il y a", "il ya", "y a"});
  const auto span = lasting(r, ahead ? ahead : behind ? behind : r.skip(i, {"environ"}));
  if (!span || span->value.grain >= Grain::day) return std::nullopt;
  const auto later = !ahead && !behind ? r.phrase(span->next, {"plus tard"}) : 0;
  if (!ahead && !behind && !later) return std::nullopt;
  const auto there = moved(r, r.now, span->value.length, behind ? -1 : 1);
  if (!there) return std::nullopt;
  Found found = instant(*there, span->value.grain == Grain::second ? Grain::second : Grain::minute);
  if (found.grain == Grain::minute) found.start = std::chrono::floor<Minutes>(*there);
  found.doubts.approximate = span->value.approximate;
  return At{found, later ? later : span->next};
}

Maybe<Found> length(const Reader& r, std::size_t i) {
  const std::size_t at =
      r.skip(i, {"pendant", "durant", "pour une duree de", "une duree de", "pour"});
  if (i > 0 && r.phrase(i - 1, {"par", "/", "chaque"})) return std::nullopt;
  const auto span =
      lasting(r, r.skip(at, {"environ", "encore", "les", "plus de", "moins de", "au moins"}));
  if (!span) return std::nullopt;
  // "un jour spécial"
  if (at == i && r.phrase(i, {"un jour"}) && r.at(span->next).word() &&
      !r.phrase(span->next, {"et", "de", "a", "ou", "par", "plus", "seulement"}))
    return std::nullopt;
  Found found;
  found.kind = Kind::duration;
  found.grain = span->value.grain;
  found.length = span->value.length;
  found.doubts.approximate = span->value.approximate;
  return At{found, span->next};
}

// "dans la nuit du 24 au 25 décembre": the night of the first day.
Maybe<Found> night_between(const Reader& r, std::size_t i) {
  const auto of = r.phrase(i, {"dans la nuit", "la nuit", "nuit"});
  const auto days_of = of && r.phrase(of, {"du", "de", "d"}) ? stretch(r, of) : std::nullopt;
  if (!days_of || days_of->value.grain != Grain::day) return std::nullopt;
  const auto night = part(r, i);
  if (!night) return std::nullopt;
  Found found = placed(civil_date(*days_of->value.start), std::nullopt, night->value, std::nullopt);
  found.doubts = days_of->value.doubts;
  return At{found, days_of->next};
}

// "… de 10h à 12h et de 14h à 16h": hours that follow others are of the same day.
void same_day(const Reader& r, std::size_t i, const Found& before, At<Found>& here) {
  if (!before.start || before.grain >= Grain::day || before.kind == Kind::duration) return;
  const auto range = clock_range(r, i, false);
  const auto point = range ? std::nullopt : clock(r, r.skip(i, {"a", "vers"}));
  if ((range ? range->next : point ? point->next : 0) != here.next) return;
  Found found =
      placed(civil_date(*before.start), point ? std::optional(point->value) : std::nullopt,
             std::nullopt, range ? std::optional(range->value) : std::nullopt);
  if (before.kind == Kind::recurring) {
    found.kind = Kind::recurring;
    found.rule = before.rule;
  }
  here.value = found;
}

bool sound(const Found& found) {
  const auto in_range = [](const std::optional<LocalTime>& time) {
    if (!time) return true;
    const int year = static_cast<int>(civil_date(*time).year());
    return year >= kFirstYear && year <= kLastYear + 1;
  };
  return in_range(found.start) && in_range(found.end);
}

// "né le", "décédée le", "date de naissance": what follows lies behind.
Prefer preferred(const std::vector<Token>& all, std::size_t i, Prefer asked) {
  if (asked == Prefer::past) return asked;
  for (std::size_t back = 1; back <= 3 && back <= i; ++back)
    for (const std::string_view word :
         {"nee", "nes", "nees", "decede", "decedee", "naissance", "dernier"})
      if (all[i - back].is(word)) return Prefer::past;
  if (i > 0 && all[i - 1].is("ne") && all[i].is("le")) return Prefer::past;
  if (i > 1 && all[i - 2].is("ne") && all[i - 1].is("le")) return Prefer::past;
  return asked == Prefer::either ? Prefer::future : asked;
}

}  // namespace

Found placed(CivilDate date, const std::optional<Clock>& clock, const std::optional<Part>& part,
             const std::optional<ClockRange>& range) {
  const LocalTime day = midnight(date);
  if (range) {
    ClockRange hours = *range;
    if (part && !hours.from.marked) {
      const Clock from = in_part(hours.from, part->name), to = in_part(hours.to, part->name);
      if (to.since_midnight > from.since_midnight) hours = {from, to};
    }
    Found found = interval(day + hours.from.since_midnight, day + hours.to.since_midnight,
                           std::min(hours.from.grain, hours.to.grain));
    found.doubts.approximate = hours.from.approximate;
    return found;
  }
  if (clock) {
    const Clock time = part && !clock->marked ? in_part(*clock, part->name) : *clock;
    Found found = instant(day + time.since_midnight, time.grain);
    found.doubts.approximate = time.approximate;
    return found;
  }
  if (part) return interval(day + part->from, day + part->to, Grain::hour);
  return instant(day, Grain::day);
}

Maybe<Found> moment(const Reader& r, std::size_t i) {
  Pieces pieces;
  std::size_t at = i;
  for (int read = 0; read < 4; ++read) {
    auto next = one_piece(r, at, pieces, read == 0, i);
    if (!next) {
      // Before the first piece only a preposition may stand; between two, a comma as well.
      const std::size_t beyond =
          read == 0 ? r.skip(at, {"a environ", "a", "au", "vers", "autour de", "aux alentours de"})
                    : skip_link(r, pieces.part && !pieces.day ? r.skip(at, {"du", "de", "d"}) : at);
      if (beyond > at) next = one_piece(r, beyond, pieces, read == 0, i);
    }
    if (!next) break;
    at = next;
  }
  if (at == i) return std::nullopt;
  // "mercredi soir la semaine prochaine"
  if (const auto week = pieces.weekday ? week_offset(r, at) : std::nullopt) {
    const CivilDate monday = plus(monday_of(r.today()), days(7 * week->value));
    pieces.day->value.start = midnight(plus(monday, days(*pieces.weekday)));
    at = week->next;
  }
  if (pieces.day) {
    if (!pieces.timed() && !pieces.part) return At{pieces.day->value, at};
    Found found =
        placed(civil_date(*pieces.day->value.start), pieces.clock, pieces.part, pieces.range);
    const bool approximate = found.doubts.approximate;
    found.doubts = pieces.day->value.doubts;
    found.doubts.approximate |= approximate;
    return At{found, at};
  }
  Found found = placed(r.today(), pieces.clock, pieces.part, pieces.range);
  const bool today = pieces.part && pieces.part->today;
  const LocalTime passed = found.end ? *found.end : *found.start;
  const auto move = [&](days by) {
    *found.start += by;
    if (found.end) *found.end += by;
  };
  if (!today && r.prefer != Prefer::past && (found.end ? passed <= r.now : passed < r.now))
    move(days(1));
  if (!today && r.prefer == Prefer::past && *found.start > r.now) move(days(-1));
  return At{found, at};
}

Maybe<Found> expression(const Reader& r, std::size_t i) {
  Maybe<Found> best;
  const auto consider = [&](Maybe<Found> found) {
    if (found && sound(found->value) && (!best || found->next > best->next))
      best = std::move(found);
  };
  consider(recurring(r, i));
  consider(night_between(r, i));
  consider(stretch(r, i));
  consider(open(r, i));
  consider(bounded_day(r, i));
  consider(from_now(r, i));
  const auto span = length(r, i);
  const auto at = moment(r, i);
  const bool same = span && at && span->next == at->next;
  if (same && after_length_word(r, i)) consider(span);
  consider(at);
  consider(period(r, i));
  consider(span);
  return best;
}

namespace {

// "2027 ou plus tard", "le 1er mars et après": the beginning of an open stretch.
void extend(const Reader& r, At<Found>& found) {
  const auto next = r.phrase(found.next, {"ou plus tard", "et plus tard", "ou apres", "et apres",
                                          "et au dela", "et plus"});
  if (!next || clock(r, next) || r.is(next, "le") || !found.value.start ||
      found.value.kind > Kind::interval ||
      (r.is(next - 1, "plus") && found.value.grain < Grain::month))
    return;
  found.value.kind = Kind::interval;
  found.value.end.reset();
  found.next = next;
}

}  // namespace

std::vector<Found> parse(std::string_view text, LocalTime now, Prefer prefer,
                         calendar::Region region) {
  std::vector<Found> found;
  std::size_t last = 0;  // where the expression before ended
  const int year = static_cast<int>(civil_date(now).year());
  if (year <= kFirstYear + 300 || year >= kLastYear - 300)
    return found;  // not a time of this house
  const std::vector<Token> all = tokens(text::utf8_prefix(text, kInputBytes));
  for (std::size_t i = 0; i < all.size() && found.size() < kResults;) {
    if (all[i].kind == Token::Kind::sign) {  // nothing begins with one
      ++i;
      continue;
    }
    const Reader r{all, now, preferred(all, i, prefer), region};
    // "le 30 février" is no date, and not the month of February either.
    if (const auto shaped = day(r, i); shaped && !resolve(r, shaped->value)) {
      i = shaped->next;
      if (const auto time = clock(r, r.skip(i, {"a", "vers"}))) i = time->next;
      continue;
    }
    auto here = expression(r, i);
    if (!here) {
      ++i;
      continue;
    }
    extend(r, *here);
    if (!found.empty() && i == last + 1 && r.phrase(last, {"et", "ou", "puis", ",", "/"}))
      same_day(r, i, found.back(), *here);
    last = here->next;
    if (!within_name(all, i)) {
      found.push_back(here->value);
      found.back().begin = all[i].begin;
      found.back().stop = all[here->next - 1].end;
    }
    i = here->next;
  }
  return found;
}

}  // namespace parvis::dates
