// What every document is written with: words in one hand, a fact when there is one.
#pragma once

#include <string>

#include "pdf/pdf.hpp"

namespace parvis::pdf {

inline Words plain(std::string text) { return {{.text = std::move(text)}}; }
inline Words strong(std::string text) { return {{.text = std::move(text), .strong = true}}; }

// Nothing for an empty value.
inline void add_fact(Section& section, std::string label, std::string value) {
  if (!value.empty()) section.blocks.emplace_back(Fact{std::move(label), plain(std::move(value))});
}

}  // namespace parvis::pdf
