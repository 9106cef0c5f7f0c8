// The table of glossary.hpp. Inside the room: what glossary.cpp indexes. Immutable.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace parvis::retrieval {

inline constexpr std::array<std::string_view, 7> kGlossaryLanguages = {"en", "es", "pt", "ro",
                                                                       "tr", "uk", "ar"};
inline constexpr std::size_t kFormWords = 5;
inline constexpr std::size_t kNotionWords = 4;  // French ones; more of them find less

// One notion: the few words that official pages call it by, without articles or prepositions; and
// its forms in each of kGlossaryLanguages. Forms are parted by ", ", have one to kFormWords words,
// and are compared as fold() makes them. A word of four letters or more (Arabic: three) may bear
// any of endings() of its language; a shorter one is given as it is, or with "~" when it may too.
// "*" ends a word of which only the beginning is given.
struct Notion {
  std::string_view french;
  std::array<std::string_view, kGlossaryLanguages.size()> forms;
};

// A line for each notion, its words and forms in that order, parted by " | "; empty lines and those
// that begin with "#" are passed over, and so are lines with another number of parts. What comes
// out refers to the text.
std::vector<Notion> read_notions(std::string_view table);

// Those of data/glossary.txt.
std::string_view glossary_table();
std::span<const Notion> notions();

// What may follow a noun of a language, by its number in kGlossaryLanguages: one ending of each
// stage, or none, in their order. As fold() writes them, parted by spaces.
std::span<const std::string_view> endings(std::size_t language);
// Letters that end a noun only until it has another ending: "a" of "masina", "masinii".
std::string_view final_letters(std::size_t language);

}  // namespace parvis::retrieval
