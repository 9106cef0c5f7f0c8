#include "retrieval/learn.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace parvis::retrieval {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kIterations = 30;
constexpr double kStill = 1e-6;  // a step shorter than this ends the search

VectorXd deviations(std::span<const Choice* const> choices, Eigen::Index width) {
  VectorXd sum = VectorXd::Zero(width), square = VectorXd::Zero(width);
  double n = 0;
  for (const Choice* choice : choices)
    for (const std::vector<double>& option : choice->options) {
      const Eigen::Map<const VectorXd> x(option.data(), width);
      sum += x;
      square += x.cwiseProduct(x);
      ++n;
    }
  if (n == 0) return VectorXd::Ones(width);
  return (square / n - (sum / n).cwiseAbs2()).cwiseMax(1e-8).cwiseSqrt();
}

// A choice as matrices: scaled features, and the rows that are right.
struct Table {
  MatrixXd x;
  VectorXd right;
  double weight;
};

std::vector<Table> tables(std::span<const Choice* const> choices, const VectorXd& scale) {
  std::vector<Table> out;
  for (const Choice* choice : choices) {
    const auto n = static_cast<Eigen::Index>(choice->options.size());
    Table table{MatrixXd(n, scale.size()), VectorXd(n), choice->weight};
    for (Eigen::Index r = 0; r < n; ++r) {
      const auto at = static_cast<std::size_t>(r);
      table.x.row(r) = Eigen::Map<const VectorXd>(choice->options[at].data(), scale.size())
                           .cwiseQuotient(scale)
                           .transpose();
      table.right(r) = choice->right[at] ? 1 : 0;
    }
    if (n > 0 && table.right.sum() > 0) out.push_back(std::move(table));
  }
  return out;
}

VectorXd softmax(const VectorXd& scores) {
  VectorXd p = (scores.array() - scores.maxCoeff()).exp();
  return p / p.sum();
}

double objective(const std::vector<Table>& all, const VectorXd& w, double ridge) {
  double sum = -ridge / 2 * w.squaredNorm();
  for (const Table& table : all)
    sum += table.weight * std::log(std::max(softmax(table.x * w).dot(table.right), 1e-300));
  return sum;
}

}  // namespace

std::vector<double> learn_choice(std::span<const Choice* const> choices, double ridge) {
  const auto first = std::ranges::find_if(choices, [](auto* c) { return !c->options.empty(); });
  if (first == choices.end()) return {};
  const auto width = static_cast<Eigen::Index>((*first)->options[0].size());
  const VectorXd scale = deviations(choices, width);
  const std::vector<Table> all = tables(choices, scale);
  VectorXd w = VectorXd::Zero(width);  // of the scaled features
  double reached = objective(all, w, ridge);
  for (int i = 0; i < kIterations; ++i) {
    VectorXd gradient = -ridge * w;
    MatrixXd curvature = ridge * MatrixXd::Identity(width, width);
    for (const Table& table : all) {
      const VectorXd p = softmax(table.x * w);
      // Among the right ones, the one that is nearly there.
      const VectorXd target = table.right.cwiseProduct(p) / table.right.dot(p);
      gradient += table.weight * (table.x.transpose() * (target - p));
      const VectorXd mean = table.x.transpose() * p;
      curvature +=
          table.weight * (table.x.transpose() * p.asDiagonal() * table.x - mean * mean.transpose());
    }
    // Newton's step may be too long where the softmax is flat: halved until it is a gain.
    VectorXd step = curvature.ldlt().solve(gradient);
    double next = objective(all, w + step, ridge);
    while (next < reached && step.norm() > kStill) {
      step /= 2;
      next = objective(all, w + step, ridge);
    }
    if (next <= reached) break;
    w += step;
    reached = next;
    if (step.norm() < kStill) break;
  }
  const VectorXd out = w.cwiseQuotient(scale);
  return {out.begin(), out.end()};
}

std::array<double, kFeatures> learn_rank(std::span<const Lesson* const> lessons, double ridge) {
  std::vector<Choice> choices;
  for (const Lesson* lesson : lessons) {
    Choice& choice = choices.emplace_back(
        Choice{.options = {}, .right = lesson->right, .weight = lesson->weight});
    for (const Candidate& c : lesson->candidates)
      choice.options.emplace_back(c.x.begin(), c.x.end());
  }
  std::vector<const Choice*> all;
  for (const Choice& choice : choices) all.push_back(&choice);
  std::array<double, kFeatures> out{};
  std::ranges::copy(learn_choice(all, ridge), out.begin());
  return out;
}

std::array<double, kSigns> learn_confidence(std::span<const Outcome> outcomes, double ridge) {
  VectorXd w = VectorXd::Zero(kSigns);
  VectorXd penalty = VectorXd::Constant(kSigns, ridge);
  penalty(static_cast<Eigen::Index>(Sign::constant)) = 1e-6;
  for (int i = 0; i < kIterations; ++i) {
    VectorXd gradient = -penalty.cwiseProduct(w);
    MatrixXd curvature = penalty.asDiagonal();
    for (const Outcome& outcome : outcomes) {
      const Eigen::Map<const VectorXd> x(outcome.signs.data(), kSigns);
      const double p = 1 / (1 + std::exp(-w.dot(x)));
      gradient += ((outcome.right ? 1 : 0) - p) * x;
      curvature += p * (1 - p) * x * x.transpose();
    }
    const VectorXd step = curvature.ldlt().solve(gradient);
    w += step;
    if (step.norm() < kStill) break;
  }
  std::array<double, kSigns> out{};
  for (std::size_t s = 0; s < kSigns; ++s) out[s] = w(static_cast<Eigen::Index>(s));
  return out;
}

}  // namespace parvis::retrieval
