#include "app/booking_calendars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/booking_letters.hpp"
#include "app/case_visits.hpp"
#include "app/letterbox.hpp"
#include "app/mailer.hpp"
#include "appointment/calendar_store.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "directory/directory_store.hpp"
#include "jobs/jobs_store.hpp"

namespace parvis::app {
namespace {

using appointment::Busy;
using appointment::Entry;
using appointment::Happened;
using appointment::Opened;
using appointment::State;
using std::chrono::days;

// A server that is down for a weekend misses nothing: tried every half hour or sooner.
constexpr jobs::Policy kPolicy{.attempts = 200,
                               .first = std::chrono::seconds(5),
                               .longest = std::chrono::minutes(30),
                               .lease = std::chrono::minutes(10)};
constexpr int kTries = 3;  // at an entry that somebody changes meanwhile
constexpr std::string_view kFromServer = "caldav";

caldav::Config config_of(const CalendarConfig& entry) {
  const std::string name = fmt::format("caldav of {}/{}", entry.agenda, entry.counter);
  if (entry.auth != "basic" && entry.auth != "digest")
    throw Error(Errc::invalid, name + ": auth is basic or digest");
  return {.url = entry.url,
          .user = entry.user,
          .password = password_in(entry.password_file, name + ": password_file"),
          .auth = entry.auth == "digest" ? caldav::Auth::digest : caldav::Auth::basic,
          .ca_file = entry.ca_file.string()};
}

bool stands(State state) { return appointment::takes_its_time(state) && state != State::held; }

void enqueue(db::Tx& tx, const std::string& tenant, std::string_view kind, std::string key,
             json::object payload, Instant now) {
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kind),
                 .key = std::move(key),
                 .payload = std::move(payload),
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

void enqueue_entry(db::Tx& tx, const std::string& tenant, const std::string& booking, Instant now) {
  enqueue(tx, tenant, kEntryJob, booking, {{"booking", booking}}, now);
}

}  // namespace

void enqueue_entry(db::Tx& tx, const Config& config, const appointment::Booking& booking,
                   Happened what, Instant now) {
  const bool changes = what == Happened::booked || what == Happened::moved ||
                       what == Happened::cancelled || what == Happened::displaced;
  if (!changes || std::ranges::find(config.calendars, booking.agenda, &CalendarConfig::agenda) ==
                      config.calendars.end())
    return;
  enqueue_entry(tx, booking.tenant, booking.id, now);
}

std::vector<Busy> busy_rows(const std::vector<ics::Interval>& intervals, const std::string& agenda,
                            const std::string& counter, std::string_view source) {
  std::vector<Busy> rows;
  for (const ics::Interval& each : intervals)
    rows.push_back({.agenda = agenda,
                    .counter = counter,
                    .id = fmt::format("{}-{}", source, each.start.time_since_epoch().count()),
                    .from_calendar = true,
                    .from = each.start,
                    .until = each.end});
  return rows;
}

BookingCalendars::BookingCalendars(const Config& config, db::Database& database,
                                   appointment::Appointments& appointments,
                                   appointment::Agendas& agendas, Zone zone)
    : database_(database), appointments_(appointments), agendas_(agendas), zone_(zone) {
  for (const CalendarConfig& each : config.calendars) {
    const Counter where{each.agenda, each.counter};
    if (calendars_.contains(where))
      throw Error(Errc::invalid, fmt::format("caldav of {}/{} is named twice: a counter has one "
                                             "calendar",
                                             each.agenda, each.counter));
    try {
      calendars_.emplace(where, caldav::Caldav(config_of(each)));
    } catch (const Error& e) {
      throw Error(e.code(),
                  fmt::format("caldav of {}/{}: {}", each.agenda, each.counter, e.detail()));
    }
  }
}

void BookingCalendars::note(const tenancy::Context& cx, const Counter& where,
                            const std::string& why) const {
  database_.write(cx.tenant, [&](db::Tx& tx) {
    appointment::note(tx, cx.tenant, where.first, where.second, why, cx.now);
  });
}

BookingCalendars::Fate BookingCalendars::put(const caldav::Caldav& calendar,
                                             const tenancy::Context& cx, const Opened& opened,
                                             Entry entry) const {
  const auto service = database_.read(cx.tenant, [&](db::Tx& tx) {
    return directory::service_by_id(tx, cx.tenant, opened.service);
  });
  ics::Event event =
      event_of(opened, {.zone = zone_, .service = service ? &*service : nullptr, .town = {}});
  // For whoever receives: what to bring is the visitor's.
  event.description = Personal(
      fmt::format("{}{}", words(opened.booking.way),
                  opened.booking.people > 1 ? fmt::format(", {} personnes", opened.booking.people)
                                            : std::string()));
  const auto written = ics::write({event});
  if (!written) return {.why = written.error().what};
  if (entry.etag.empty())
    database_.write(cx.tenant, [&](db::Tx& tx) { keep(tx, cx.tenant, entry); });
  std::optional<std::string> etag = entry.etag;  // empty: whatever is there is ours
  for (int tried = 0; tried < kTries; ++tried) {
    const caldav::Outcome outcome = calendar.put(event.uid, *written, etag);
    if (outcome.fate == caldav::Fate::done) {
      entry.etag = outcome.etag;
      database_.write(cx.tenant, [&](db::Tx& tx) { keep(tx, cx.tenant, entry); });
      return {.done = true};
    }
    if (outcome.fate != caldav::Fate::conflict) return {.why = outcome.why};
    // Somebody changed it there, or took it away: read anew, and ours is the truth.
    etag = outcome.etag.empty() ? std::nullopt : std::optional(outcome.etag);
  }
  return {.why = "the entry keeps changing on the calendar server"};
}

BookingCalendars::Fate BookingCalendars::take_away(const caldav::Caldav& calendar,
                                                   const tenancy::Context& cx,
                                                   const Entry& entry) const {
  const caldav::Outcome outcome = calendar.remove(std::string(kUidPrefix) + entry.booking, "");
  if (outcome.fate != caldav::Fate::done) return {.why = outcome.why};
  database_.write(cx.tenant, [&](db::Tx& tx) { forget(tx, cx.tenant, entry); });
  return {.done = true};
}

jobs::Outcome BookingCalendars::enter(const jobs::Job& job, Instant now) const {
  const tenancy::Context cx = system_context(job.tenant, "calendar", zone_, now);
  const std::string id(string_at(job.payload, "booking").value_or(""));
  std::optional<Opened> opened;
  try {
    opened = appointments_.open_for_system(cx, id);
  } catch (const Error& e) {
    if (e.code() != Errc::not_found) throw;  // erased since: what is there goes
  }
  std::string why;
  const auto told = [&](const Counter& where, const Fate& fate) {
    if (!fate.done) {
      note(cx, where, fate.why);
      why = fate.why;
    }
  };
  Entry wanted;
  if (opened && stands(opened->booking.state))
    wanted = {.booking = id, .agenda = opened->booking.agenda, .counter = opened->booking.counter};
  for (const Entry& entry : database_.read(
           job.tenant, [&](db::Tx& tx) { return appointment::entries_of(tx, job.tenant, id); })) {
    if (entry.agenda == wanted.agenda && entry.counter == wanted.counter) {
      wanted.etag = entry.etag;
      continue;
    }
    const auto calendar = calendars_.find({entry.agenda, entry.counter});
    if (calendar == calendars_.end()) {  // not named any more: nobody can reach it
      database_.write(job.tenant, [&](db::Tx& tx) { forget(tx, job.tenant, entry); });
      continue;
    }
    told(calendar->first, take_away(calendar->second, cx, entry));
  }
  if (const auto calendar = calendars_.find({wanted.agenda, wanted.counter});
      !wanted.booking.empty() && calendar != calendars_.end())
    told(calendar->first, put(calendar->second, cx, *opened, wanted));
  if (!why.empty()) return jobs::Failed{why};
  return jobs::Done{};
}

jobs::Outcome BookingCalendars::read_busy(const jobs::Job& job, Instant now) const {
  const tenancy::Context cx = system_context(job.tenant, "calendar", zone_, now);
  const Counter where{string_at(job.payload, "agenda").value_or(""),
                      string_at(job.payload, "counter").value_or("")};
  const auto calendar = calendars_.find(where);
  if (calendar == calendars_.end()) return jobs::Done{};
  const auto edition = agendas_.of(job.tenant, where.first);
  if (!edition || edition->agenda->counter(where.second) == nullptr) {
    note(cx, where, "there is no such agenda or counter: correct [[caldav]]");
    return jobs::Done{};
  }
  days horizon{0};  // nothing is shown beyond
  for (const appointment::Reason& reason : edition->agenda->reasons)
    horizon = std::max(horizon, reason.horizon);
  const Instant until = now + horizon + days(1);
  const auto busy = calendar->second.busy(now, until, zone_, kUidPrefix);
  if (!busy) {
    note(cx, where, busy.error().why);
    return jobs::Done{};  // asked again in a minute
  }
  auto intervals = busy->intervals;
  std::string why;
  if (intervals.size() > kBusyMax) {
    note(cx, where, fmt::format("it has more than {} busy times: shorten its series", kBusyMax));
    return jobs::Done{};
  }
  // What it does not say clearly is busy as it was.
  if (!busy->unread.empty())
    for (const Busy& row : database_.read(job.tenant, [&](db::Tx& tx) {
           return appointment::busy_between(tx, cx, where.first, now, until);
         }))
      if (row.from_calendar && row.counter == where.second)
        intervals.push_back({.start = row.from, .end = row.until});
  appointments_.set_calendar(
      cx, where.first, where.second,
      busy_rows(ics::merged(std::move(intervals)), where.first, where.second, kFromServer));
  database_.write(job.tenant, [&](db::Tx& tx) {
    for (const std::string& id :
         appointment::not_entered(tx, cx, where.first, where.second, kEntriesAtOnce))
      enqueue_entry(tx, job.tenant, id, now);
  });
  if (!busy->unread.empty())
    why = fmt::format("{} of its entries are not understood, the first is \"{}\", line {}: {}",
                      busy->unread.size(), busy->unread.front().name,
                      busy->unread.front().fault.line, busy->unread.front().fault.what);
  note(cx, where, why);
  return jobs::Done{};
}

std::vector<jobs::Kind> BookingCalendars::kinds() const {
  return {{std::string(kEntryJob), kPolicy,
           [this](const jobs::Job& job, Instant now) { return enter(job, now); }},
          {std::string(kBusyJob), kPolicy,
           [this](const jobs::Job& job, Instant now) { return read_busy(job, now); }}};
}

void BookingCalendars::poll(const std::string& tenant, Instant now) const {
  const tenancy::Context cx = system_context(tenant, "calendar", zone_, now);
  const auto known =
      database_.read(tenant, [&](db::Tx& tx) { return appointment::calendars(tx, tenant); });
  if (known.empty() && calendars_.empty()) return;
  const auto let_go = [&](const appointment::Calendar& each) {
    return !calendars_.contains({each.agenda, each.counter});
  };
  for (const appointment::Calendar& each : known)
    if (let_go(each))
      appointments_.set_calendar(cx, each.agenda, each.counter, {});  // it closes nothing any more
  database_.write(tenant, [&](db::Tx& tx) {
    for (const appointment::Calendar& each : known)
      if (let_go(each)) appointment::forget_calendar(tx, tenant, each.agenda, each.counter);
    for (const auto& [where, unused] : calendars_)
      enqueue(tx, tenant, kBusyJob, fmt::format("{}/{}", where.first, where.second),
              {{"agenda", where.first}, {"counter", where.second}}, now);
  });
}

appointment::OnBooking on_booking_of(const Config& config) {
  return [&config](db::Tx& tx, const appointment::Booking& row, appointment::Happened what,
                   Instant now) {
    enqueue_booking_letter(tx, row, what, now);
    enqueue_entry(tx, config, row, what, now);
    enqueue_visit(tx, row, what, now);
  };
}

std::vector<Check> check_calendars(const Config& config, db::Database& database,
                                   const std::string& tenant) {
  if (config.calendars.empty()) return {};
  const auto known =
      database.read(tenant, [&](db::Tx& tx) { return appointment::calendars(tx, tenant); });
  std::vector<Check> all;
  for (const CalendarConfig& each : config.calendars) {
    Check check{.part = fmt::format("calendar of {}/{}", each.agenda, each.counter),
                .what = "never read",
                .remedy = {}};
    const auto found = std::ranges::find_if(known, [&](const appointment::Calendar& one) {
      return one.agenda == each.agenda && one.counter == each.counter;
    });
    if (found != known.end()) {
      if (found->went_at) check.what = "last read " + format_rfc3339(*found->went_at);
      if (found->failing()) {
        check.state = Check::State::degraded;
        check.what += fmt::format("; since {}: {}", format_rfc3339(*found->failed_at), found->why);
        check.remedy =
            "mend the calendar server or [[caldav]]: bookings wait, and are entered then";
      }
    }
    all.push_back(std::move(check));
  }
  return all;
}

}  // namespace parvis::app
