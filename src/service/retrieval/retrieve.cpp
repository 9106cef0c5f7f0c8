#include "retrieval/retrieve.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "retrieval/glossary.hpp"
#include "retrieval/in_their_words.hpp"

namespace parvis::retrieval {
namespace {

std::vector<NearPassage> near_passages(const search::Snapshot& snapshot, std::uint32_t document,
                                       std::span<const float> question) {
  const search::Snapshot::Place place = snapshot.place(document);
  const auto vectors = place.generation->vectors();
  if (!vectors || vectors->passages.dimension() != question.size()) return {};
  std::vector<NearPassage> out;
  const auto [first, last] = vectors->passages.rows_of(place.document);
  for (std::size_t r = first; r < last; ++r)
    out.push_back({vectors->passages.row(r).passage, vectors->passages.cosine(question, r)});
  std::ranges::sort(out, {}, [](const NearPassage& p) { return std::pair(-p.cosine, p.at); });
  if (out.size() > kNearPassages) out.resize(kNearPassages);
  return out;
}

knowledge::Filed filed_at(const search::Snapshot& snapshot, std::uint32_t document) {
  const search::Snapshot::Place place = snapshot.place(document);
  const auto groups = place.generation->forward().groups(place.document);
  knowledge::Filed out{};
  for (std::size_t i = 0; i < out.size() && i + 1 < groups.size(); ++i) out[i] = groups[i + 1];
  return out;
}

// Who asks a town asks of the town: at equal evidence its own page is so much more likely to be
// meant than a national one. Not one that is limited to what is not said: "après un jour férié".
void prefer_own(const search::Snapshot& snapshot, std::span<const Candidate> all,
                std::vector<Ranked>& ranked) {
  constexpr double kUnsaid = 4;
  constexpr double kOwn = 1.5;  // log-odds: four to one
  for (const Candidate& candidate : all) {
    if (!snapshot.key(candidate.document).starts_with("local/")) continue;
    for (Ranked& each : ranked)
      if (each.document == candidate.document)
        each.score += kOwn - kUnsaid * candidate[Feature::unsaid];
  }
}

// The documents that are asked for in words like these, in their language, best first.
std::vector<std::uint32_t> asked_alike(const search::Snapshot& snapshot, std::string_view question,
                                       std::string_view language) {
  const InTheirWords* words = InTheirWords::of(language);
  if (words == nullptr) return {};
  std::unordered_map<std::string_view, std::size_t> places;
  for (const InTheirWords::Asked& each : words->asked(question, kPool))
    places.emplace(each.id, places.size());
  std::vector<std::pair<std::size_t, std::uint32_t>> found;
  for (std::uint32_t d = 0; d < snapshot.documents(); ++d) {
    const std::string_view key = snapshot.key(d);
    if (key.starts_with("local/")) continue;
    if (const auto at = places.find(key.substr(key.find('/') + 1)); at != places.end())
      found.emplace_back(at->second, d);
  }
  std::ranges::sort(found);
  std::vector<std::uint32_t> out;
  for (const auto& [place, document] : found) out.push_back(document);
  return out;
}

// What is asked for in like words is likelier to be meant, by its place among them. A town's pages
// have no such words: nothing speaks for them, and nothing against.
void prefer_alike(const search::Snapshot& snapshot, std::span<const std::uint32_t> alike,
                  std::vector<Ranked>& ranked) {
  constexpr double kFirst = 3;  // log-odds
  constexpr double kHalf = 5;   // places: the sixth has half of it
  if (alike.empty()) return;
  for (Ranked& each : ranked) {
    const auto place = std::ranges::find(alike, each.document) - alike.begin();
    if (snapshot.key(each.document).starts_with("local/"))
      each.score += kFirst / 2;
    else if (place < std::ssize(alike))
      each.score += kFirst / (1 + static_cast<double>(place) / kHalf);
  }
}

// Some of the words are known: half as a French question, half as one without its words.
Weights between(const Weights& a, const Weights& b) {
  Weights out;
  for (std::size_t i = 0; i < kFeatures; ++i) out.rank[i] = (a.rank[i] + b.rank[i]) / 2;
  for (std::size_t i = 0; i < kSigns; ++i)
    out.confidence[i] = (a.confidence[i] + b.confidence[i]) / 2;
  return out;
}

}  // namespace

std::vector<NearPassage> nearest(std::span<const Passage> passages,
                                 const search::VectorCache& vectors,
                                 std::span<const float> question) {
  if (vectors.dimension() != question.size()) return {};
  std::vector<NearPassage> out;
  std::vector<std::int8_t> values(question.size());
  for (std::size_t at = 0; at < passages.size(); ++at)
    if (const auto scale = vectors.copy(search::text_hash(passages[at].whole()), values.data()))
      out.push_back(
          {at, *scale * std::inner_product(values.begin(), values.end(), question.begin(), 0.0F)});
  std::ranges::sort(out, {}, [](const NearPassage& p) { return std::pair(-p.cosine, p.at); });
  if (out.size() > kNearPassages) out.resize(kNearPassages);
  return out;
}

Retrieval retrieve(const search::Snapshot& snapshot, const Ranker& ranker, Mode mode,
                   std::string_view question, std::span<const float> vector, std::size_t limit,
                   By by, std::string_view language) {
  if (by == By::words) vector = {};
  mode = vector.empty() ? Mode::lexical : std::min(mode, ranker.most);
  // Of another language, the words that are known in French are read too.
  const bool foreign = !language.empty() && mode != Mode::lexical;
  const std::string known = foreign ? french_words(question) : std::string();
  Asked asked =
      foreign && known.empty() ? Asked{} : read_question(snapshot, foreign ? known : question);
  if (foreign) asked.alike = asked_alike(snapshot, question, language);
  const std::vector<Candidate> all = candidates(snapshot, asked, mode, vector);
  const auto at = static_cast<std::size_t>(mode);
  const Weights& words = ranker.modes[at];
  const Weights& meaning = ranker.meaning[at];
  const Weights weights = !foreign ? words : known.empty() ? meaning : between(words, meaning);
  std::vector<Ranked> ranked = rank(snapshot, all, weights.rank);
  prefer_alike(snapshot, asked.alike, ranked);
  prefer_own(snapshot, all, ranked);
  std::ranges::sort(ranked, {},
                    [](const Ranked& each) { return std::pair(-each.score, each.document); });
  Retrieval out;
  out.mode = mode;
  for (const Ranked& each : ranked) {
    if (out.found.size() == std::min(limit, kFound)) break;
    const std::string_view key = snapshot.key(each.document);
    const std::size_t slash = key.find('/');
    out.found.push_back(
        {.key = {std::string(key.substr(0, slash)), std::string(key.substr(slash + 1))},
         .filed = filed_at(snapshot, each.document),
         .score = each.score,
         .near = mode == Mode::passages && out.found.size() < kRead
                     ? near_passages(snapshot, each.document, vector)
                     : std::vector<NearPassage>{}});
  }
  out.confidence = confidence(weights.confidence, signs(all, ranked));
  return out;
}

}  // namespace parvis::retrieval
