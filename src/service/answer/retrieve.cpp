#include "answer/retrieve.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

// Logistic regression on five properties of the ranked list, fitted on the 349 labelled questions
// of dev_citizens, cdtn_experts and dila_liens_qr. Out of fold (10 folds): AUC 0.74, Brier 0.204
// against 0.247 for a constant; docs/measurements.md has the table.
constexpr double kBias = -1.618, kTitleCovered = 0.817, kCovered = -0.005, kTitlePrecision = 1.933,
                 kMargin = 3.544, kLength = -0.117;

double idf(const search::Snapshot& snapshot, std::string_view stem) {
  const double n = snapshot.documents(), df = snapshot.document_frequency(stem);
  return std::max(std::log((n - df + 0.5) / (df + 0.5)), 0.05);
}

double confidence(const search::Snapshot& snapshot, const std::set<std::string>& stems,
                  const std::vector<search::Hit>& distinct) {
  if (distinct.empty()) return 0;
  const search::Snapshot::Place place = snapshot.place(distinct[0].document);
  const search::ForwardIndex& forward = place.generation->forward();
  const auto occurrences = forward.occurrences(place.document);
  double all = 0, in_title = 0, anywhere = 0;
  std::set<std::uint32_t> asked;
  for (const std::string& stem : stems) {
    const double weight = idf(snapshot, stem);
    all += weight;
    const std::uint32_t term = forward.term(stem);
    const auto at = std::ranges::lower_bound(occurrences, term, {},
                                             [](search::Occurrence o) { return o.term; });
    if (at == occurrences.end() || at->term != term) continue;
    asked.insert(term);
    anywhere += weight;
    if ((at->fields & 1U) != 0) in_title += weight;
  }
  double title = 0, title_asked = 0;
  for (const std::uint32_t term : forward.title(place.document)) {
    const double n = snapshot.documents(), df = forward.document_frequency(term);
    const double weight = std::max(std::log((n - df + 0.5) / (df + 0.5)), 0.05);
    title += weight;
    if (asked.contains(term)) title_asked += weight;
  }
  const double second = distinct.size() > 1 ? distinct[1].score : 0;
  const double margin =
      distinct[0].score > 0 ? (distinct[0].score - second) / distinct[0].score : 0;
  const double x = kBias + kTitleCovered * (all > 0 ? in_title / all : 0) +
                   kCovered * (all > 0 ? anywhere / all : 0) +
                   kTitlePrecision * (title > 0 ? title_asked / title : 0) + kMargin * margin +
                   kLength * std::log1p(static_cast<double>(stems.size()));
  return 1 / (1 + std::exp(-x));
}

}  // namespace

Retrieval retrieve(const search::Snapshot& snapshot, std::string_view question, std::size_t limit) {
  std::vector<search::QueryTerm> terms;
  std::set<std::string> stems;
  std::size_t corrections = 0;
  for (const text::Word& word : text::words(question)) {
    if (text::is_stop_word(word.folded)) continue;
    std::string stem = text::stem(word.folded);
    if (snapshot.document_frequency(stem) == 0 && corrections < kCorrections) {
      ++corrections;
      if (const auto corrected = snapshot.spelling(word.folded)) stem = text::stem(*corrected);
    }
    if (stems.insert(stem).second) terms.push_back({std::move(stem), 1});
  }
  // The rarest words are kept when there are too many; the stem makes the order total.
  std::ranges::sort(terms, {}, [&](const search::QueryTerm& term) {
    return std::pair(snapshot.document_frequency(term.stem), std::string_view(term.stem));
  });
  Retrieval out;
  std::set<std::string> ids;
  std::vector<search::Hit> distinct;
  for (const search::Hit& hit : snapshot.lexical(terms, 3 * std::min(limit, kFound))) {
    const std::string_view key = snapshot.key(hit.document);
    const std::size_t slash = key.find('/');
    std::string id(key.substr(slash + 1));
    if (!ids.insert(id).second || distinct.size() == limit) continue;
    distinct.push_back(hit);
    out.found.push_back({{std::string(key.substr(0, slash)), std::move(id)}, hit.score});
  }
  out.confidence = confidence(snapshot, stems, distinct);
  return out;
}

}  // namespace parvis::answer
