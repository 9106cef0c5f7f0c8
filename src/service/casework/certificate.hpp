// The attestation of a decision that silence made (CRPA, L232-3): what the service signs when
// the citizen asks for it. Made ready as a tagged PDF; without a signature it is a draft, and says
// so. Pure; thread-safe.
#pragma once

#include <string_view>

#include "casework/reminders.hpp"
#include "pdf/pdf.hpp"

namespace parvis::casework {

// Whether there is something to attest: silence accepted, and nothing undid it.
bool can_attest(const Opened& opened);

// CHECK: can_attest().
pdf::Document certificate_of(const Opened& opened, const Receipt& receipt, std::string_view town,
                             std::string_view accent, Instant now);

}  // namespace parvis::casework
