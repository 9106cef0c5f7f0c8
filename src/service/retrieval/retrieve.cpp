#include "retrieval/retrieve.hpp"

#include <algorithm>

namespace parvis::retrieval {

Retrieval retrieve(const search::Snapshot& snapshot, const Fitted& fitted, Mode mode,
                   std::string_view question, std::span<const float> vector, std::size_t limit) {
  mode = vector.empty() ? Mode::lexical : std::min(mode, fitted.ranker.most);
  const Asked asked = read_question(snapshot, question);
  const std::vector<Candidate> all = candidates(snapshot, asked, mode, vector, fitted.adapter);
  const Weights& weights = fitted.ranker.of(mode);
  const std::vector<Ranked> ranked = rank(snapshot, all, weights.rank);
  Retrieval out;
  out.mode = mode;
  for (const Ranked& each : ranked) {
    if (out.found.size() == std::min(limit, kFound)) break;
    const std::string_view key = snapshot.key(each.document);
    const std::size_t slash = key.find('/');
    out.found.push_back(
        {{std::string(key.substr(0, slash)), std::string(key.substr(slash + 1))}, each.score});
  }
  out.confidence = confidence(weights.confidence, signs(all, ranked, asked));
  return out;
}

}  // namespace parvis::retrieval
