// Letters to those who come: what is booked, moved, cancelled, has to change, is soon, is free. A
// job is enqueued with what calls for it, in its transaction, and looks at what is true when it
// runs: of a booking that changed twice while the mail server was down, one letter goes, the last.
// Each goes under a Message-ID of its own for ever.
//
// The appointment comes with it as a part for calendar programs (RFC 5546): the same UID, one
// SEQUENCE more at each change, METHOD CANCEL when it does not take place.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/mailer.hpp"
#include "appointment/appointments.hpp"
#include "appointment/letters.hpp"
#include "ics/write.hpp"

namespace parvis::app {

inline constexpr std::string_view kBookingJob = "booking-letter";
inline constexpr std::string_view kSoonJob = "booking-reminder";
inline constexpr std::string_view kPlaceJob = "booking-place";  // of the waiting list

// Uids of entries of calendars that are ours begin with it.
inline constexpr std::string_view kUidPrefix = "parvis-rdv-";

// Enqueues the letter that it calls for. What has none enqueues nothing.
void enqueue_booking_letter(db::Tx& tx, const appointment::Booking& booking,
                            appointment::Happened what, Instant now);

// Of Appointments: the letter of an offer, or of its end, waits for the mail server.
bool place_letter_due(db::Tx& tx, const appointment::Waiting& waiting);

// The appointment as an entry of a calendar. Nothing in it names the person.
ics::Event event_of(const appointment::Opened& opened, const appointment::Told& told);

class BookingLetters {
 public:
  struct Parts {
    const Mailer& mailer;
    db::Database& database;
    appointment::Appointments& appointments;
    std::string town;  // the sender's name
    std::string from;  // their address; empty: letters bear no part for calendars
    std::string public_url;
    Zone zone;
  };
  explicit BookingLetters(Parts parts) : parts_(std::move(parts)) {}

  // Of jobs::Runner. Who gave no address gets none.
  jobs::Outcome deliver(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_reminder(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_place(const jobs::Job& job, Instant now) const;
  std::vector<jobs::Kind> kinds() const;  // this outlives the runner

  // The file of the pages: where, how to get there, what to bring; cancelled when it is.
  std::string file(const appointment::Opened& opened) const;

 private:
  std::optional<appointment::Opened> opened(const tenancy::Context& cx, const jobs::Job& job) const;
  std::string link(const std::string& id, const Secret<std::string>& token) const;
  jobs::Outcome send(appointment::Letter letter, Posting posting, Instant now) const;

  const Parts parts_;
};

// What time alone does to bookings: holds end and their time is offered, reminders are due. One
// thread that looks at once, then every kEvery, whatever the clock does; several nodes may do so.
class BookingTimer {
 public:
  static constexpr std::chrono::minutes kEvery{1};
  static constexpr int kBatches = 100;  // of one look

  // also: looked after each time, for what is polled. An empty tenant has no bookings.
  BookingTimer(appointment::Appointments& appointments, std::string tenant, Zone zone,
               std::function<Instant()> now, std::function<void()> also);
  ~BookingTimer();  // stops between two batches
  BookingTimer(const BookingTimer&) = delete;
  BookingTimer& operator=(const BookingTimer&) = delete;

 private:
  void run();
  void look();
  bool stopping();

  appointment::Appointments& appointments_;
  const std::string tenant_;
  const Zone zone_;
  const std::function<Instant()> now_;
  const std::function<void()> also_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace parvis::app
