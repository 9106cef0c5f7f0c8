// The table of glossary.hpp. Inside the room: what glossary.cpp indexes. Immutable.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace parvis::retrieval {

// One notion: the words that official pages call it by, without articles or prepositions; and its
// forms in each of kGlossaryLanguages. Forms are parted by ", ", have one to kFormWords words, and
// are compared as fold() makes them. "*" ends a word of which only the beginning is given.
struct Notion {
  std::string_view french;
  std::array<std::string_view, 7> forms;
};
inline constexpr std::array<std::string_view, 7> kGlossaryLanguages = {"en", "ar", "es", "pt",
                                                                       "tr", "uk", "ro"};
inline constexpr std::size_t kFormWords = 3;

std::span<const Notion> notions();

}  // namespace parvis::retrieval
