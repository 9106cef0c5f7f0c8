// The order of the candidates and how sure the first one is: two small linear models, fitted on
// labelled questions, readable in a file.
#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "retrieval/features.hpp"

namespace parvis::retrieval {

// What the ranked list shows about its first: the confidence is a logistic function of these. More
// of them tell right from wrong no better on questions that were not seen (docs/measurements.md).
enum class Sign : std::uint8_t {
  constant,
  chance,   // log-odds of the ranker's own probability of the first
  spread,   // score of the first less that of the fifth
  covered,  // features of the first
  covered_title,
};
inline constexpr std::size_t kSigns = static_cast<std::size_t>(Sign::covered_title) + 1;
std::string_view name(Sign sign);

struct Ranked {
  std::uint32_t document = 0;
  double score = 0;
};

struct Weights {
  std::array<double, kFeatures> rank{};
  std::array<double, kSigns> confidence{};
};

struct Ranker {
  std::string
      model;  // SHA-256 of the embedding model that `titles` and `passages` were fitted with
  std::array<Weights, kModes> modes;
  // For a question in another language than the documents: without its words, what remains (theme,
  // links, class) would weigh too much. That of Mode::lexical is unused.
  std::array<Weights, kModes> meaning;
  Mode most = Mode::passages;  // the modes after it were not fitted: their vectors were not there
};

// Best first; each id once, as its best document.
std::vector<Ranked> rank(const search::Snapshot& snapshot, const std::vector<Candidate>& all,
                         const std::array<double, kFeatures>& weights);

std::array<double, kSigns> signs(const std::vector<Candidate>& all,
                                 const std::vector<Ranked>& ranked);
double confidence(const std::array<double, kSigns>& weights,
                  const std::array<double, kSigns>& signs);

std::string to_json(const Ranker& ranker);
// A name that this version does not know is refused: the file is of another version. The modes may
// end early, words alone must be there.
std::expected<Ranker, Problem> ranker_from_json(std::string_view text);

}  // namespace parvis::retrieval
