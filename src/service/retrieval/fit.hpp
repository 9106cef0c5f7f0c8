// Fitting the ranker and the confidence on labelled questions, and saying what that is worth on
// questions that were not seen.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "retrieval/ranker.hpp"

namespace parvis::retrieval {

struct LabelledQuestion {
  std::string question;               // cleaned
  std::vector<std::string> expected;  // ids of right documents; incomplete is fine
  std::string source;                 // the set it is from: figures are given for each
  std::string parent;                 // the question it is a variant of: they share a fold
  std::vector<float> vector;          // of the question
};

struct FitResult {
  Ranker ranker;
  json::object report;  // with cross-validation: figures out of fold
};

// Fits the weights of every Mode up to `most`, with and without the words. cross_validate: fills
// the report with hit rates, the paired bootstrap against rank fusion of BM25 and the embedder's
// titles, AUC, Brier score and calibration, and the curve of answered against right: ten folds,
// grouped by parent and by words.
FitResult fit_ranker(const search::Snapshot& snapshot, Mode most,
                     std::span<const LabelledQuestion> labelled, bool cross_validate);

}  // namespace parvis::retrieval
