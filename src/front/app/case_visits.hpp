// What becomes of a case's appointment is told in the case: a job, queued in the transaction in
// which it happened, since the case's own keys are got before one.
#pragma once

#include <string_view>

#include "appointment/appointments.hpp"
#include "casework/cases.hpp"
#include "jobs/runner.hpp"

namespace parvis::app {

inline constexpr std::string_view kVisitJob = "case_visit", kVisitEndJob = "case_visit_end";

// Nothing for a booking of no case, and for what the case tells itself (its deposit). Of
// `on_booking` (appointment::OnBooking).
void enqueue_visit(db::Tx& tx, const appointment::Booking& booking, appointment::Happened what,
                   Instant now);

// The appointment to come of a case that ends (withdrawn, refused, transferred, closed) is
// cancelled, by a job too; of one that goes on in another case, it is that one's unless it has its
// own. Of `on_act` (casework::OnAct).
void enqueue_visit_end(db::Tx& tx, const casework::Case& row, casework::Act act, Instant now);

jobs::Kind visit_kind(db::Database& database, casework::Cases& cases, Zone zone);
jobs::Kind visit_end_kind(appointment::Appointments& appointments, casework::Cases& cases,
                          Zone zone);

}  // namespace parvis::app
