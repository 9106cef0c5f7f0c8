// Learning the intents: softmax regression with a ridge penalty, by accelerated gradient descent
// (Nesterov 1983). Pure, deterministic.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "intent/classifier.hpp"

namespace parvis::intent {

struct Lesson {
  std::vector<float> vector;  // all of one length
  Kind kind = Kind::question;
};

// Out of fold, of a group: the dangers, or an act.
struct Judged {
  std::size_t all = 0, heard = 0, named = 0;  // named: the kind of danger too
  std::size_t raised = 0;                     // by questions
};

struct ClassifierFit {
  Classifier classifier;
  std::array<Judged, kGroups> groups = {};
  std::size_t questions = 0;
};

// Each threshold is the lowest at which, out of fold, no more than `most` of the questions are
// heard as the group. Errc::invalid without a few lessons of each kind.
inline constexpr Thresholds kMost = {0.003, 0.003, 0.003, 0.003};
ClassifierFit fit_classifier(std::span<const Lesson> lessons, std::string model,
                             const Thresholds& most = kMost);

}  // namespace parvis::intent
