#include "app/case_visits.hpp"

#include <fmt/format.h>

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
    case Happened::booked:
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
  const auto after = appointment::still(tx, booking);
  const std::string_view word = word_of(what, after ? after->state : booking.state);
  if (word.empty()) return;
  const std::int64_t revision = after ? after->revision : booking.revision;
  // One act, one event: the revision is taken in the transaction of the act.
  const std::string event = fmt::format("rdv-{}-{}", booking.id, revision);
  jobs::enqueue(tx,
                {.tenant = booking.tenant,
                 .kind = std::string(kVisitJob),
                 .key = event,
                 .payload = {{"case", booking.case_id},
                             {"event", event},
                             {"what", word},
                             {"start", format_rfc3339(after ? after->start : booking.start)}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

void enqueue_visit_end(db::Tx& tx, const casework::Case& row, casework::Act act, Instant now) {
  if (act != casework::Act::withdraw) return;
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kVisitEndJob),
                 .key = row.id(),
                 .payload = {{"case", row.id()}},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p2},
                now, jobs::Existing::sooner);
}

jobs::Kind visit_kind(casework::Cases& cases, Zone zone) {
  return {std::string(kVisitJob), kPolicy,
          [&cases, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            const auto text = [&](std::string_view key) {
              return std::string(string_at(job.payload, key).value_or(""));
            };
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

jobs::Kind visit_end_kind(appointment::Appointments& appointments, Zone zone) {
  return {std::string(kVisitEndJob), kPolicy,
          [&appointments, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            appointments.cancel_of_case(system_context(job.tenant, "appointment", zone, now),
                                        string_at(job.payload, "case").value_or(""));
            return jobs::Done{};
          }};
}

}  // namespace parvis::app
