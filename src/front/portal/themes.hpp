// The themes of the official sheets, as the corpus groups them. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "knowledge/document.hpp"

namespace parvis::portal {

struct Theme {
  std::string id;  // its dossier page: "N19810"
  std::string title;
  std::size_t sheets = 0;  // in all its dossiers, each once
};

// dossiers: the N pages of one audience. The theme with most sheets comes first.
std::vector<Theme> themes_of(const std::vector<knowledge::Document>& dossiers);

}  // namespace parvis::portal
