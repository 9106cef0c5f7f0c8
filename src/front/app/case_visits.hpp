// What becomes of a case's appointment is told in the case: a job, queued in the transaction in
// which it happened, since the case's own keys are got before one.
#pragma once

#include <string_view>

#include "appointment/appointments.hpp"
#include "casework/cases.hpp"
#include "jobs/runner.hpp"

namespace parvis::app {

inline constexpr std::string_view kVisitJob = "case_visit";

// Nothing for a booking of no case, and for what the case tells itself (its deposit). Of
// `on_booking` (appointment::OnBooking).
void enqueue_visit(db::Tx& tx, const appointment::Booking& booking, appointment::Happened what,
                   Instant now);

jobs::Kind visit_kind(casework::Cases& cases, Zone zone);

}  // namespace parvis::app
