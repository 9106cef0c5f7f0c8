// A document as plain text, complete: nothing that the tree holds is left out. For tests (nothing
// of a source is lost) and for people who look at what the store holds; citizens get pages.
#pragma once

#include <string>

#include "knowledge/document.hpp"

namespace parvis::knowledge {

// One line a paragraph, title, link or field, indented by depth. Ids, targets, variables and URLs
// stand between spaces.
std::string print_text(const Document& document);

std::string words_for(const Condition& condition);  // "T1 et (T2 ou T3 inconnu)"

}  // namespace parvis::knowledge
