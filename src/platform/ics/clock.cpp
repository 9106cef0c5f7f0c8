#include "ics/clock.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "ics/recurrence.hpp"
#include "text/normalise.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono;

constexpr int kFirstYear = 1583;  // of the calendar we use; Outlook's zones begin in 1601
constexpr int kLastYear = 2300;
constexpr local_days kZonesFrom = local_days(year(1968) / January / 1);
constexpr seconds kOffsetMax = hours(26);

seconds since(Instant at) { return floor<seconds>(at).time_since_epoch(); }

std::unexpected<Fault> fault(std::size_t line, std::string what) {
  return std::unexpected(Fault{line, std::move(what), std::string(kExportAgain)});
}

std::string shown(const std::string& text) {
  const std::string clean = text::clean(text);
  return "« " + std::string(text::utf8_prefix(clean, 60)) + " »";
}

std::optional<Zone> iana(std::string_view name) {
  if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("/_+-").contains(c);
      }))
    return std::nullopt;
  return Zone::named(name);
}

// "/mozilla.org/20050126_1/Europe/Paris": some programs put where the zone comes from before it.
std::optional<Zone> iana_within(std::string_view name) {
  if (!name.starts_with('/')) return iana(name);
  while (name.contains('/')) {
    name.remove_prefix(name.find('/') + 1);
    if (auto zone = name.contains('/') ? iana(name) : std::nullopt) return zone;
  }
  return std::nullopt;
}

std::expected<seconds, Fault> offset(const Part& part, std::string_view name) {
  const Line* line = part.find(name);
  if (line == nullptr)
    return fault(part.number, "ce fuseau horaire n’a pas de " + std::string(name));
  const std::string text = value(*line);
  const bool form =
      (text.size() == 5 || text.size() == 7) && (text[0] == '+' || text[0] == '-') &&
      std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
  const auto two = [&](std::size_t at) { return std::atoi(text.substr(at, 2).c_str()); };
  if (!form || two(1) > 23 || two(3) > 59 || (text.size() == 7 && two(5) > 59))
    return fault(line->number, "ce décalage horaire est mal écrit");
  const seconds out = hours(two(1)) + minutes(two(3)) + seconds(text.size() == 7 ? two(5) : 0);
  return text[0] == '-' ? -out : out;
}

}  // namespace

Fault too_much(std::size_t line) {
  return {line, "cette répétition donne trop de dates pour être calculée",
          "remplacez-la dans le calendrier par des événements plus longs, ou donnez-lui une fin"};
}

LocalTime Clock::local(Instant at) const {
  if (const auto* zone = std::get_if<Zone>(&how_)) return zone->local(at);
  const auto& changes = std::get<1>(how_);
  if (changes.empty()) return LocalTime(since(at));
  const auto next = std::ranges::upper_bound(changes, at, {}, &Change::at);
  return LocalTime(since(at) + (next == changes.begin() ? next->before : std::prev(next)->after));
}

Instant Clock::instant(LocalTime at) const {
  if (const auto* zone = std::get_if<Zone>(&how_)) {
    const Instant found = zone->instant(at);
    if (zone->local(found) == at) return found;
    const Instant earlier = found - seconds(1);  // found is the change that leaves it out
    return Instant(at.time_since_epoch() -
                   (zone->local(earlier).time_since_epoch() - since(earlier)));
  }
  const auto& changes = std::get<1>(how_);
  if (changes.empty()) return Instant(at.time_since_epoch());
  // Only changes within a day of it matter.
  auto next = std::ranges::lower_bound(changes, Instant(at.time_since_epoch() - kOffsetMax), {},
                                       &Change::at);
  seconds offset = next == changes.begin() ? next->before : std::prev(next)->after;
  for (; next != changes.end(); ++next) {
    const Instant found(at.time_since_epoch() - offset);
    if (found < next->at) return found;
    // Left out by this change: at or after it by the offset before, before it by the one after.
    if (Instant(at.time_since_epoch() - next->after) < next->at) return found;
    offset = next->after;
  }
  return Instant(at.time_since_epoch() - offset);
}

std::expected<Stamp, Fault> parse_stamp(const std::string& value, std::size_t line) {
  begin_libical();
  const icaltimetype raw = icaltime_from_string(value.c_str());
  const year_month_day date(year(raw.year), month(static_cast<unsigned>(raw.month)),
                            day(static_cast<unsigned>(raw.day)));
  if (icaltime_is_null_time(raw) || taken(icaltime_as_ical_string_r(raw)) != value || !date.ok() ||
      raw.hour < 0 || raw.hour > 23 || raw.minute < 0 || raw.minute > 59 || raw.second < 0 ||
      raw.second > 60)
    return fault(line, "cette date n’existe pas ou est mal écrite : " + shown(value));
  if (raw.year < kFirstYear || raw.year >= kLastYear)
    return std::unexpected(
        Fault{line, "cette date est hors de toute mesure : " + shown(value),
              "corrigez l’événement dans le calendrier, puis exportez de nouveau"});
  Stamp out{.at = local_days(date),
            .date = raw.is_date != 0,
            .utc = raw.is_date == 0 && icaltime_is_utc(raw) != 0};
  if (!out.date)
    out.at += hours(raw.hour) + minutes(raw.minute) + seconds(std::min(raw.second, 59));
  return out;
}

Clocks::Clocks(const std::vector<Part>& parts, const Zone& floating, Instant until,
               std::size_t& work)
    : parts_(parts),
      floating_(floating),
      utc_(std::vector<Clock::Change>{}),
      until_(until),
      work_(work) {}

std::expected<const Clock*, Fault> Clocks::named(const std::string& tzid, std::size_t line) {
  if (const auto found = known_.find(tzid); found != known_.end()) return &found->second;
  if (const auto zone = iana_within(tzid)) return &known_.emplace(tzid, Clock(*zone)).first->second;
  for (const Part& part : parts_) {
    if (part.name != "VTIMEZONE") continue;
    const Line* id = part.find("TZID");
    if (id == nullptr || value(*id) != tzid) continue;
    auto clock = given(part);
    if (!clock) return std::unexpected(clock.error());
    return &known_.emplace(tzid, *std::move(clock)).first->second;
  }
  return std::unexpected(
      Fault{line, "le fuseau horaire " + shown(tzid) + " n’est pas connu",
            "choisissez un fuseau comme Europe/Paris dans le logiciel, puis exportez de nouveau"});
}

std::expected<Clock, Fault> Clocks::given(const Part& part) {
  std::vector<Clock::Change> changes;
  for (const Part& observance : part.parts) {
    const auto before = offset(observance, "TZOFFSETFROM");
    if (!before) return std::unexpected(before.error());
    const auto after = offset(observance, "TZOFFSETTO");
    if (!after) return std::unexpected(after.error());
    const Line* start = observance.find("DTSTART");
    if (start == nullptr)
      return fault(observance.number, "ce changement d’heure n’a pas de date (DTSTART)");
    const auto first = parse_stamp(value(*start), start->number);
    if (!first) return std::unexpected(first.error());
    std::vector<LocalTime> times{first->at};
    for (const Line& line : observance.lines) {
      if (line.name == "RDATE") {
        for (const std::string& value : values(line)) {
          const auto date = parse_stamp(value, line.number);
          if (!date) return std::unexpected(date.error());
          times.push_back(date->at);
        }
      }
      if (line.name != "RRULE") continue;
      auto rule = parse_rule(value(line));
      if (!rule) return fault(line.number, rule.error());
      if (rule->until && rule->until->utc) rule->until->at += *before;
      if (!expand(*rule, first->at, Moments::times, std::max(first->at, LocalTime(kZonesFrom)),
                  LocalTime(since(until_)) + days(2), work_, times))
        return std::unexpected(too_much(line.number));
    }
    for (const LocalTime at : times)
      changes.push_back({Instant(at.time_since_epoch() - *before), *before, *after});
  }
  if (changes.empty()) return fault(part.number, "ce fuseau horaire ne dit pas son décalage");
  std::ranges::sort(changes, {}, &Clock::Change::at);
  return Clock(std::move(changes));
}

}  // namespace parvis::ics
