// The letter of an act on paper, as a document for platform/pdf: what a citizen without an e-mail
// address is sent by post, or handed. Those of the deposit and of decisions have forms of their own
// (receipt_pdf.hpp, decision_pdf.hpp). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "casework/letters.hpp"
#include "pdf/pdf.hpp"

namespace parvis::casework {

// Nothing for an act without a letter (body_of). accent: of the town, "#rrggbb".
std::optional<pdf::Document> letter_document(const Opened& opened, const Receipt& receipt,
                                             const Happened& event, std::string_view town,
                                             std::string_view accent, Zone zone);

}  // namespace parvis::casework
