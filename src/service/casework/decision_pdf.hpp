// The letter of a decision as a tagged PDF: what the citizen keeps and shows. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "casework/decision.hpp"
#include "pdf/pdf.hpp"

namespace parvis::casework {

// at: of the decision, so that the same letter has the same bytes.
pdf::Document to_document(const Decision& decision,
                          const Personal<std::vector<std::string>>& recipient,
                          std::string_view town, std::string_view accent, Instant at);

}  // namespace parvis::casework
