// Our zones answer "what is the local time at this instant" and nothing else, so changes are found
// by looking at each day and halving the one where the offset differs. Programs that map a zone to
// one of their own (Outlook) want the yearly rule, so one is derived from the changes of five years
// and kept only if it gives all of them.
#include "ics/vtimezone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace parvis::ics {
namespace {

using namespace std::chrono;

struct Change {
  Instant at;
  seconds before;  // offsets from UTC
  seconds after;
  LocalTime local() const {  // on the clock that is about to be moved
    return LocalTime(floor<seconds>(at).time_since_epoch() + before);
  }
};

constexpr int kRuleYears = 5;

seconds offset(const Zone& zone, Instant at) {
  return zone.local(at).time_since_epoch() - floor<seconds>(at).time_since_epoch();
}

std::vector<Change> changes(const Zone& zone, Instant from, Instant until) {
  std::vector<Change> all;
  seconds before = offset(zone, from);
  for (Instant day = from; day < until; day += days(1)) {
    const seconds after = offset(zone, day + days(1));
    if (after == before) continue;
    Instant low = day, high = day + days(1);
    while (high - low > seconds(1)) {
      const Instant middle = low + floor<seconds>((high - low) / 2);
      (offset(zone, middle) == before ? low : high) = middle;
    }
    all.push_back({high, before, after});
    before = after;
  }
  return all;
}

Instant new_year(year y) { return Instant(sys_days(y / January / 1)); }

std::string stamp(LocalTime local) {
  const CivilDate date = civil_date(local);
  const hh_mm_ss time(local - floor<days>(local));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

// "-1SU", "2SU": which weekday of its month a day is, counted from the end or from the start.
std::string from_end(CivilDate date) {
  constexpr std::array kDays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const year_month_day_last last(date.year(), month_day_last(date.month()));
  const int left = static_cast<int>(static_cast<unsigned>(last.day())) -
                   static_cast<int>(static_cast<unsigned>(date.day()));
  return fmt::format("-{}{}", left / 7 + 1, kDays[weekday(sys_days(date)).c_encoding()]);
}
std::string from_start(CivilDate date) {
  constexpr std::array kDays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  return fmt::format("{}{}", (static_cast<unsigned>(date.day()) - 1) / 7 + 1,
                     kDays[weekday(sys_days(date)).c_encoding()]);
}

// The BYMONTH and BYDAY that give every second of `all`, from the one at `first`.
std::optional<std::string> rule(const std::vector<Change>& all, std::size_t first) {
  const LocalTime begin = all[first].local();
  for (const auto which : {from_end, from_start}) {
    const std::string day = which(civil_date(begin));
    bool holds = true;
    for (std::size_t i = first; i < all.size(); i += 2) {
      const LocalTime local = all[i].local();
      holds = holds && all[i].before == all[first].before && all[i].after == all[first].after &&
              time_of_day(local) == time_of_day(begin) &&
              civil_date(local).month() == civil_date(begin).month() &&
              which(civil_date(local)) == day;
    }
    if (holds)
      return fmt::format("FREQ=YEARLY;BYMONTH={};BYDAY={}",
                         static_cast<unsigned>(civil_date(begin).month()), day);
  }
  return std::nullopt;
}

void add_observance(icalcomponent* zone, const std::string& start, seconds before, seconds after,
                    const std::string& recurrence) {
  icalcomponent* part =
      icalcomponent_new(after > before ? ICAL_XDAYLIGHT_COMPONENT : ICAL_XSTANDARD_COMPONENT);
  icalcomponent_add_property(part, icalproperty_new_dtstart(icaltime_from_string(start.c_str())));
  icalcomponent_add_property(part, icalproperty_new_tzoffsetfrom(static_cast<int>(before.count())));
  icalcomponent_add_property(part, icalproperty_new_tzoffsetto(static_cast<int>(after.count())));
  if (!recurrence.empty())
    icalcomponent_add_property(
        part, icalproperty_new_rrule(icalrecurrencetype_from_string(recurrence.c_str())));
  icalcomponent_add_component(zone, part);
}

}  // namespace

OwnedComponent vtimezone(const Zone& zone, Instant first, Instant last) {
  OwnedComponent out(icalcomponent_new(ICAL_VTIMEZONE_COMPONENT));
  icalcomponent_add_property(out.get(), icalproperty_new_tzid(std::string(zone.name()).c_str()));
  const year from = year_month_day(floor<days>(first)).year() - years(1);
  const year until =
      std::max(from + years(kRuleYears), year_month_day(floor<days>(last)).year() + years(1));
  const std::vector<Change> all = changes(zone, new_year(from), new_year(until));
  const bool yearly = all.size() == 2 * static_cast<std::size_t>((until - from).count());
  const auto odd = yearly ? rule(all, 0) : std::nullopt;
  const auto even = yearly ? rule(all, 1) : std::nullopt;
  if (odd && even) {
    add_observance(out.get(), stamp(all[0].local()), all[0].before, all[0].after, *odd);
    add_observance(out.get(), stamp(all[1].local()), all[1].before, all[1].after, *even);
    return out;
  }
  const seconds begin = offset(zone, new_year(from));
  add_observance(out.get(), "19700101T000000", begin, begin, "");
  for (const Change& change : all)
    if (change.at <= last)
      add_observance(out.get(), stamp(change.local()), change.before, change.after, "");
  return out;
}

}  // namespace parvis::ics
