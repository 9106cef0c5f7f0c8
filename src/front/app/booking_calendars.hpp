// Bookings in the calendars of counters (CalDAV), both ways: what is booked appears there, what
// keeps the counter's owner busy there closes slots.
//
// The database is the truth: an entry of ours that somebody changed or took away there is put back
// by the next change of its booking. It says what it is about, how many people come and how, never
// who: the calendar is another organisation's machine. A server that is down is asked again for
// days, and `doctor` says so.
//
// A busy time over a booking that stands moves nobody: Appointments::clashes lists it for agents.
// An entry that is not understood may be a busy time that nobody knows: what was closed before then
// stays closed, what is understood closes too, and `doctor` names the entry.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/config.hpp"
#include "app/health.hpp"
#include "appointment/appointments.hpp"
#include "appointment/calendar_store.hpp"
#include "caldav/caldav.hpp"
#include "jobs/runner.hpp"

namespace parvis::app {

inline constexpr std::string_view kEntryJob = "booking-entry";
inline constexpr std::string_view kBusyJob = "booking-busy";
inline constexpr std::size_t kEntriesAtOnce = 200;  // put by one look at a calendar
inline constexpr std::size_t kBusyMax = 10'000;     // of a calendar

class BookingCalendars {
 public:
  // Errc::invalid, with what to write instead, for a calendar that cannot be named like that.
  BookingCalendars(const Config& config, db::Database& database,
                   appointment::Appointments& appointments, appointment::Agendas& agendas,
                   Zone zone);

  // Of jobs::Runner.
  jobs::Outcome enter(const jobs::Job& job, Instant now) const;
  jobs::Outcome read_busy(const jobs::Job& job, Instant now) const;
  std::vector<jobs::Kind> kinds() const;  // this outlives the runner

  // Has every calendar read, those that are not named any more forgotten. Called each minute.
  void poll(const std::string& tenant, Instant now) const;

 private:
  using Counter = std::pair<std::string, std::string>;  // agenda and counter
  struct Fate {
    bool done = false;
    std::string why = {};
  };
  Fate put(const caldav::Caldav& calendar, const tenancy::Context& cx,
           const appointment::Opened& opened, appointment::Entry entry) const;
  Fate take_away(const caldav::Caldav& calendar, const tenancy::Context& cx,
                 const appointment::Entry& entry) const;
  void note(const tenancy::Context& cx, const Counter& where, const std::string& why) const;

  db::Database& database_;
  appointment::Appointments& appointments_;
  appointment::Agendas& agendas_;
  const Zone zone_;
  std::map<Counter, caldav::Caldav> calendars_;
};

// Enqueues what a change of a booking makes of calendars: nothing when none is named.
void enqueue_entry(db::Tx& tx, const Config& config, const appointment::Booking& booking,
                   appointment::Happened what, Instant now);

// Of Appointments: all that a change of a booking makes others do. Keeps a reference to config.
appointment::OnBooking on_booking_of(const Config& config);

// For `doctor` and /readyz: as the server last saw them.
std::vector<Check> check_calendars(const Config& config, db::Database& database,
                                   const std::string& tenant);

// Intervals as rows of a counter; `source` tells those of a server from those of a file.
std::vector<appointment::Busy> busy_rows(const std::vector<ics::Interval>& intervals,
                                         const std::string& agenda, const std::string& counter,
                                         std::string_view source);

}  // namespace parvis::app
