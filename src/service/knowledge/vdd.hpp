// From an official sheet ("Vos droits et démarches", DILA) to a Document. Both formats go through
// element.hpp and the one builder here, so they cannot diverge. Never throws.
#pragma once

#include <expected>
#include <string_view>

#include "base/error.hpp"
#include "knowledge/document.hpp"
#include "knowledge/element.hpp"

namespace parvis::knowledge {

// Raised whenever the builder reads more or otherwise: sheets are then imported again although
// their files are the same.
inline constexpr int kTreeVersion = 2;

// audience: "particuliers" | "professionnels" | "associations"; empty = read from the sheet.
std::expected<Document, Problem> document_from(const Element& root, std::string_view audience);
std::expected<Document, Problem> parse_fiche_json(std::string_view bytes,
                                                  std::string_view audience);
std::expected<Document, Problem> parse_fiche_xml(std::string_view bytes, std::string_view audience);

}  // namespace parvis::knowledge
