// Drawings inside the pages, so that they take the page's colours. They say nothing that words
// beside them do not say, and are hidden from screen readers.
#pragma once

#include <cstdint>
#include <string_view>

#include "html/html.hpp"

namespace parvis::portal {

enum class Icon : std::uint8_t {
  arrow,
  back,
  check,
  download,
  letter,
  person,
  phone,
  print,
  save,
  sheet,
  warning,
};
html::Html icon(Icon which);
html::Html theme_icon(std::string_view id);  // of a theme of the official corpus: "N19810"

// A town hall; its windows are lit when it is open.
enum class Windows : std::uint8_t { lit, dark };
html::Html facade(Windows windows);

}  // namespace parvis::portal
