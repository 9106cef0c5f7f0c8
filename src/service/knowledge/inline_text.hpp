// The words inside a paragraph, title, item or cell of an official sheet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.hpp"
#include "knowledge/element.hpp"

namespace parvis::knowledge {

bool is_inline(std::string_view element_name);

// Everything readable in `parent`, as runs. White space of the source is layout and is collapsed;
// no-break spaces are typography and stay. Where the source lost the space between two words that
// belong to different elements ("travail|avant", about a hundred places of the corpus), it comes
// back. Names of elements it does not know are added to `unknown`; their words are kept.
Spans spans_of(const Element& parent, std::vector<std::string>& unknown);

// Spaces to one across runs, none at the ends; runs of one style joined, empty ones dropped.
Spans tidy(Spans spans);

std::string words_of(const Element* element);  // the same without links or emphasis; "" for null
std::string collapse(std::string_view text);   // layout spaces to one, none at the ends
std::string_view audience_of(std::string_view words);  // "Particuliers" → "particuliers"

}  // namespace parvis::knowledge
