#include "retrieval/features.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "retrieval/circumstances.hpp"
#include "retrieval/synonyms.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

constexpr double kAbsent = -1;  // cosine of what has no vector

double rarity(double documents, double frequency) {
  return std::max(std::log((documents - frequency + 0.5) / (frequency + 0.5)), 0.05);
}

// The scores of all documents for one way of searching.
struct Scores {
  explicit Scores(std::size_t documents) : of(documents, kAbsent) {}
  std::vector<double> of;

  void pool(std::set<std::uint32_t>& out) const {
    std::vector<std::uint32_t> order;
    for (std::uint32_t d = 0; d < of.size(); ++d)
      if (of[d] > kAbsent) order.push_back(d);
    const std::size_t n = std::min(kPool, order.size());
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(n), {},
                              [&](std::uint32_t d) { return std::pair(-of[d], d); });
    out.insert(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n));
  }
};

struct Dense {
  explicit Dense(std::size_t documents)
      : title(documents),
        anchor(documents),
        anchors(documents),
        passage(documents),
        passages(documents) {}
  Scores title, anchor, anchors, passage, passages;
  bool any = false;
};

// The three best of a document's texts, best first.
struct Best {
  std::array<double, 3> score{kAbsent, kAbsent, kAbsent};
  void add(double s) {
    for (double& each : score)
      if (s > each) std::swap(s, each);
  }
  double mean() const {
    double sum = 0;
    int n = 0;
    for (const double each : score)
      if (each > kAbsent) sum += each, ++n;
    return n > 0 ? sum / n : kAbsent;
  }
};

// All titles and anchors.
Dense scan(const search::Snapshot& snapshot, Mode mode, std::span<const float> vector) {
  Dense out(snapshot.documents());
  if (mode == Mode::lexical) return out;
  const search::Quantised own = search::quantise(vector);
  std::vector<float> scores;
  for (std::size_t g = 0; g < snapshot.generations().size(); ++g) {
    const auto vectors = snapshot.generations()[g]->vectors();
    if (!vectors || vectors->titles.dimension() != vector.size()) continue;
    const search::VectorTable& titles = vectors->titles;
    scores.resize(titles.size());
    titles.scan(own, 0, scores);
    for (std::size_t r = 0; r < scores.size(); ++r)
      out.title.of[snapshot.number(g, titles.row(r).document)] = scores[r];
    out.any = out.any || titles.size() > 0;
    if (mode == Mode::titles) continue;
    const search::VectorTable& anchors = vectors->anchors;
    scores.resize(anchors.size());
    anchors.scan(own, 0, scores);
    std::vector<Best> best(snapshot.generations()[g]->forward().documents());
    for (std::size_t r = 0; r < scores.size(); ++r) best[anchors.row(r).document].add(scores[r]);
    for (std::uint32_t d = 0; d < best.size(); ++d) {
      out.anchor.of[snapshot.number(g, d)] = best[d].score[0];
      out.anchors.of[snapshot.number(g, d)] = best[d].mean();
    }
  }
  return out;
}

// Passages of the candidates only: they tell the good from the near, and find next to nothing that
// titles, anchors and words leave out (docs/measurements.md).
void scan_passages(const search::Snapshot& snapshot, const std::set<std::uint32_t>& pool,
                   std::span<const float> vector, Dense& out) {
  const search::Quantised own = search::quantise(vector);
  std::vector<float> scores;
  for (const std::uint32_t document : pool) {
    const search::Snapshot::Place place = snapshot.place(document);
    const auto vectors = place.generation->vectors();
    if (!vectors || vectors->passages.dimension() != vector.size()) continue;
    const auto [first, last] = vectors->passages.rows_of(place.document);
    scores.resize(last - first);
    vectors->passages.scan(own, first, scores);
    Best best;
    for (const float score : scores) best.add(score);
    out.passage.of[document] = best.score[0];
    out.passages.of[document] = best.mean();
  }
}

// A document without passages (a dossier, a short question of a town), or that nobody asks for, is
// as near as its title.
void complete(Scores& texts, const Scores& titles) {
  for (std::size_t d = 0; d < texts.of.size(); ++d)
    if (texts.of[d] <= kAbsent) texts.of[d] = titles.of[d];
}

class Reader {
 public:
  Reader(const search::Snapshot& snapshot, const Asked& asked) : snapshot_(snapshot) {
    for (const search::QueryTerm& term : asked.terms) {
      const double weight =
          rarity(snapshot.documents(), snapshot.document_frequency(term.stem)) * term.weight;
      weights_.push_back(weight);
      all_ += weight;
    }
    const auto says = [&](const std::string& stem) {
      return std::ranges::find(asked.stems, stem) != asked.stems.end();
    };
    // A word of two circumstances ("étranger": who, or where) is said with either.
    std::set<std::string_view> unsaid_stems, said_stems;
    for (const Circumstance& each : circumstances()) {
      const bool said =
          std::ranges::any_of(each.named, says) || std::ranges::any_of(each.said, says);
      (said ? said_stems : unsaid_stems).insert(each.named.begin(), each.named.end());
    }
    for (const std::string_view stem : said_stems) unsaid_stems.erase(stem);
    for (const auto& generation : snapshot.generations()) {
      std::vector<std::uint32_t>& numbers = terms_.emplace_back();
      std::vector<std::uint32_t>& nouns = nouns_.emplace_back();
      for (const search::QueryTerm& term : asked.terms) {
        numbers.push_back(generation->forward().term(term.stem));
        nouns.push_back(generation->forward().term(noun_of(term.stem)));
      }
      std::set<std::pair<std::uint32_t, std::uint32_t>>& pairs = pairs_.emplace_back();
      for (std::size_t i = 1; i < asked.stems.size(); ++i)
        pairs.emplace(generation->forward().term(asked.stems[i - 1]),
                      generation->forward().term(asked.stems[i]));
      std::vector<std::uint32_t>& unsaid = unsaid_.emplace_back();
      for (const std::string_view stem : unsaid_stems)
        if (const auto term = generation->forward().term(stem);
            term != search::ForwardIndex::kNoTerm)
          unsaid.push_back(term);
      std::ranges::sort(unsaid);
    }
  }

  void read(Candidate& candidate) const {
    const search::Snapshot::Place place = snapshot_.place(candidate.document);
    const search::ForwardIndex& forward = place.generation->forward();
    const auto occurrences = forward.occurrences(place.document);
    const std::vector<std::uint32_t>& terms = terms_[place.index];
    constexpr std::uint32_t kTitle = 1U << static_cast<unsigned>(search::Field::title);
    constexpr std::uint32_t kHeads = 1U << static_cast<unsigned>(search::Field::summary) |
                                     1U << static_cast<unsigned>(search::Field::headings) |
                                     1U << static_cast<unsigned>(search::Field::anchors);
    double anywhere = 0, title = 0, heads = 0;
    std::set<std::uint32_t> asked;
    auto fields = [&](std::uint32_t term) -> std::uint32_t {
      if (term == search::ForwardIndex::kNoTerm) return 0;
      const auto at = std::ranges::lower_bound(occurrences, term, {},
                                               [](search::Occurrence o) { return o.term; });
      if (at == occurrences.end() || at->term != term) return 0;
      asked.insert(term);
      return at->fields;
    };
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const std::uint32_t in = fields(terms[i]) | fields(nouns_[place.index][i]);
      if (in != 0) anywhere += weights_[i];
      if ((in & kTitle) != 0) title += weights_[i];
      if ((in & kHeads) != 0) heads += weights_[i];
    }
    double title_all = 0, title_asked = 0;
    const auto title_terms = forward.title(place.document);
    std::size_t pairs = 0, unsaid = 0;
    for (std::size_t i = 0; i < title_terms.size(); ++i) {
      const double weight =
          rarity(snapshot_.documents(), forward.document_frequency(title_terms[i]));
      title_all += weight;
      if (asked.contains(title_terms[i])) title_asked += weight;
      if (i > 0 && pairs_[place.index].contains({title_terms[i - 1], title_terms[i]})) ++pairs;
      if (std::ranges::binary_search(unsaid_[place.index], title_terms[i])) ++unsaid;
    }
    auto set = [&](Feature f, double value) { candidate.x[static_cast<std::size_t>(f)] = value; };
    const double all = std::max(all_, 1e-9);
    set(Feature::covered, anywhere / all);
    set(Feature::covered_title, title / all);
    set(Feature::covered_heads, heads / all);
    const double precision = title_all > 0 ? title_asked / title_all : 0;
    set(Feature::title_precision, precision);
    if (title_terms.size() > 1)
      set(Feature::title_pairs,
          static_cast<double>(pairs) / static_cast<double>(title_terms.size() - 1));
    set(Feature::unsaid, static_cast<double>(std::min<std::size_t>(unsaid, 3)));
    set(Feature::linked, std::log1p(forward.links_in(place.document)) / 5);
    set(Feature::length, std::log1p(forward.words(place.document)) / 5);
    const auto groups = forward.groups(place.document);
    const auto document_class =
        groups.size() > 4 ? static_cast<DocumentClass>(groups[4]) : DocumentClass::other;
    set(Feature::is_resource, document_class == DocumentClass::resource ? 1 : 0);
    set(Feature::is_dossier, document_class == DocumentClass::dossier ? 1 : 0);
    const std::string_view key = forward.key(place.document);
    set(Feature::is_professional, key.starts_with("professionnels/") ? 1 : 0);
    set(Feature::is_association, key.starts_with("associations/") ? 1 : 0);
  }

  std::span<const std::uint32_t> groups(std::uint32_t document) const {
    const search::Snapshot::Place place = snapshot_.place(document);
    return place.generation->forward().groups(place.document);
  }

 private:
  const search::Snapshot& snapshot_;
  std::vector<double> weights_;  // rarity of each term
  double all_ = 0;
  std::vector<std::vector<std::uint32_t>> terms_;  // numbers of the terms, for each generation
  std::vector<std::vector<std::uint32_t>> nouns_;  // of their nouns, where those are others
  std::vector<std::set<std::pair<std::uint32_t, std::uint32_t>>> pairs_;
  std::vector<std::vector<std::uint32_t>> unsaid_;  // terms of circumstances, sorted
};

// 1 / (1 + rank / 5) of each candidate by one way of searching, equal scores alike; 0 for those
// that have none.
std::vector<double> standing(const std::vector<Candidate>& all, const Scores& scores) {
  std::vector<double> score;
  for (const Candidate& candidate : all) score.push_back(scores.of[candidate.document]);
  std::vector<double> out(all.size());
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-score[i], i); });
  std::size_t place = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (n > 0 && score[order[n]] < score[order[n - 1]]) place = n;
    if (score[order[n]] > kAbsent) out[order[n]] = 1 / (1 + static_cast<double>(place) / 5);
  }
  return out;
}

void relative(std::vector<Candidate>& all, Feature into, const Scores& scores) {
  double best = kAbsent;
  for (const Candidate& c : all) best = std::max(best, scores.of[c.document]);
  if (best <= kAbsent) return;
  for (Candidate& c : all)
    c.x[static_cast<std::size_t>(into)] = std::max((scores.of[c.document] - best) * 10, -5.0);
}

// How much of the good candidates' weight lies in a candidate's own group, itself left out. good:
// by each way of searching, of each candidate.
void agreement(std::vector<Candidate>& all, const std::vector<std::vector<double>>& good,
               const Reader& reader) {
  std::vector<double> weight(all.size());
  for (const std::vector<double>& way : good)
    for (std::size_t i = 0; i < all.size(); ++i) weight[i] += way[i];
  double sum = 0;
  for (double& w : weight) sum += w = w * w * w;
  if (sum <= 0) return;
  constexpr std::array<Feature, 3> kLevels = {Feature::theme, Feature::subtheme, Feature::dossier};
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    std::unordered_map<std::uint32_t, double> votes;
    auto group = [&](const Candidate& c) {
      const auto groups = reader.groups(c.document);
      return level + 1 < groups.size() ? groups[level + 1] : 0;
    };
    for (std::size_t i = 0; i < all.size(); ++i) votes[group(all[i])] += weight[i];
    for (std::size_t i = 0; i < all.size(); ++i)
      if (const std::uint32_t own = group(all[i]); own != 0)
        all[i].x[static_cast<std::size_t>(kLevels[level])] =
            (votes[own] - weight[i]) / std::max(sum - weight[i], 1e-9);
  }
}

// A town's own page among national ones stands in none of their themes and no link leads to it:
// it is taken to be there as they are on average, for it answers no worse.
void stand_in(std::vector<Candidate>& all, const search::Snapshot& snapshot) {
  auto outside = [&](const Candidate& c) { return snapshot.key(c.document).starts_with("local/"); };
  std::vector<const Candidate*> inside;
  for (const Candidate& c : all)
    if (!outside(c)) inside.push_back(&c);
  if (inside.empty()) return;
  for (const Feature f : {Feature::theme, Feature::subtheme, Feature::dossier, Feature::linked}) {
    const auto at = static_cast<std::size_t>(f);
    double sum = 0;
    for (const Candidate* c : inside) sum += c->x[at];
    for (Candidate& c : all)
      if (outside(c)) c.x[at] = sum / static_cast<double>(inside.size());
  }
}

constexpr std::array<std::string_view, kFeatures> kNames = {
    "lexical",         "lexical_rank", "title_cosine",  "anchor_cosine", "anchors_cosine",
    "passages_cosine", "covered",      "covered_title", "covered_heads", "title_precision",
    "title_pairs",     "unsaid",       "theme",         "subtheme",      "dossier",
    "linked",          "length",       "is_resource",   "is_dossier",    "is_professional",
    "is_association"};

}  // namespace

std::string_view name(Feature feature) { return kNames[static_cast<std::size_t>(feature)]; }

Asked read_question(const search::Snapshot& snapshot, std::string_view question) {
  Asked out;
  std::set<std::string> seen;
  std::size_t corrections = 0;
  for (const text::Word& word : text::words(question)) {
    if (text::is_stop_word(word.folded)) continue;
    std::string stem = text::stem(word.folded);
    if (snapshot.document_frequency(stem) == 0 && corrections < kCorrections) {
      ++corrections;
      if (const auto corrected = snapshot.spelling(word.folded)) stem = text::stem(*corrected);
    }
    out.stems.push_back(stem);
    if (seen.insert(stem).second) out.terms.push_back({std::move(stem), 1});
  }
  // The rarest words are kept when there are too many; the stem makes the order total.
  std::ranges::sort(out.terms, {}, [&](const search::QueryTerm& term) {
    return std::pair(snapshot.document_frequency(term.stem), std::string_view(term.stem));
  });
  for (std::string& stem : synonyms(out.stems))
    out.related.push_back({std::move(stem), kSynonymWeight});
  const std::size_t most = search::kQueryTerms - std::min(out.related.size(), search::kQueryTerms);
  if (out.terms.size() > most) out.terms.resize(most);
  return out;
}

std::string_view name(Mode mode) {
  constexpr std::array<std::string_view, kModes> kModeNames = {"lexical", "titles", "anchors",
                                                               "passages"};
  return kModeNames[static_cast<std::size_t>(mode)];
}

Mode mode_of(const search::Snapshot& snapshot) {
  std::array<std::size_t, kModes> have{}, missing{};
  for (const auto& generation : snapshot.generations()) {
    const auto v = generation->vectors();
    if (!v) return Mode::lexical;
    auto count = [&](Mode mode, const search::VectorTable& table, std::size_t lacking) {
      have[static_cast<std::size_t>(mode)] += table.size();
      missing[static_cast<std::size_t>(mode)] += lacking;
    };
    count(Mode::titles, v->titles, v->titles_missing);
    count(Mode::anchors, v->anchors, v->anchors_missing);
    count(Mode::passages, v->passages, v->passages_missing);
  }
  Mode out = Mode::lexical;
  constexpr std::size_t kFew = 50;  // one text in so many may lack its vector
  for (const Mode mode : {Mode::titles, Mode::anchors, Mode::passages}) {
    const auto m = static_cast<std::size_t>(mode);
    if (missing[m] * kFew > have[m] + missing[m]) break;
    if (mode == Mode::titles && have[m] == 0) break;
    out = mode;
  }
  return out;
}

std::size_t vectors_missing(const search::Snapshot& snapshot) {
  std::size_t out = 0;
  for (const auto& generation : snapshot.generations()) {
    if (const auto v = generation->vectors())
      out += v->titles_missing + v->anchors_missing + v->passages_missing;
    else
      out += generation->forward().documents();
  }
  return out;
}

std::vector<Candidate> candidates(const search::Snapshot& snapshot, const Asked& asked, Mode mode,
                                  std::span<const float> vector) {
  Scores lexical(snapshot.documents());
  double best = 0;
  std::vector<search::QueryTerm> terms = asked.terms;
  terms.insert(terms.end(), asked.related.begin(), asked.related.end());
  for (const search::Hit& hit : snapshot.lexical(terms, 4 * kPool)) {
    lexical.of[hit.document] = hit.score;
    best = std::max(best, hit.score);
  }
  Dense dense = scan(snapshot, mode, vector);
  std::set<std::uint32_t> pool;
  lexical.pool(pool);
  pool.insert(asked.alike.begin(), asked.alike.end());
  if (dense.any) {
    complete(dense.anchor, dense.title);
    complete(dense.anchors, dense.title);
    for (const Scores* scores : {&dense.title, &dense.anchor}) scores->pool(pool);
    if (mode == Mode::passages) scan_passages(snapshot, pool, vector, dense);
    complete(dense.passage, dense.title);
    complete(dense.passages, dense.title);
  }

  std::vector<Candidate> out;
  const Reader reader(snapshot, asked);
  for (const std::uint32_t document : pool) {
    Candidate& candidate = out.emplace_back();
    candidate.document = document;
    reader.read(candidate);
    if (best > 0)
      candidate.x[static_cast<std::size_t>(Feature::lexical)] =
          std::max(lexical.of[document], 0.0) / best;
  }
  std::vector<std::vector<double>> good = {standing(out, lexical)};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i].x[static_cast<std::size_t>(Feature::lexical_rank)] = good[0][i];
  if (dense.any) {
    relative(out, Feature::title_cosine, dense.title);
    relative(out, Feature::anchor_cosine, dense.anchor);
    relative(out, Feature::anchors_cosine, dense.anchors);
    relative(out, Feature::passages_cosine, dense.passages);
    for (const Scores* way : {&dense.title, &dense.anchor, &dense.passage})
      good.push_back(standing(out, *way));
  }
  agreement(out, good, reader);
  stand_in(out, snapshot);
  return out;
}

}  // namespace parvis::retrieval
