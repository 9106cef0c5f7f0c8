// From a citizen's words to the documents that may answer, and how sure the first one is.
#pragma once

#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.hpp"
#include "retrieval/adapter.hpp"
#include "retrieval/ranker.hpp"
#include "search/index.hpp"

namespace parvis::retrieval {

// What `parvis fit` learns. Immutable; thread-safe.
struct Fitted {
  Ranker ranker;
  Adapter adapter;

  // What this program was built with.
  static const Fitted& built_in();
  // The files kRankerFile and kAdapterFile of a folder. A Problem names the one that is not sound.
  static std::expected<Fitted, Problem> load(const std::filesystem::path& folder);
  void save(const std::filesystem::path& folder) const;  // throws Error when it cannot
};
inline constexpr std::string_view kRankerFile = "ranker.json", kAdapterFile = "adapter.bin";

struct Found {
  knowledge::DocumentKey key;
  double score = 0;  // for the order only; says nothing about being right
};

struct Retrieval {
  std::vector<Found> found;  // best first; each id once, in its best audience
  double confidence = 0;     // calibrated probability that the first is a right page
  Mode mode = Mode::lexical;
};

// question: cleaned text. vector: the question embedded, or empty: then words alone decide, as they
// do with a model that the weights were not fitted for. limit: at most kFound.
Retrieval retrieve(const search::Snapshot& snapshot, const Fitted& fitted, Mode mode,
                   std::string_view question, std::span<const float> vector, std::size_t limit);

inline constexpr std::size_t kFound = 100;

}  // namespace parvis::retrieval
