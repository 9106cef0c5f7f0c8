#include "retrieval/calibration.hpp"

#include <gmock/gmock.h>

namespace parvis::retrieval {
namespace {

double at(const json::object& report, const char* key) {
  return report.at(key).to_number<double>();
}

TEST(Calibration, of_a_perfect_order_has_an_area_of_one) {
  const auto report = confidence_report({0.1, 0.2, 0.8, 0.9}, {false, false, true, true});
  EXPECT_EQ(at(report, "auc"), 1);
  EXPECT_NEAR(at(report, "brier"), 0.025, 1e-9);
  EXPECT_NEAR(at(report, "brier_constant"), 0.25, 1e-9);
}

TEST(Calibration, of_a_constant_tells_nothing_apart) {
  EXPECT_EQ(at(confidence_report({0.5, 0.5}, {true, false}), "auc"), 0.5);
}

TEST(Calibration, shows_who_says_too_much) {
  std::vector<double> said;
  std::vector<bool> right;
  for (int i = 0; i < 200; ++i) {
    said.push_back(0.9);
    right.push_back(i % 2 == 0);
  }
  const auto report = confidence_report(said, right);
  EXPECT_NEAR(at(report, "calibration_error"), 0.4, 0.01);
  EXPECT_LT(at(report, "perfect_95"), 0.2);
}

}  // namespace
}  // namespace parvis::retrieval
