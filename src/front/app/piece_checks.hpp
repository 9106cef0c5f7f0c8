// Looking again, as a job, at pieces that nobody has looked at and at those that wait for the
// antivirus. The job names the piece; what is true by then is in the database.
#pragma once

#include <optional>
#include <string>

#include "app/config.hpp"
#include "casework/pieces.hpp"
#include "inspect/clamd.hpp"
#include "jobs/runner.hpp"

namespace parvis::app {

inline constexpr std::string_view kPieceJob = "piece";

// The antivirus that the configuration names; nothing when it names none. Errc::invalid for an
// address that is not one.
std::optional<inspect::Clamd> antivirus_of(const Config& config);

void enqueue_check(db::Tx& tx, const casework::Case& row, const std::string& piece, Instant from,
                   Instant now);
jobs::Kind check_kind(casework::Pieces& pieces, Zone zone);  // both outlive the runner

}  // namespace parvis::app
