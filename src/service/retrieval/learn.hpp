// Fitting the two linear models by Newton's method with a ridge penalty. Pure, deterministic.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "retrieval/ranker.hpp"

namespace parvis::retrieval {

// What was to be chosen: the features of each option, all of one length, and which are right.
// weight: how much it counts.
struct Choice {
  std::vector<std::vector<double>> options;
  std::vector<bool> right;
  double weight = 1;
};
// Conditional logit: maximises the probability, in the softmax over the options, that one of the
// right ones is drawn. A choice without a right option teaches nothing. Features are scaled by
// their own deviation, so that one penalty fits all. Nothing for no choice.
std::vector<double> learn_choice(std::span<const Choice* const> choices, double ridge);

// One labelled question: its candidates and which of them are right. weight: how much it counts.
struct Lesson {
  std::vector<Candidate> candidates;
  std::vector<bool> right;
  double weight = 1;
};

// As learn_choice, with the candidates for options.
std::array<double, kFeatures> learn_rank(std::span<const Lesson* const> lessons, double ridge);

struct Outcome {
  std::array<double, kSigns> signs{};
  bool right = false;
};
// Logistic regression; the constant is not penalised.
std::array<double, kSigns> learn_confidence(std::span<const Outcome> outcomes, double ridge);

}  // namespace parvis::retrieval
