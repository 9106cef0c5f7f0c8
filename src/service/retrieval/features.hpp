// What is known of a document as an answer to a question: the numbers that the ranker weighs.
//
// Every number is relative to the other candidates of the same question or a share between 0 and 1,
// so that weights fitted on one base of knowledge carry over to another.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "search/index.hpp"

namespace parvis::retrieval {

enum class Feature : std::uint8_t {
  lexical,          // BM25 as a share of the best candidate's
  lexical_rank,     // 1 / (1 + rank / 5)
  title_cosine,     // of the embedded title with its summary, less the best candidate's, × 10
  anchor_cosine,    // of the nearest text that others ask for it with
  anchors_cosine,   // mean of its three best
  passages_cosine,  // of its three best passages, likewise
  covered,          // share of the question's words, by rarity, that stand in it anywhere
  covered_title,    // in its title
  covered_heads,    // in its summary, headings or the links that lead to it
  title_precision,  // share of its title's words, by rarity, that stand in the question
  title_pairs,      // share of the title's neighbouring words that are neighbours in the question
  unsaid,           // how many circumstances its title is limited to that the question does not say
  theme,            // share of the other good candidates that are of its theme
  subtheme,
  dossier,
  linked,  // log of how many sheets send to it in their text
  length,  // log of how many different words it has
  is_resource,
  is_dossier,
  is_professional,
  is_association,
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::is_association) + 1;
std::string_view name(Feature feature);

// What documents of a national corpus are; 0 for others. Stored as the entry's fifth group.
enum class DocumentClass : std::uint32_t {
  other,
  sheet,
  dossier,
  resource,  // a questionnaire by itself too
};

struct Candidate {
  std::uint32_t document = 0;  // in the snapshot
  std::array<double, kFeatures> x{};
  double operator[](Feature f) const { return x[static_cast<std::size_t>(f)]; }
};

// Which vectors take part: none, those of titles, those of anchors too, those of passages too.
enum class Mode : std::uint8_t { lexical, titles, anchors, passages };
inline constexpr std::size_t kModes = 4;
std::string_view name(Mode mode);
// The most that a snapshot's vectors allow: nearly all documents must have theirs.
Mode mode_of(const search::Snapshot& snapshot);
std::size_t vectors_missing(const search::Snapshot& snapshot);

// The question as the index reads it.
struct Asked {
  std::vector<search::QueryTerm> terms;  // rarest first
  std::vector<std::string> stems;        // of its words in order, stop words left out
  // Official words for what is said: they find documents, and no document need have them.
  std::vector<search::QueryTerm> related;
  // Documents that are asked for in words like it in its own language, best first.
  std::vector<std::uint32_t> alike;
};
Asked read_question(const search::Snapshot& snapshot, std::string_view question);

// Every document that one of the ways of searching puts among its first kPool. vector: of the
// question; unused in Mode::lexical: then the numbers that need one are 0. Pure; thread-safe.
std::vector<Candidate> candidates(const search::Snapshot& snapshot, const Asked& asked, Mode mode,
                                  std::span<const float> vector);

inline constexpr std::size_t kPool = 50;
inline constexpr double kSynonymWeight = 0.4;   // of a word that is not the citizen's own
inline constexpr std::size_t kCorrections = 8;  // words of one question whose spelling is looked up

}  // namespace parvis::retrieval
