#include "app/case_visits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/letterbox.hpp"
#include "base/error.hpp"
#include "jobs/jobs_store.hpp"

namespace parvis::app {
namespace {

using appointment::Happened;
using appointment::State;

constexpr jobs::Policy kPolicy{.attempts = 20,
                               .first = std::chrono::seconds(30),
                               .longest = std::chrono::hours(1),
                               .lease = std::chrono::minutes(2)};

// Acts after which nobody comes for the case any more. One that is accepted may still be for a
// visit.
constexpr std::array kEnds{casework::Act::withdraw, casework::Act::refuse, casework::Act::transfer,
                           casework::Act::close, casework::Act::merge};
constexpr int kMergesFollowed = 8;  // of a case that goes on in one that goes on in another

constexpr std::int64_t kActsBefore = 4;  // of a visit, that may still have to be told
constexpr auto kAfterAnother = std::chrono::seconds(1);

std::string event_of(std::string_view booking, std::int64_t revision) {
  return fmt::format("rdv-{}-{}", booking, revision);
}

std::string_view word_of(Happened what, State state) {
  switch (what) {
    case Happened::moved:
      return "moved";
    case Happened::cancelled:
      return "cancelled";
    case Happened::displaced:
      return "displaced";
    case Happened::visited:
      if (state == State::booked) return "expected";
      return state == State::missed ? "missed" : "arrived";
    case Happened::booked:  // after the first, which the deposit tells
      return "retaken";
    case Happened::offered:
    case Happened::lapsed:
    case Happened::soon:
      break;
  }
  return {};
}

}  // namespace

void enqueue_visit(db::Tx& tx, const appointment::Booking& booking, Happened what, Instant now) {
  if (booking.case_id.empty()) return;
  if (what == Happened::booked &&
      appointment::bookings_of_case(
          tx, system_context(booking.tenant, "appointment", Zone::paris(), now), booking.case_id)
              .size() < 2)
    return;
  const auto after = appointment::still(tx, booking);
  const std::string_view word = word_of(what, after ? after->state : booking.state);
  if (word.empty()) return;
  const std::int64_t revision = after ? after->revision : booking.revision;
  // One act, one event: the revision is taken in the transaction of the act.
  const std::string event = event_of(booking.id, revision);
  jobs::enqueue(tx,
                {.tenant = booking.tenant,
                 .kind = std::string(kVisitJob),
                 .key = event,
                 .payload = {{"case", booking.case_id},
                             {"event", event},
                             {"booking", booking.id},
                             {"revision", revision},
                             {"what", word},
                             {"start", format_rfc3339(after ? after->start : booking.start)}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

void enqueue_visit_end(db::Tx& tx, const casework::Case& row, casework::Act act, Instant now) {
  if (std::ranges::find(kEnds, act) == kEnds.end()) return;
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kVisitEndJob),
                 .key = row.id(),
                 .payload = {{"case", row.id()}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

jobs::Kind visit_kind(db::Database& database, casework::Cases& cases, Zone zone) {
  return {std::string(kVisitJob), kPolicy,
          [&database, &cases, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            const auto text = [&](std::string_view key) {
              return std::string(string_at(job.payload, key).value_or(""));
            };
            // Jobs run side by side; what happened is told in its order.
            const std::int64_t revision = integer_at(job.payload, "revision").value_or(0);
            const bool waits = database.read(job.tenant, [&](db::Tx& tx) {
              for (std::int64_t before = std::max<std::int64_t>(0, revision - kActsBefore);
                   before < revision; ++before)
                if (jobs::lives(tx, job.tenant, kVisitJob, event_of(text("booking"), before)))
                  return true;
              return false;
            });
            if (waits) return jobs::Later{now + kAfterAnother};
            try {
              cases.record(system_context(job.tenant, "appointment", zone, now), text("case"),
                           casework::Act::visit, text("event"), "",
                           {{"what", text("what")}, {"start", text("start")}});
            } catch (const Error& e) {
              // Erased since, or the draft of a hold that somebody else's calendar displaced.
              if (e.code() != Errc::not_found && e.code() != Errc::conflict) throw;
            }
            return jobs::Done{};
          }};
}

namespace {

// The case in which it goes on, or itself; nullopt when it is erased.
std::optional<casework::Opened> goes_on(casework::Cases& cases, const tenancy::Context& cx,
                                        std::string_view id) try {
  casework::Opened opened = cases.open_for_system(cx, id);
  for (int n = 0; n < kMergesFollowed; ++n) {
    const auto into = casework::merged_into(opened);
    auto next = into ? cases.with_reference(cx, *into) : std::nullopt;
    if (!next) break;
    opened = std::move(*next);
  }
  return opened;
} catch (const Error& e) {
  if (e.code() != Errc::not_found) throw;
  return std::nullopt;
}

}  // namespace

jobs::Kind visit_end_kind(appointment::Appointments& appointments, casework::Cases& cases,
                          Zone zone) {
  return {std::string(kVisitEndJob), kPolicy,
          [&appointments, &cases, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            const tenancy::Context cx = system_context(job.tenant, "appointment", zone, now);
            const std::string id(string_at(job.payload, "case").value_or(""));
            const auto opened = goes_on(cases, cx, id);
            const bool stands = opened && (casework::is_open(opened->state) ||
                                           opened->state == casework::State::accepted);
            if (!stands)
              appointments.cancel_of_case(cx, id);
            else if (opened->id != id)
              appointments.carry_to_case(cx, id, opened->id);
            return jobs::Done{};  // reopened since: the visit stands
          }};
}

}  // namespace parvis::app
