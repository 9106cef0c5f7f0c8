#include "retrieval/learn.hpp"

#include <Eigen/Dense>
#include <cmath>

namespace parvis::retrieval {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kIterations = 30;
constexpr double kStill = 1e-6;  // a step shorter than this ends the search

VectorXd deviations(std::span<const Lesson* const> lessons) {
  VectorXd sum = VectorXd::Zero(kFeatures), square = VectorXd::Zero(kFeatures);
  double n = 0;
  for (const Lesson* lesson : lessons)
    for (const Candidate& c : lesson->candidates) {
      const Eigen::Map<const VectorXd> x(c.x.data(), kFeatures);
      sum += x;
      square += x.cwiseProduct(x);
      ++n;
    }
  if (n == 0) return VectorXd::Ones(kFeatures);
  return (square / n - (sum / n).cwiseAbs2()).cwiseMax(1e-8).cwiseSqrt();
}

// A lesson as matrices: scaled features, and the rows that are right.
struct Table {
  MatrixXd x;
  VectorXd right;
  double weight;
};

std::vector<Table> tables(std::span<const Lesson* const> lessons, const VectorXd& scale) {
  std::vector<Table> out;
  for (const Lesson* lesson : lessons) {
    const auto n = static_cast<Eigen::Index>(lesson->candidates.size());
    Table table{MatrixXd(n, kFeatures), VectorXd(n), lesson->weight};
    for (Eigen::Index r = 0; r < n; ++r) {
      const auto at = static_cast<std::size_t>(r);
      table.x.row(r) = Eigen::Map<const VectorXd>(lesson->candidates[at].x.data(), kFeatures)
                           .cwiseQuotient(scale)
                           .transpose();
      table.right(r) = lesson->right[at] ? 1 : 0;
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

std::array<double, kFeatures> learn_rank(std::span<const Lesson* const> lessons, double ridge) {
  const VectorXd scale = deviations(lessons);
  const std::vector<Table> all = tables(lessons, scale);
  VectorXd w = VectorXd::Zero(kFeatures);  // of the scaled features
  double reached = objective(all, w, ridge);
  for (int i = 0; i < kIterations; ++i) {
    VectorXd gradient = -ridge * w;
    MatrixXd curvature = ridge * MatrixXd::Identity(kFeatures, kFeatures);
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
  std::array<double, kFeatures> out{};
  for (std::size_t f = 0; f < kFeatures; ++f)
    out[f] = w(static_cast<Eigen::Index>(f)) / scale(static_cast<Eigen::Index>(f));
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
