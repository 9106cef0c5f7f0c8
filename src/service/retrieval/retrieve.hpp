// From a citizen's words to the documents that may answer, and how sure the first one is.
#pragma once

#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.hpp"
#include "retrieval/passages.hpp"
#include "retrieval/ranker.hpp"
#include "search/index.hpp"

namespace parvis::retrieval {

// What `parvis fit` learns. Immutable; thread-safe.
struct Fitted {
  Ranker ranker;    // of questions that are whole
  Ranker going_on;  // of one that may lean on what was said, embedded without the adapter

  // What this program was built with.
  static const Fitted& built_in();
  // The files kRankerFile and kGoingOnFile of a folder. A Problem names the one that is not sound.
  static std::expected<Fitted, Problem> load(const std::filesystem::path& folder);
  void save(const std::filesystem::path& folder) const;  // throws Error when it cannot
};
inline constexpr std::string_view kRankerFile = "ranker.json",
                                  kGoingOnFile = "ranker_going_on.json";

// What bends the embedder's reading of a question towards the texts that answer it: a low-rank
// adaptation (Hu and others 2021) for inference::EmbedderConfig::query_adapter, learnt by
// bin/fit-adapter from whole questions and from messages after what was talked about. Texts are
// embedded without it, so their stored vectors stay.
std::string_view question_adapter();
// What bends it towards the passage that answers, among those of a page, what is asked of the page
// (inference::EmbedderConfig::page_adapter), after its title.
std::string_view page_adapter();
// The same for a message after the title of the page talked about, where the question is whether it
// stays with that page (inference::EmbedderConfig::stays_adapter).
std::string_view stays_adapter();

// Whether such a message stays, by its vector. Learnt by bin/fit-adapter --stays.
class Stays {
 public:
  static const Stays& built_in();
  // {"model", "constant", "weights": […]}
  static std::expected<Stays, Problem> from_json(std::string_view text);

  const std::string& model() const { return model_; }  // of which the vectors are
  // Log-odds; none of a vector of another length.
  std::optional<double> odds(std::span<const float> message) const;

 private:
  std::string model_;
  double constant_ = 0;
  std::vector<double> weights_;
};

// A passage of a document, near the question: its place in passages_of(document), and how near.
struct NearPassage {
  std::size_t at = 0;
  double cosine = 0;
};

// The nearest of some passages, of those that have a vector; at most kNearPassages.
std::vector<NearPassage> nearest(std::span<const Passage> passages,
                                 const search::VectorCache& vectors,
                                 std::span<const float> question);

struct Found {
  knowledge::DocumentKey key;
  knowledge::Filed filed = {};
  double score = 0;               // for the order only; says nothing about being right
  std::vector<NearPassage> near;  // nearest first, of the first kRead found; empty without vectors
};

struct Retrieval {
  std::vector<Found> found;  // best first; each id once, in its best audience
  double confidence = 0;     // calibrated probability that the first is a right page
  Mode mode = Mode::lexical;
};

enum class By : std::uint8_t { both, words };

// question: cleaned text. vector: its own, or empty: then words alone decide, as
// they do with a model that the weights were not fitted for. limit: at most kFound.
// language: ISO 639-1 of a question whose words are of another language than the documents': then
// the vector tells, with those of its words that the glossary knows in French; empty otherwise.
Retrieval retrieve(const search::Snapshot& snapshot, const Ranker& ranker, Mode mode,
                   std::string_view question, std::span<const float> vector, std::size_t limit,
                   By by = By::both, std::string_view language = "");

inline constexpr std::size_t kFound = 100;
// More than are offered: pages of other communes are left out later.
inline constexpr std::size_t kRead = 20;
inline constexpr std::size_t kNearPassages = 12;  // of one document

}  // namespace parvis::retrieval
