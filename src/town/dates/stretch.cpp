// From one time to another. Each end may leave to the other what it does not repeat: "du 18
// novembre au 19 décembre 2015", "du 3 au 7 mai".
#include <algorithm>

#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;

struct Point {
  std::optional<DayRef> ref;
  std::optional<Found> found;
  std::size_t next = 0;
};

// One end of a stretch.
std::optional<Point> point(const Reader& r, std::size_t i, bool bare) {
  Point best;
  const auto better = [&](std::size_t next) { return next > best.next; };
  if (const auto next = now_word(r, i)) best = {std::nullopt, instant(r.now, Grain::second), next};
  if (const auto found = day(r, i); found && better(found->next))
    best = {found->value, std::nullopt, found->next};
  if (const auto found = month_or_year(r, r.skip(i, {"le", "la", "l"}));
      found && better(found->next))
    best = {found->value, std::nullopt, found->next};
  if (const auto found = moment(r, i); found && better(found->next))
    best = {std::nullopt, found->value, found->next};
  if (const auto found = period(r, i); found && better(found->next))
    best = {std::nullopt, found->value, found->next};
  if (bare)
    if (const auto found = bare_day(r, i); found && better(found->next))
      best = {found->value, std::nullopt, found->next};
  if (best.next == 0) return std::nullopt;
  return best;
}

bool later_in_year(const DayRef& a, const DayRef& b) {
  return std::pair(*a.month, a.day.value_or(1)) > std::pair(*b.month, b.day.value_or(31));
}

// What one end says, the other need not repeat: "du 18 novembre au 19 décembre 2015".
void share(DayRef& from, const DayRef& to) {
  if (from.fixed || from.feast || to.feast) return;
  if (to.fixed) {  // "du 4 au 23 du mois prochain"
    if (!from.day || from.month) return;
    from.month = static_cast<unsigned>(to.fixed->month());
    from.year = static_cast<int>(to.fixed->year());
    return;
  }
  if (from.day && !from.month && to.month) {
    from.month = to.month;
    from.year = to.year;
    if (to.day && *from.day > *to.day) {  // "du 28 au 3 mai"
      from.month = *to.month == 1 ? 12 : *to.month - 1;
      if (from.year && *to.month == 1) --*from.year;
    }
  }
  if (from.month && !from.year && to.year && to.month) {
    from.year = to.year;
    if (later_in_year(from, to)) --*from.year;
  }
}

std::optional<std::pair<Found, Found>> ends(const Reader& r, Point from, Point to) {
  if (from.ref && to.ref) share(*from.ref, *to.ref);
  const auto first = from.ref ? resolve(r, *from.ref) : from.found;
  if (!first || !first->start) return std::nullopt;
  const auto last_after = [&](const Found& begin) -> std::optional<Found> {
    if (!to.ref) return to.found;
    const bool open = !to.ref->year && !to.ref->fixed && to.ref->way == DayRef::Way::none;
    return open ? resolve(r, *to.ref, civil_date(*begin.start)) : resolve(r, *to.ref);
  };
  // The stretch that runs now, rather than the next: its beginning lies behind.
  if (from.ref && r.prefer != Prefer::past && !from.ref->year && !from.ref->fixed &&
      (from.ref->month || from.ref->day) && from.ref->way == DayRef::Way::none) {
    const auto behind = resolve(r.preferring(Prefer::past), *from.ref);
    const auto last = behind ? last_after(*behind) : std::nullopt;
    const auto longest = from.ref->month ? days(366) : days(31);
    if (last && *behind->start < r.now && end_of(*last) > r.now &&
        end_of(*last) - *behind->start < longest / 2)
      return std::pair(*behind, *last);
  }
  const auto last = last_after(*first);
  // "entre le 22 janvier et maintenant"
  if (last && from.ref && !from.ref->year && (last->start || last->end) &&
      end_of(*last) < *first->start) {
    const auto behind = resolve(r.preferring(Prefer::past), *from.ref);
    if (behind && behind->start && *behind->start <= end_of(*last))
      return std::pair(*behind, *last);
  }
  if (!last || !(last->start || last->end) || end_of(*last) < *first->start) return std::nullopt;
  return std::pair(*first, *last);
}

}  // namespace

std::size_t now_word(const Reader& r, std::size_t i) {
  return r.phrase(i, {"maintenant", "tout de suite", "immediatement", "a ce jour", "l instant"});
}

Maybe<Found> stretch(const Reader& r, std::size_t i) {
  const bool between = r.is(i, "entre");
  const std::size_t begin = r.skip(i, {"entre", "du", "de", "d", "des"});
  const bool prefixed = begin > i;
  const auto from = point(r, begin, true);
  if (!from) return std::nullopt;
  std::size_t link =
      between ? r.phrase(from->next, {"et la", "et l", "et", "-", "~"})
              : r.phrase(from->next, {"jusqu au", "jusqu a", "a la", "a l", "au", "a", "-", "~"});
  if (!link && r.at(from->next).dashed) link = from->next;
  if (!link) return std::nullopt;
  const auto to = point(r, r.is(link, "le") ? link : link, r.is(link - 1, "au"));
  if (!to) return std::nullopt;
  const bool clocked = (from->found && from->found->grain < Grain::day) ||
                       (to->found && to->found->grain < Grain::day && !now_word(r, link));
  const bool bare_left =
      from->ref && !from->ref->month && !from->ref->fixed && !from->ref->year && !from->ref->feast;
  if (!prefixed) {
    // "13 au 15 juillet", "juillet-août" — not "mardi à 14h", "lundi - mardi matin".
    const bool right_dated = to->ref && (to->ref->month || to->ref->year);
    if (clocked || !from->ref || !to->ref || (bare_left && !to->ref->month) ||
        (!right_dated && !r.phrase(link - 1, {"au", "a"})))
      return std::nullopt;
    if (bare_left && from->ref->day && r.is(link - 1, "a")) return std::nullopt;
    if (!from->ref->is_day() && to->ref->is_day() && !from->ref->year) return std::nullopt;
    // Two years or months by themselves: "2014-2018" is clear, "12-2015" is not.
    if (!from->ref->is_day() && !from->ref->month &&
        (!r.is(link - 1, "-") && !r.is(link - 1, "a") && !r.is(link - 1, "~")))
      return std::nullopt;
    if (!from->ref->is_day() && !from->ref->month && i > 0 && r.at(i).glued) return std::nullopt;
  }
  if (bare_left && from->ref->day && !to->ref) return std::nullopt;
  if (clocked && from->ref && bare_left && !from->ref->weekday) return std::nullopt;
  const auto both = ends(r, *from, *to);
  if (!both) return std::nullopt;
  Found found = interval(*both->first.start, end_of(both->second),
                         std::min(both->first.grain, both->second.grain));
  found.doubts = both->first.doubts;
  if (*found.end <= *found.start) return std::nullopt;
  return At{found, to->next};
}

}  // namespace parvis::dates
