#include "app/booking_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/letterbox.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "directory/directory_store.hpp"
#include "jobs/jobs_store.hpp"

namespace parvis::app {
namespace {

using appointment::Appointments;
using appointment::Happened;
using appointment::Opened;
using appointment::State;
using appointment::Told;

constexpr std::array<std::pair<Happened, std::string_view>, 7> kNames{
    {{Happened::booked, "booked"},
     {Happened::moved, "moved"},
     {Happened::cancelled, "cancelled"},
     {Happened::displaced, "displaced"},
     {Happened::offered, "offered"},
     {Happened::lapsed, "lapsed"},
     {Happened::soon, "soon"}}};
constexpr std::size_t kProposals = 3;  // of a booking that has to change
constexpr std::chrono::days kProposed{31};
constexpr std::chrono::minutes kAlarm{24 * 60};  // of the calendar program, before the meeting

std::optional<Happened> named(std::string_view name) {
  for (const auto& [what, word] : kNames)
    if (word == name) return what;
  return std::nullopt;
}

// Whether the letter says what holds now. What is over needs none.
bool holds(const Opened& opened, Happened what, Instant now) {
  if (opened.booking.start <= now) return false;
  switch (what) {
    case Happened::booked:
    case Happened::moved:
    case Happened::soon:
      return opened.booking.state == State::booked;
    case Happened::cancelled:
      return opened.booking.state == State::cancelled;
    case Happened::displaced:
      return opened.booking.state == State::displaced;
    case Happened::offered:
    case Happened::lapsed:
    case Happened::visited:
      break;
  }
  return false;
}

// Cut between two letters, on one line.
std::string one_line(std::string text, std::size_t most) {
  std::ranges::replace(text, '\n', ' ');
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  text.resize(most);
  return text;
}

std::string place_of(const directory::Service& service) {
  std::string place = service.name;
  for (const std::string& each : service.address) place += ", " + each;
  if (!service.city.empty()) place += ", " + service.postcode + " " + service.city;
  return one_line(std::move(place), ics::kPlaceMax);
}

}  // namespace

void enqueue_booking_letter(db::Tx& tx, const appointment::Booking& booking, Happened what,
                            Instant now) {
  const auto name = std::ranges::find(kNames, what, &std::pair<Happened, std::string_view>::first);
  if (name == kNames.end()) return;
  const bool place = what == Happened::offered || what == Happened::lapsed;
  const bool soon = what == Happened::soon;
  jobs::enqueue(tx,
                {.tenant = booking.tenant,
                 .kind = std::string(place  ? kPlaceJob
                                     : soon ? kSoonJob
                                            : kBookingJob),
                 .key = place ? booking.waiting : booking.id,
                 .payload = {{"booking", booking.id},
                             {"waiting", booking.waiting},
                             {"what", name->second},
                             {"start", booking.start.time_since_epoch().count()}},
                 .due = std::nullopt,
                 .priority = soon ? jobs::Priority::p3 : jobs::Priority::p1},
                now, jobs::Existing::move);
}

bool place_letter_due(db::Tx& tx, const appointment::Waiting& waiting) {
  return jobs::lives(tx, waiting.tenant, kPlaceJob, waiting.id);
}

ics::Event event_of(const Opened& opened, const Told& told) {
  const appointment::Booking& row = opened.booking;
  const bool stands = row.state != State::cancelled && row.state != State::displaced;
  std::string summary = "Rendez-vous";
  if (opened.reason != nullptr) summary += "\u00a0: " + opened.reason->label;
  ics::Event event{
      .uid = std::string(kUidPrefix) + row.id,
      .sequence = static_cast<int>(row.revision),
      .start = row.start,
      .end = row.end,
      .zone = told.zone,
      .summary = Personal(one_line(std::move(summary), ics::kSummaryMax)),
      .status = stands ? ics::Status::confirmed : ics::Status::cancelled,
      .created = row.created_at,
      .modified = row.changed_at,
  };
  if (std::string text = appointment::practical_words(opened, told);
      text.size() <= ics::kDescriptionMax)
    event.description = Personal(std::move(text));
  if (told.service != nullptr && row.way == appointment::Way::in_person)
    event.location = place_of(*told.service);
  if (std::string video = appointment::video_of(opened); !video.empty())
    event.location = std::move(video);
  event.url = Personal(told.link);
  return event;
}

namespace {

// Told holds no service of its own: this does.
struct Facts {
  std::optional<directory::Service> service;
  Told told;
};

Facts facts_of(db::Database& database, const std::string& tenant, const std::string& service,
               const Zone& zone, const std::string& town) {
  return {.service = database.read(
              tenant, [&](db::Tx& tx) { return directory::service_by_id(tx, tenant, service); }),
          .told = {.zone = zone, .town = town}};
}

std::optional<mail::Attachment> part_of(const Opened& opened, const Told& told,
                                        const std::string& from) {
  if (from.empty() || !opened.visitor) return std::nullopt;
  ics::Event event = event_of(opened, told);
  event.organizer =
      ics::Person{.name = Personal(one_line(told.town, ics::kNameMax)), .mail = Personal(from)};
  event.attendee = ics::Person{.name = Personal(std::string()), .mail = opened.visitor->email};
  event.alarms = {kAlarm};
  const bool cancelled = event.status == ics::Status::cancelled;
  const auto written =
      ics::write({event}, {.method = cancelled ? ics::Method::cancel : ics::Method::request});
  if (!written) {  // the letter says it all the same
    log(Level::warning, "booking_not_written_as_ics", {{"why", written.error().what}});
    return std::nullopt;
  }
  return mail::Attachment{.name = Personal(std::string("rendez-vous.ics")),
                          .type = "text/calendar",
                          .bytes = *written,
                          .method = cancelled ? "CANCEL" : "REQUEST"};
}

}  // namespace

std::optional<Opened> BookingLetters::opened(const tenancy::Context& cx,
                                             const jobs::Job& job) const {
  try {
    return parts_.appointments.open_for_system(cx, string_at(job.payload, "booking").value_or(""));
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return std::nullopt;  // erased since
    throw;
  }
}

std::string BookingLetters::link(const std::string& id, const Secret<std::string>& token) const {
  return fmt::format("{}/rendez-vous/lien/{}-{}", parts_.public_url, id, token.reveal());
}

jobs::Outcome BookingLetters::send(appointment::Letter letter, Posting posting, Instant now) const {
  return parts_.mailer.send({.subject = std::move(letter.subject), .text = std::move(letter.text)},
                            posting, now);
}

jobs::Outcome BookingLetters::deliver(const jobs::Job& job, Instant now) const {
  const auto what = named(string_at(job.payload, "what").value_or(""));
  if (!what) return jobs::GiveUp{"the job is not well formed"};
  const tenancy::Context cx = system_context(job.tenant, "letter", parts_.zone, now);
  const auto found = opened(cx, job);
  const auto email = found ? appointment::email_of(found->visitor) : std::nullopt;
  if (!email || !holds(*found, *what, now)) return jobs::Done{};
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  Facts facts = facts_of(parts_.database, job.tenant, found->service, parts_.zone, parts_.town);
  facts.told.service = facts.service ? &*facts.service : nullptr;
  if (*what == Happened::displaced) try {
      auto offer = parts_.appointments.alternatives(cx, *found, now, now + kProposed);
      offer.slots.resize(std::min(offer.slots.size(), kProposals));
      facts.told.proposals = std::move(offer.slots);
    } catch (const Error& e) {
      // It is not offered any more: a person proposes.
      if (e.code() != Errc::not_found && e.code() != Errc::invalid) throw;
    }
  if (!parts_.public_url.empty())
    facts.told.link = link(found->booking.id, parts_.appointments.link(cx, found->booking.id));
  auto letter = appointment::letter_of(*found, *what, facts.told);
  if (!letter) return jobs::Done{};
  Posting posting{.id = fmt::format("rdv.{}.{}.{}", found->booking.id, found->booking.revision,
                                    string_at(job.payload, "what").value_or("")),
                  .to = email->read(),
                  .sender = parts_.town};
  if (auto part = part_of(*found, facts.told, parts_.from))
    posting.attachments.push_back(std::move(*part));
  return send(std::move(*letter), std::move(posting), now);
}

jobs::Outcome BookingLetters::deliver_reminder(const jobs::Job& job, Instant now) const {
  const tenancy::Context cx = system_context(job.tenant, "letter", parts_.zone, now);
  const auto found = opened(cx, job);
  const auto email = found ? appointment::email_of(found->visitor) : std::nullopt;
  const auto start = integer_at(job.payload, "start").value_or(0);
  if (!email || !holds(*found, Happened::soon, now) ||
      found->booking.start.time_since_epoch().count() != start)  // moved: the new time has its own
    return jobs::Done{};
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  Facts facts = facts_of(parts_.database, job.tenant, found->service, parts_.zone, parts_.town);
  facts.told.service = facts.service ? &*facts.service : nullptr;
  if (!parts_.public_url.empty())
    facts.told.link = link(found->booking.id, parts_.appointments.link(cx, found->booking.id));
  return send(appointment::reminder_of(*found, facts.told),
              {.id = fmt::format("rdv.{}.{}.soon", found->booking.id, start),
               .to = email->read(),
               .sender = parts_.town},
              now);
}

jobs::Outcome BookingLetters::deliver_place(const jobs::Job& job, Instant now) const {
  const auto what = named(string_at(job.payload, "what").value_or(""));
  const std::string id(string_at(job.payload, "waiting").value_or(""));
  const tenancy::Context cx = system_context(job.tenant, "letter", parts_.zone, now);
  std::optional<Appointments::Waits> waits;
  try {
    waits = parts_.appointments.open_waiting_for_system(cx, id);
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) return jobs::Done{};  // erased since
    throw;
  }
  const auto email = appointment::email_of(waits->visitor);
  if (!email) return jobs::Done{};
  if (!parts_.mailer.sends()) return jobs::Later{now + kMailAsked};
  Told told{.zone = parts_.zone, .town = parts_.town};
  Posting posting{.id = fmt::format("rdv.{}.{}", string_at(job.payload, "booking").value_or(""),
                                    string_at(job.payload, "what").value_or("")),
                  .to = email->read(),
                  .sender = parts_.town};
  if (what == Happened::lapsed) {
    if (waits->waiting.state != appointment::WaitingState::closed) return jobs::Done{};
    return send(appointment::lapse_of(*waits, told), std::move(posting), now);
  }
  if (!waits->offered || waits->offered->state != State::held || waits->offered->held_until <= now)
    return jobs::Done{};
  if (!parts_.public_url.empty()) told.link = link(id, parts_.appointments.waiting_link(cx, id));
  return send(appointment::offer_of(*waits, told), std::move(posting), now);
}

std::vector<jobs::Kind> BookingLetters::kinds() const {
  const auto kind = [&](std::string_view name, auto act) {
    return jobs::Kind{
        std::string(name), kMailPolicy,
        [this, act](const jobs::Job& job, Instant now) { return (this->*act)(job, now); }};
  };
  return {kind(kBookingJob, &BookingLetters::deliver),
          kind(kSoonJob, &BookingLetters::deliver_reminder),
          kind(kPlaceJob, &BookingLetters::deliver_place)};
}

std::string BookingLetters::file(const Opened& opened) const {
  Facts facts =
      facts_of(parts_.database, opened.booking.tenant, opened.service, parts_.zone, parts_.town);
  facts.told.service = facts.service ? &*facts.service : nullptr;
  ics::Event event = event_of(opened, facts.told);
  event.alarms = {kAlarm};
  const auto written =
      ics::write({event}, {.name = "Rendez-vous", .refresh = std::chrono::hours(6)});
  if (!written) throw Error(Errc::failed, "a booking is not written: " + written.error().what);
  return written->read();
}

BookingTimer::BookingTimer(Appointments& appointments, std::string tenant, Zone zone,
                           std::function<Instant()> now, std::function<void()> also)
    : appointments_(appointments),
      tenant_(std::move(tenant)),
      zone_(zone),
      now_(std::move(now)),
      also_(std::move(also)),
      thread_([this] { run(); }) {}

BookingTimer::~BookingTimer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool BookingTimer::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void BookingTimer::look() {
  if (tenant_.empty()) return;
  try {
    const auto cx = [&] { return system_context(tenant_, "bookings", zone_, now_()); };
    for (int batch = 0; batch < kBatches && !stopping(); ++batch)
      if (appointments_.end_holds(cx()) == 0) break;
    if (!stopping()) appointments_.offer_editions(cx());
    for (int batch = 0; batch < kBatches && !stopping(); ++batch)
      if (appointments_.remind(cx()) == 0) break;
    if (!stopping()) also_();
  } catch (const Error& error) {
    log(Level::warning, "bookings_not_looked_at", {{"why", error.detail()}});
  }
}

void BookingTimer::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    changed_.wait_for(lock, kEvery, [&] { return stopping_; });
  }
}

}  // namespace parvis::app
