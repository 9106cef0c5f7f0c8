// A run of blocks as text that can be said: each piece is said whole or not at all. Pure.
#pragma once

#include <string>
#include <vector>

#include "knowledge/document.hpp"

namespace parvis::answer {

// Lines end with '\n' between them, none at the end; "- " starts an item, "  - " an inner one.
struct Piece {
  enum class Kind {
    prose,    // a paragraph that stands alone
    list,     // items, with the sentence that announces them
    table,    // rows as lines, with the sentence or title that announces them
    notice,   // à noter, à savoir, attention, rappel
    service,  // an online service, form, model letter or tool, with its link
    place,    // whom to turn to, with the address, phones, links that the sheet gives
  };
  Kind kind = Kind::prose;
  std::string text;
  std::size_t words = 0;
  const knowledge::Block* block = nullptr;  // the first; lives as long as the document
  bool whole = true;  // false: it announces what stands elsewhere; it must not be said alone
};

// blocks: no heading among them (situation, chapter, case): those make sections (sections.hpp).
// A null marks the place of cases that are left open.
// A list never stands without the sentence that announces it, nor that sentence without it.
std::vector<Piece> pieces(const std::vector<const knowledge::Block*>& blocks);

std::string heading_text(const knowledge::Spans& spans);  // spaces collapsed, no colon at the end

// "un, deux et trois" is not split; words of a line in the sheet's own order, spaces collapsed.
std::string line_text(const knowledge::Spans& spans);

// Announces what follows ("… les documents suivants :").
bool announces(std::string_view line);

}  // namespace parvis::answer
