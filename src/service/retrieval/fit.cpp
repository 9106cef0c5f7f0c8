#include "retrieval/fit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "retrieval/anchors.hpp"
#include "retrieval/calibration.hpp"
#include "retrieval/learn.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

constexpr std::size_t kFolds = 10;
constexpr double kRankRidge = 3, kConfidenceRidge = 3;
constexpr std::size_t kBootstraps = 2000;
constexpr double kFusion = 60;  // of reciprocal rank fusion (Cormack et al. 2009)

// One labelled question in one mode.
struct Case {
  Lesson lesson;
  std::size_t fold = 0;
};

std::string_view id_of(const search::Snapshot& snapshot, std::uint32_t document) {
  const std::string_view key = snapshot.key(document);
  return key.substr(key.find('/') + 1);
}

// Folds such that questions of one parent, or with the same words, are in the same one.
std::vector<std::size_t> folds(std::span<const LabelledQuestion> labelled) {
  std::map<std::string, std::size_t> first;  // of a parent or of words
  std::vector<std::size_t> root(labelled.size());
  std::iota(root.begin(), root.end(), 0);
  auto find = [&](std::size_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
  };
  for (std::size_t i = 0; i < labelled.size(); ++i)
    for (const std::string& name :
         {"=" + comparable(labelled[i].question), ">" + labelled[i].parent})
      if (name.size() > 1)
        if (const auto [at, fresh] = first.emplace(name, i); !fresh)
          root[find(i)] = find(at->second);
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < labelled.size(); ++i) groups[find(i)].push_back(i);
  std::vector<std::vector<std::size_t>> all;
  for (auto& [_, members] : groups) all.push_back(std::move(members));
  std::mt19937 random(7);  // NOLINT: the same folds every time
  std::ranges::shuffle(all, random);
  std::array<std::size_t, kFolds> sizes{};
  std::vector<std::size_t> out(labelled.size());
  for (const auto& group : all) {
    const std::size_t fold =
        static_cast<std::size_t>(std::ranges::min_element(sizes) - sizes.begin());
    sizes[fold] += group.size();
    for (const std::size_t i : group) out[i] = fold;
  }
  return out;
}

// Place of the first right document, from 1; 0 when there is none.
std::size_t place(const search::Snapshot& snapshot, const std::vector<Ranked>& ranked,
                  const LabelledQuestion& labelled) {
  for (std::size_t i = 0; i < ranked.size(); ++i)
    if (std::ranges::find(labelled.expected, id_of(snapshot, ranked[i].document)) !=
        labelled.expected.end())
      return i + 1;
  return 0;
}

// by_meaning: as a question in another language is searched, without its words.
std::vector<Case> cases_of(const search::Snapshot& snapshot, Mode mode, bool by_meaning,
                           std::span<const LabelledQuestion> labelled) {
  const std::vector<std::size_t> fold = folds(labelled);
  std::vector<Case> out;
  for (std::size_t i = 0; i < labelled.size(); ++i) {
    Case& one = out.emplace_back();
    one.fold = fold[i];
    const Asked asked = by_meaning ? Asked{} : read_question(snapshot, labelled[i].question);
    one.lesson.candidates = candidates(snapshot, asked, mode, labelled[i].vector);
    for (const Candidate& c : one.lesson.candidates)
      one.lesson.right.push_back(
          std::ranges::find(labelled[i].expected, id_of(snapshot, c.document)) !=
          labelled[i].expected.end());
  }
  return out;
}

std::array<double, kFeatures> learn_without(const std::vector<Case>& cases,
                                            const std::set<std::size_t>& left_out) {
  std::vector<const Lesson*> lessons;
  for (const Case& one : cases)
    if (!left_out.contains(one.fold)) lessons.push_back(&one.lesson);
  return learn_rank(lessons, kRankRidge);
}

// Ranks every case with weights that have not seen its fold nor `also`.
std::vector<std::vector<Ranked>> out_of_fold(const search::Snapshot& snapshot,
                                             const std::vector<Case>& cases,
                                             std::optional<std::size_t> also) {
  std::vector<std::vector<Ranked>> out(cases.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::set<std::size_t> left = {fold};
    if (also) left.insert(*also);
    const auto weights = learn_without(cases, left);
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (cases[i].fold == fold) out[i] = rank(snapshot, cases[i].lesson.candidates, weights);
  }
  return out;
}

std::vector<Outcome> outcomes(const search::Snapshot& snapshot, const std::vector<Case>& cases,
                              const std::vector<std::vector<Ranked>>& ranked,
                              std::span<const LabelledQuestion> labelled) {
  std::vector<Outcome> out;
  for (std::size_t i = 0; i < cases.size(); ++i)
    out.push_back({signs(cases[i].lesson.candidates, ranked[i]),
                   place(snapshot, ranked[i], labelled[i]) == 1});
  return out;
}

// The weights of one mode. The confidence learns from rankings out of fold: those of the fit itself
// look surer than they are.
Weights fit_mode(const search::Snapshot& snapshot, const std::vector<Case>& cases,
                 std::span<const LabelledQuestion> labelled) {
  return {.rank = learn_without(cases, {}),
          .confidence = learn_confidence(
              outcomes(snapshot, cases, out_of_fold(snapshot, cases, std::nullopt), labelled),
              kConfidenceRidge)};
}

// ── what it is worth ──

double round4(double x) { return std::round(x * 1e4) / 1e4; }

json::object hits(const std::vector<std::size_t>& places) {
  json::object out{{"n", places.size()}};
  for (const std::size_t at : {1U, 3U, 5U, 10U}) {
    const auto good =
        std::ranges::count_if(places, [&](std::size_t p) { return p != 0 && p <= at; });
    out["hit@" + std::to_string(at)] =
        round4(static_cast<double>(good) / static_cast<double>(places.size()));
  }
  return out;
}

// The 95 % interval of the difference of hit rates at `at`, questions drawn with replacement.
json::array gain(const std::vector<std::size_t>& ours, const std::vector<std::size_t>& theirs,
                 std::size_t at) {
  auto hit = [&](std::size_t p) { return p != 0 && p <= at ? 1.0 : 0.0; };
  std::mt19937 random(13);  // NOLINT: the same interval every time
  std::uniform_int_distribution<std::size_t> pick(0, ours.size() - 1);
  std::vector<double> differences;
  double all = 0;
  const auto n = static_cast<double>(ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) all += (hit(ours[i]) - hit(theirs[i])) / n;
  for (std::size_t b = 0; b < kBootstraps; ++b) {
    double sum = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const std::size_t k = pick(random);
      sum += hit(ours[k]) - hit(theirs[k]);
    }
    differences.push_back(sum / n);
  }
  std::ranges::sort(differences);
  return {round4(all), round4(differences[kBootstraps * 25 / 1000]),
          round4(differences[kBootstraps * 975 / 1000])};
}

// Reciprocal rank fusion of BM25 and the plain embedder's titles, over the same candidates.
std::vector<Ranked> fusion(const search::Snapshot& snapshot, const Lesson& lesson) {
  std::vector<Candidate> fused = lesson.candidates;
  auto reciprocal = [](double r) { return r > 0 ? 1 / (kFusion + 5 * (1 / r - 1) + 1) : 0; };
  for (Candidate& c : fused) {
    const auto nearer = std::ranges::count_if(lesson.candidates, [&](const Candidate& other) {
      return other[Feature::title_cosine] > c[Feature::title_cosine];
    });
    const double score =
        reciprocal(c[Feature::lexical_rank]) + 1 / (kFusion + static_cast<double>(nearer) + 1);
    c.x.fill(0);
    c.x[0] = score;
  }
  std::array<double, kFeatures> first{};
  first[0] = 1;
  return rank(snapshot, fused, first);
}

json::object report_mode(const search::Snapshot& snapshot, const std::vector<Case>& cases,
                         std::span<const LabelledQuestion> labelled) {
  const auto ranked = out_of_fold(snapshot, cases, std::nullopt);
  // Each fold's confidence is learnt from rankings that saw neither it nor their own fold.
  std::vector<double> p(cases.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const auto inner = out_of_fold(snapshot, cases, fold);
    std::vector<Outcome> lessons = outcomes(snapshot, cases, inner, labelled);
    std::vector<Outcome> others;
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (cases[i].fold != fold) others.push_back(lessons[i]);
    const auto weights = learn_confidence(others, kConfidenceRidge);
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (cases[i].fold == fold)
        p[i] = confidence(weights, signs(cases[i].lesson.candidates, ranked[i]));
  }
  std::map<std::string, std::vector<std::size_t>> sets;
  std::vector<std::size_t> ours, theirs;
  std::vector<bool> right;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    ours.push_back(place(snapshot, ranked[i], labelled[i]));
    theirs.push_back(place(snapshot, fusion(snapshot, cases[i].lesson), labelled[i]));
    right.push_back(ours.back() == 1);
    sets[labelled[i].source].push_back(ours.back());
  }
  json::object out{{"all", hits(ours)}, {"fusion", hits(theirs)}};
  for (const auto& [name, places] : sets) out[name] = hits(places);
  out["gain@1"] = gain(ours, theirs, 1);
  out["gain@5"] = gain(ours, theirs, 5);
  out["confidence"] = confidence_report(p, right);
  const auto pool = std::ranges::count_if(
      cases, [](const Case& c) { return std::ranges::count(c.lesson.right, true) > 0; });
  out["in_pool"] = round4(static_cast<double>(pool) / static_cast<double>(cases.size()));
  return out;
}

}  // namespace

FitResult fit_ranker(const search::Snapshot& snapshot, Mode most,
                     std::span<const LabelledQuestion> labelled, bool cross_validate) {
  FitResult out;
  out.ranker.most = most;
  for (std::size_t m = 0; m <= static_cast<std::size_t>(most); ++m) {
    const Mode mode = static_cast<Mode>(m);
    for (const bool by_meaning : {false, true}) {
      if (by_meaning && mode == Mode::lexical) continue;
      const std::vector<Case> cases = cases_of(snapshot, mode, by_meaning, labelled);
      if (cross_validate)
        out.report[std::string(name(mode)) + (by_meaning ? " by meaning" : "")] =
            report_mode(snapshot, cases, labelled);
      (by_meaning ? out.ranker.meaning : out.ranker.modes)[m] = fit_mode(snapshot, cases, labelled);
    }
  }
  return out;
}

}  // namespace parvis::retrieval
