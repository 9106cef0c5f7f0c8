// The texts of a document that are embedded, each short enough to be about one thing.
#pragma once

#include <string>
#include <vector>

#include "knowledge/document.hpp"

namespace parvis::retrieval {

// The first is the title with the summary: it is embedded before any other passage of any document.
// The others are the beginnings of the sections in order, each with the title and the headings
// above it, since a piece alone ("Il est gratuit.") does not say what it is about. They find a
// page: the whole text would be three times as many to scan. A dossier has no others: its text is
// the titles of its sheets.
struct Passage {
  std::string about;  // "Passeport perdu > À l'étranger"; empty for the first
  std::string text;
  std::string whole() const { return about.empty() ? text : about + " : " + text; }
};
std::vector<Passage> passages_of(const knowledge::Document& document);
// The whole text of the sections in order, cut likewise: the beginnings are passages. They find
// where a page says what is asked of it.
std::vector<Passage> text_of(const knowledge::Document& document);

inline constexpr std::size_t kPassageBytes = 330;  // of text, without the headings; whole sentences
// Of one document, and of its whole text; the rest is found by words only.
inline constexpr std::size_t kPassages = 200, kTextPassages = 600;

}  // namespace parvis::retrieval
