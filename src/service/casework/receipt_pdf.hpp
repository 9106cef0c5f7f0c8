// The accusé de réception as a tagged PDF, with the answers as they were given: what a citizen
// keeps. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "casework/receipt.hpp"
#include "pdf/pdf.hpp"

namespace parvis::casework {

// lookup: the public address where a case is asked for, as a code to scan; empty: none.
pdf::Document to_document(const Opened& opened, const Receipt& receipt, std::string_view town,
                          std::string_view accent, Instant now, std::string_view lookup = {});

// The page of the case. It opens for nobody by itself and its address holds no secret: a sheet of
// paper lies around. base: of the pages of its commune, "/bourg/" or "/". Empty without a public
// address.
std::string lookup_of(std::string_view public_url, std::string_view base,
                      std::string_view reference);

}  // namespace parvis::casework
