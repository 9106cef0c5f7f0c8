#include "retrieval/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace parvis::retrieval {
namespace {

constexpr std::size_t kBins = 5, kBootstraps = 2000;

double round4(double x) { return std::round(x * 1e4) / 1e4; }

double area_under_curve(const std::vector<double>& p, const std::vector<bool>& right) {
  double better = 0, pairs = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t j = 0; j < p.size(); ++j)
      if (right[i] && !right[j]) {
        ++pairs;
        better += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
      }
  return pairs > 0 ? better / pairs : 0;
}

double calibration_error(std::vector<std::pair<double, bool>> all) {
  std::ranges::sort(all, {}, &std::pair<double, bool>::first);
  double error = 0;
  for (std::size_t b = 0; b < kBins; ++b) {
    const std::size_t begin = b * all.size() / kBins, end = (b + 1) * all.size() / kBins;
    double p = 0, right = 0;
    for (std::size_t i = begin; i < end; ++i) p += all[i].first, right += all[i].second ? 1 : 0;
    error += std::abs(p - right) / static_cast<double>(all.size());
  }
  return error;
}

}  // namespace

json::object confidence_report(const std::vector<double>& p, const std::vector<bool>& right) {
  const auto n = static_cast<double>(p.size());
  const double base = static_cast<double>(std::ranges::count(right, true)) / n;
  double brier = 0;
  std::vector<std::pair<double, bool>> all;
  for (std::size_t i = 0; i < p.size(); ++i) {
    brier += (p[i] - (right[i] ? 1 : 0)) * (p[i] - (right[i] ? 1 : 0)) / n;
    all.emplace_back(p[i], right[i]);
  }
  // The error that a perfect predictor of this size would show by chance.
  std::mt19937 random(11);  // NOLINT: the same band every time
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> perfect;
  for (std::size_t b = 0; b < kBootstraps; ++b) {
    for (std::size_t i = 0; i < p.size(); ++i) all[i] = {p[i], uniform(random) < p[i]};
    perfect.push_back(calibration_error(all));
  }
  std::ranges::sort(perfect);
  for (std::size_t i = 0; i < p.size(); ++i) all[i] = {p[i], right[i]};
  json::array bins, curve;
  std::ranges::sort(all, {}, &std::pair<double, bool>::first);
  for (std::size_t b = 0; b < kBins; ++b) {
    const std::size_t begin = b * all.size() / kBins, end = (b + 1) * all.size() / kBins;
    double said = 0, was = 0;
    for (std::size_t i = begin; i < end; ++i) said += all[i].first, was += all[i].second ? 1 : 0;
    const auto count = static_cast<double>(end - begin);
    bins.push_back(json::array{round4(said / count), round4(was / count)});
  }
  for (int floor = 30; floor <= 90; floor += 5) {
    double answered = 0, good = 0;
    for (const auto& [said, was] : all)
      if (said >= floor / 100.0) ++answered, good += was ? 1 : 0;
    curve.push_back(
        json::array{floor / 100.0, answered, answered > 0 ? round4(good / answered) : 1});
  }
  return {{"auc", round4(area_under_curve(p, right))},
          {"brier", round4(brier)},
          {"brier_constant", round4(base * (1 - base))},
          {"calibration_error", round4(calibration_error(all))},
          {"perfect_95", round4(perfect[perfect.size() * 95 / 100])},
          {"bins_said_was", std::move(bins)},
          {"floor_answered_right", std::move(curve)}};
}

}  // namespace parvis::retrieval
