// From a citizen's words to the sheets that may answer, and how sure the first one is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.hpp"
#include "search/index.hpp"

namespace parvis::answer {

struct Found {
  knowledge::DocumentKey key;
  double score = 0;  // for the order only; says nothing about being right
};

struct Retrieval {
  std::vector<Found> found;  // best first; each id once, in its best audience
  double confidence = 0;     // calibrated probability that the first is a right page
};

// Lexical search: words of the question, those that the vocabulary lacks corrected.
// question: cleaned text. limit: at most kFound.
Retrieval retrieve(const search::Snapshot& snapshot, std::string_view question, std::size_t limit);

inline constexpr std::size_t kFound = 50;
inline constexpr std::size_t kCorrections = 8;  // words of one question whose spelling is looked up

}  // namespace parvis::answer
