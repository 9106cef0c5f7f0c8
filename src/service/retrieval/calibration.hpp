// How good probabilities are: do they tell right from wrong, and do they mean what they say.
#pragma once

#include <vector>

#include "base/json.hpp"

namespace parvis::retrieval {

// Said: a probability for each question; right: what came. Members: "auc"; "brier" and
// "brier_constant", that of always saying the mean; "calibration_error" over five bins of equal
// size, and "perfect_95", what a perfect predictor of this size stays under 95 times in 100;
// "bins_said_was"; "floor_answered_right", the curve that a floor is chosen on. n ≥ 1.
json::object confidence_report(const std::vector<double>& said, const std::vector<bool>& right);

}  // namespace parvis::retrieval
