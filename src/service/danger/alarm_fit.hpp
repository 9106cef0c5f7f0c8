// Learning the alarm: softmax regression with a ridge penalty, by accelerated gradient descent
// (Nesterov 1983). Pure, deterministic.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "danger/alarm.hpp"

namespace parvis::danger {

struct Lesson {
  std::vector<float> vector;  // all of one length
  Kind kind = Kind::calm;
};

struct AlarmFit {
  Alarm alarm;
  std::size_t dangers = 0, heard = 0, named = 0;  // out of fold; named: its kind too
  std::size_t calm = 0, raised = 0;               // out of fold
};

// The threshold is the lowest at which, out of fold, no more than `most` of the calm lessons raise
// the alarm. Errc::invalid without a lesson of each kind.
AlarmFit fit_alarm(std::span<const Lesson> lessons, std::string model, double most = 0.002);

}  // namespace parvis::danger
