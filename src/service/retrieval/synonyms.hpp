// What people call things, and what the administration calls them.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace parvis::retrieval {

// Stems to look for beside those of a question: its acronyms spelt out, everyday words in the
// official ones. stems: of the question in order. Stems that stand in the question are not
// repeated.
std::vector<std::string> synonyms(std::span<const std::string> stems);

// The stem of the noun of a verb, when it is another one ("perdu" → "perte"); empty when not known.
std::string noun_of(const std::string& stem);

}  // namespace parvis::retrieval
