// The accusé de réception as a tagged PDF, with the answers as they were given: what a citizen
// keeps. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "casework/receipt.hpp"
#include "pdf/pdf.hpp"

namespace parvis::casework {

pdf::Document to_document(const Opened& opened, const Receipt& receipt, std::string_view town,
                          std::string_view accent, Instant now);

}  // namespace parvis::casework
