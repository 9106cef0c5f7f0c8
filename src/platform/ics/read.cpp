// Three steps: the lines of each component (parts.cpp), what each event says (Told), then who comes
// with whom: a series and its occurrences that were changed apart share a uid.
#include "ics/read.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "ics/clock.hpp"
#include "ics/parts.hpp"
#include "ics/recurrence.hpp"
#include "text/normalise.hpp"

namespace parvis::ics {
namespace {

using namespace std::chrono;

template <typename T>
using Or = std::expected<T, Fault>;

constexpr std::size_t kRulesMax = 20;  // of one event

constexpr std::string_view kMend =
    "corrigez l’événement dans le calendrier, puis exportez de nouveau";

std::unexpected<Fault> fault(std::size_t line, std::string what,
                             std::string_view remedy = kExportAgain) {
  return std::unexpected(Fault{line, std::move(what), std::string(remedy)});
}

struct Moment {
  LocalTime at{};
  bool date = false;
  const Clock* clock = nullptr;
  Instant instant() const { return clock->instant(at); }
};

struct Length {
  int days = 0;     // by the calendar
  seconds exact{};  // by the watch, after them
};

struct Extra {  // an RDATE
  Moment start;
  std::optional<Length> length = std::nullopt;
};

struct Told {
  std::size_t line = 0;
  Entry entry;
  std::string stamp;  // DTSTAMP
  bool busy = true;
  Moment start;
  Length length;
  std::vector<std::pair<Rule, std::size_t>> rules;  // with the line of each
  std::vector<Extra> extras;
  std::vector<Moment> without;
  std::optional<Moment> recurrence;
  bool and_future = false;
  std::vector<Interval> periods;  // of a VFREEBUSY
};

using Spans = std::map<Instant, Instant>;  // start, end

Instant end_of(const Clock& clock, Instant start, const Length& length) {
  if (length.days == 0) return start + length.exact;
  return clock.instant(clock.local(start) + days(length.days)) + length.exact;
}

class Reader {
 public:
  Reader(Parts parts, Instant from, Instant until, const Zone& zone, std::size_t& work)
      : parts_(std::move(parts)),
        from_(from),
        until_(until),
        work_(work),
        clocks_(parts_.parts, zone, until, work_) {}

  Or<Calendar> calendar() {
    std::vector<Told> all;
    for (const Part& part : parts_.parts) {
      if (part.name == "VTIMEZONE") continue;
      auto told = part.name == "VEVENT" ? event(part) : free_busy(part);
      if (!told) return std::unexpected(told.error());
      all.push_back(*std::move(told));
    }
    keep_newest(all);
    if (auto done = place(all); !done) return std::unexpected(done.error());
    Calendar out;
    if (kept_ > kIntervalsMax) return std::unexpected(too_much(all.back().line));
    for (Told& told : all) {
      std::ranges::sort(told.entry.intervals);
      out.entries.push_back(std::move(told.entry));
    }
    return out;
  }

 private:
  Or<Moment> moment(const Line& line, const std::string& text) {
    const auto stamp = parse_stamp(text, line.number);
    if (!stamp) return std::unexpected(stamp.error());
    Moment out{stamp->at, stamp->date, &clocks_.floating()};
    if (stamp->utc) out.clock = &clocks_.utc();
    if (stamp->date || stamp->utc) return out;
    const auto clock = clock_of(line);
    if (!clock) return std::unexpected(clock.error());
    out.clock = *clock;
    return out;
  }

  // Of its times without a Z. A line may hold thousands of them: it is looked at once.
  Or<const Clock*> clock_of(const Line& line) {
    if (&line == clock_line_) return clock_;
    const OwnedProperty read = property(line);
    if (read == nullptr) return fault(line.number, "cette ligne est mal formée");
    const std::string tzid = parameter(read.get(), ICAL_TZID_PARAMETER);
    clock_ = &clocks_.floating();
    if (!tzid.empty()) {
      const auto named = clocks_.named(tzid, line.number);
      if (!named) return named;
      clock_ = *named;
    }
    clock_line_ = &line;
    return clock_;
  }

  Or<Length> length(std::size_t line, const std::string& text) {
    const icaldurationtype read = icaldurationtype_from_string(text.c_str());
    constexpr std::string_view kLetters = "+-PTWDHMS0123456789";
    const bool form = text.find_first_not_of(kLetters) == text.npos &&
                      text.find_first_of("0123456789") != text.npos && text.size() <= 30;
    if (!form || icaldurationtype_is_bad_duration(read) != 0)
      return fault(line, "cette durée est mal écrite");
    constexpr unsigned kMost = 400'000'000;  // seconds; more than kDurationMax, and no overflow
    if (read.weeks > 5'000 || read.days > 50'000 || read.hours > 1'000'000 ||
        read.minutes > 50'000'000 || read.seconds > kMost)
      return fault(line, "cet événement dure plus de dix ans", kMend);
    if (read.is_neg != 0 && icaldurationtype_as_int(read) != 0)
      return fault(line, "cet événement se termine avant de commencer", kMend);
    return Length{static_cast<int>(read.weeks * 7 + read.days),
                  hours(read.hours) + minutes(read.minutes) + seconds(read.seconds)};
  }

  // What DTEND or DURATION make of DTSTART.
  Or<Length> length_of(const Part& part, const Moment& start) {
    const Line* end = part.find("DTEND");
    const Line* lasts = part.find("DURATION");
    Length out;
    std::size_t line = part.number;
    if (end != nullptr) {
      line = end->number;
      const auto last = moment(*end, value(*end));
      if (!last) return std::unexpected(last.error());
      if (start.date && last->date) {
        out.days = static_cast<int>(floor<days>(last->at - start.at).count());
        if (out.days == 0) out.days = 1;  // written by those who take the last day as included
      } else {
        out.exact = floor<seconds>(last->instant() - start.instant());
      }
    } else if (lasts != nullptr) {
      line = lasts->number;
      const auto read = length(line, value(*lasts));
      if (!read) return std::unexpected(read.error());
      out = *read;
    } else if (start.date) {
      out.days = 1;
    }
    if (out.days < 0 || out.exact < seconds(0))
      return fault(line, "cet événement se termine avant de commencer", kMend);
    if (days(out.days) + out.exact > kDurationMax)
      return fault(line, "cet événement dure plus de dix ans", kMend);
    return out;
  }

  Or<void> alone(const Part& part) {
    std::set<std::string_view> seen;
    for (const Line& line : part.lines) {
      if (line.name == "RRULE" || line.name == "RDATE" || line.name == "EXDATE" ||
          line.name == "FREEBUSY")
        continue;
      if (!seen.insert(line.name).second)
        return fault(line.number, line.name + " est donné deux fois pour le même événement");
    }
    return {};
  }

  Or<Told> begin(const Part& part) {
    if (auto once = alone(part); !once) return std::unexpected(once.error());
    Told told;
    told.line = part.number;
    if (const Line* uid = part.find("UID")) {
      told.entry.uid = text::clean(value(*uid));
      if (told.entry.uid.size() > kForeignUidMax)
        return fault(uid->number, "cet identifiant (UID) est trop long");
    }
    if (const Line* stamp = part.find("DTSTAMP")) told.stamp = value(*stamp);
    return told;
  }

  Or<Told> event(const Part& part) {
    auto begun = begin(part);
    if (!begun) return begun;
    Told& told = *begun;
    const Line* start = part.find("DTSTART");
    if (start == nullptr) return fault(part.number, "cet événement n’a pas de début (DTSTART)");
    const auto first = moment(*start, value(*start));
    if (!first) return std::unexpected(first.error());
    told.start = *first;
    const auto lasts = length_of(part, told.start);
    if (!lasts) return std::unexpected(lasts.error());
    told.length = *lasts;
    for (const Line& line : part.lines)
      if (auto done = more(line, told); !done) return std::unexpected(done.error());
    if (parts_.cancels) told.entry.status = Status::cancelled;
    if (told.entry.status == Status::cancelled) told.busy = false;
    return begun;
  }

  Or<void> more(const Line& line, Told& told) {
    if (line.name == "SEQUENCE") {
      const OwnedProperty read = property(line);
      if (read != nullptr) told.entry.sequence = icalproperty_get_sequence(read.get());
    } else if (line.name == "SUMMARY") {
      const OwnedProperty read = property(line);
      const char* summary = read ? icalproperty_get_summary(read.get()) : nullptr;
      const std::string clean = text::clean(summary != nullptr ? summary : "");
      told.entry.summary =
          Personal<std::string>(std::string(text::utf8_prefix(clean, kSummaryMax)));
    } else if (line.name == "STATUS") {
      const OwnedProperty read = property(line);
      const auto status = read ? icalproperty_get_status(read.get()) : ICAL_STATUS_NONE;
      if (status == ICAL_STATUS_CANCELLED) told.entry.status = Status::cancelled;
      if (status == ICAL_STATUS_TENTATIVE) told.entry.status = Status::tentative;
    } else if (line.name == "TRANSP") {
      const OwnedProperty read = property(line);
      const auto transp = read ? icalproperty_get_transp(read.get()) : ICAL_TRANSP_NONE;
      told.busy = transp != ICAL_TRANSP_TRANSPARENT && transp != ICAL_TRANSP_TRANSPARENTNOCONFLICT;
    } else if (line.name == "RRULE") {
      auto rule = parse_rule(value(line));
      if (!rule) return fault(line.number, rule.error(), kMend);
      if (told.rules.size() >= kRulesMax)
        return fault(line.number, "cet événement a trop de règles de répétition", kMend);
      if (rule->until && rule->until->utc)
        rule->until->at = told.start.clock->local(Instant(rule->until->at.time_since_epoch()));
      told.rules.emplace_back(*std::move(rule), line.number);
    } else if (line.name == "RDATE") {
      return extra(line, told);
    } else if (line.name == "EXDATE") {
      for (const std::string& text : values(line)) {
        const auto at = moment(line, text);
        if (!at) return std::unexpected(at.error());
        told.without.push_back(*at);
      }
    } else if (line.name == "RECURRENCE-ID") {
      const auto at = moment(line, value(line));
      if (!at) return std::unexpected(at.error());
      told.recurrence = *at;
      told.entry.recurrence = at->instant();
      const OwnedProperty read = property(line);
      told.and_future = read && parameter(read.get(), ICAL_RANGE_PARAMETER) == "THISANDFUTURE";
    }
    return {};
  }

  Or<void> extra(const Line& line, Told& told) {
    for (const std::string& text : values(line)) {
      const std::size_t slash = text.find('/');
      const auto start = moment(line, text.substr(0, slash));
      if (!start) return std::unexpected(start.error());
      Extra out{*start};
      if (slash != text.npos) {
        const auto lasts = rest(line, text.substr(slash + 1), *start);
        if (!lasts) return std::unexpected(lasts.error());
        out.length = *lasts;
      }
      told.extras.push_back(out);
    }
    return {};
  }

  // The second half of a PERIOD: its end, or how long it lasts.
  Or<Length> rest(const Line& line, const std::string& text, const Moment& start) {
    if (text.find('P') != text.npos) return length(line.number, text);
    const auto end = moment(line, text);
    if (!end) return std::unexpected(end.error());
    const seconds lasts = floor<seconds>(end->instant() - start.instant());
    if (lasts < seconds(0))
      return fault(line.number, "cette période se termine avant de commencer", kMend);
    return Length{0, lasts};
  }

  Or<Told> free_busy(const Part& part) {
    auto told = begin(part);
    if (!told) return told;
    for (const Line& line : part.lines) {
      if (line.name != "FREEBUSY") continue;
      const OwnedProperty read = property(line);
      if (read == nullptr) return fault(line.number, "cette ligne est mal formée");
      if (parameter(read.get(), ICAL_FBTYPE_PARAMETER) == "FREE") continue;
      for (const std::string& text : values(line)) {
        const std::size_t slash = text.find('/');
        if (slash == text.npos) return fault(line.number, "cette période n’a pas de fin");
        const auto start = moment(line, text.substr(0, slash));
        if (!start) return std::unexpected(start.error());
        const auto lasts = rest(line, text.substr(slash + 1), *start);
        if (!lasts) return std::unexpected(lasts.error());
        told->periods.push_back(
            {start->instant(), end_of(*start->clock, start->instant(), *lasts)});
      }
    }
    return told;
  }

  // Of what bears the same uid and recurrence, the newest stays.
  static void keep_newest(std::vector<Told>& all) {
    std::map<std::pair<std::string, std::optional<Instant>>, std::size_t> newest;
    std::set<std::size_t> old;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].entry.uid.empty()) continue;
      const auto [at, fresh] = newest.try_emplace({all[i].entry.uid, all[i].entry.recurrence}, i);
      if (fresh) continue;
      const auto age = [&](std::size_t n) {
        return std::pair(all[n].entry.sequence, all[n].stamp);
      };
      const std::size_t other = at->second;
      at->second = age(i) < age(other) ? other : i;
      old.insert(at->second == i ? other : i);
    }
    std::size_t n = 0;
    std::erase_if(all, [&](const Told&) { return old.contains(n++); });
  }

  Or<void> place(std::vector<Told>& all) {
    std::map<std::string, std::vector<Told*>> apart;
    for (Told& told : all)
      if (told.recurrence && !told.entry.uid.empty()) apart[told.entry.uid].push_back(&told);
    for (Told& told : all) {
      if (kept_ > kIntervalsMax) return std::unexpected(too_much(told.line));
      for (const Interval& period : told.periods) keep(told, period.start, period.end);
      if (told.start.clock == nullptr) continue;
      if (told.recurrence) {  // in its place, or alone when its series is not in the file
        keep(told, told.start.instant(),
             end_of(*told.start.clock, told.start.instant(), told.length));
        continue;
      }
      const auto changed = apart.find(told.entry.uid);
      auto done = changed == apart.end() ? series(told, {}) : series(told, changed->second);
      if (!done) return done;
    }
    return {};
  }

  void keep(Told& told, Instant start, Instant end) {
    if (!told.busy || start >= end || end <= from_ || start >= until_) return;
    told.entry.intervals.push_back({start, end});
    ++kept_;
  }

  Or<void> series(Told& told, std::vector<Told*> apart) {
    const Clock& clock = *told.start.clock;
    // How much later it begins from each THISANDFUTURE on: what is moved into the window counts.
    const auto shift = [&](const Told& other) {
      return clock.local(other.start.instant()) - clock.local(other.recurrence->instant());
    };
    seconds reach{};
    for (const Told* other : apart)
      if (other->and_future) reach = std::max(reach, abs(shift(*other)));
    if (reach > kDurationMax)
      return fault(told.line, "une partie de cette série est déplacée de plus de dix ans", kMend);
    auto spans = occurrences(told, reach);
    if (!spans) return std::unexpected(spans.error());
    std::set<local_days> days_off;  // a day leaves out all of the series on it
    const auto remove = [&](const Moment& at) {
      if (at.date && !told.start.date)
        days_off.insert(floor<days>(at.at));
      else
        spans->erase(at.instant());
    };
    for (const Moment& at : told.without) remove(at);
    for (const Told* other : apart) remove(*other->recurrence);
    if (!days_off.empty())
      std::erase_if(*spans, [&](const auto& span) {
        return days_off.contains(floor<days>(clock.local(span.first)));
      });
    std::ranges::sort(apart, std::greater{},
                      [](const Told* t) { return t->recurrence->instant(); });
    for (Told* other : apart) {
      if (!other->and_future) continue;
      const auto first = spans->lower_bound(other->recurrence->instant());
      const seconds later = shift(*other);
      for (auto at = first; at != spans->end(); ++at) {
        const Instant start = clock.instant(clock.local(at->first) + later);
        keep(*other, start, end_of(clock, start, other->length));
      }
      spans->erase(first, spans->end());
    }
    for (const auto& [start, end] : *spans) keep(told, start, end);
    return {};
  }

  Or<Spans> occurrences(const Told& told, seconds reach) {
    const Clock& clock = *told.start.clock;
    Spans out;
    const auto add = [&](Instant start, const Length& lasts) {
      const Instant end = end_of(clock, start, lasts);
      Instant& last = out.try_emplace(start, end).first->second;
      last = std::max(last, end);
    };
    add(told.start.instant(), told.length);  // always the first, whatever the rule says
    for (const Extra& extra : told.extras)
      add(extra.start.instant(), extra.length.value_or(told.length));
    const seconds lasts = days(told.length.days) + told.length.exact;
    std::vector<LocalTime> starts;
    for (const auto& [rule, line] : told.rules)
      if (!expand(rule, told.start.at, told.start.date ? Moments::dates : Moments::times,
                  clock.local(from_) - lasts - reach - days(1),
                  clock.local(until_) + reach + days(1), work_, starts))
        return std::unexpected(too_much(line));
    std::ranges::sort(starts);
    starts.erase(std::ranges::unique(starts).begin(), starts.end());
    if (starts.size() > kIntervalsMax) return std::unexpected(too_much(told.line));
    for (const LocalTime at : starts) add(clock.instant(at), told.length);
    return out;
  }

  Parts parts_;
  Instant from_, until_;
  std::size_t& work_;
  Clocks clocks_;
  const Line* clock_line_ = nullptr;  // lines stay where they are in parts_
  const Clock* clock_ = nullptr;
  std::size_t kept_ = 0;  // intervals
};

}  // namespace

std::expected<Calendar, Fault> read(std::string_view bytes, Instant from, Instant until,
                                    const Zone& zone) {
  std::size_t work = kWorkMax;
  return read(bytes, from, until, zone, work);
}

std::expected<Calendar, Fault> read(std::string_view bytes, Instant from, Instant until,
                                    const Zone& zone, std::size_t& work) {
  CHECK(from < until && until - from <= kWindowMax);
  begin_libical();
  auto parts = take_apart(bytes);
  if (!parts) return std::unexpected(parts.error());
  return Reader(*std::move(parts), from, until, zone, work).calendar();
}

std::vector<Interval> merged(std::vector<Interval> intervals) {
  std::ranges::sort(intervals);
  std::vector<Interval> out;
  for (const Interval& interval : intervals) {
    if (!out.empty() && interval.start <= out.back().end)
      out.back().end = std::max(out.back().end, interval.end);
    else
      out.push_back(interval);
  }
  return out;
}

}  // namespace parvis::ics
