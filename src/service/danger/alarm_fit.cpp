#include "danger/alarm_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"

namespace parvis::danger {
namespace {

using Matrix = Eigen::MatrixXf;

constexpr int kFolds = 5;
constexpr int kSteps = 1000;
constexpr float kRidge = 7e-4F;  // of the mean loss
constexpr float kScale = 10;     // vectors of a model lie close together: their differences count

struct Lessons {
  Matrix x;                // a column each, centred and scaled, the constant last
  std::vector<int> kinds;  // as numbers
};

// Columns of weights: one a kind.
Matrix learn(const Lessons& lessons, const std::vector<int>& which) {
  const auto n = static_cast<Eigen::Index>(which.size());
  Matrix x(lessons.x.rows(), n);
  Matrix y = Matrix::Zero(kKinds, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const int at = which[static_cast<std::size_t>(i)];
    x.col(i) = lessons.x.col(at);
    y(lessons.kinds[static_cast<std::size_t>(at)], i) = 1;
  }
  // The loss is smooth with half of the largest eigenvalue of the mean of x xᵀ, which its trace
  // bounds; power iteration comes near to it.
  Eigen::VectorXf v = Eigen::VectorXf::Ones(x.rows()).normalized();
  float largest = 0;
  for (int i = 0; i < 50; ++i) {
    const Eigen::VectorXf next = x * (x.transpose() * v) / static_cast<float>(n);
    largest = next.norm();
    v = next / largest;
  }
  const float step = 1 / (0.55F * largest + kRidge);
  Matrix w = Matrix::Zero(x.rows(), kKinds), before = w, ahead = w;
  for (int i = 0; i < kSteps; ++i) {
    Matrix chances = ahead.transpose() * x;
    for (Eigen::Index c = 0; c < n; ++c) {
      auto column = chances.col(c);
      column = (column.array() - column.maxCoeff()).exp();
      column /= column.sum();
    }
    Matrix gradient = x * (chances - y).transpose() / static_cast<float>(n);
    gradient.topRows(x.rows() - 1) += kRidge * ahead.topRows(x.rows() - 1);
    before = w;
    w = ahead - step * gradient;
    ahead = w + static_cast<float>(i) / static_cast<float>(i + 3) * (w - before);
  }
  return w;
}

}  // namespace

AlarmFit fit_alarm(std::span<const Lesson> all, std::string model, double most) {
  std::array<int, kKinds> seen{};
  for (const Lesson& lesson : all) ++seen[static_cast<std::size_t>(lesson.kind)];
  if (std::ranges::any_of(seen, [](int count) { return count < kFolds; }))
    throw Error(Errc::invalid, "each kind of danger, and calm, needs " + std::to_string(kFolds) +
                                   " sentences or more");
  const auto dimension = static_cast<Eigen::Index>(all[0].vector.size());
  Lessons lessons{.x = Matrix(dimension + 1, static_cast<Eigen::Index>(all.size())), .kinds = {}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].vector.size() == all[0].vector.size());
    lessons.x.col(static_cast<Eigen::Index>(i)).head(dimension) =
        Eigen::Map<const Eigen::VectorXf>(all[i].vector.data(), dimension);
    lessons.kinds.push_back(static_cast<int>(all[i].kind));
  }
  const Eigen::VectorXf mean = lessons.x.topRows(dimension).rowwise().mean();
  lessons.x.topRows(dimension).colwise() -= mean;
  lessons.x.topRows(dimension) *= kScale;
  lessons.x.row(dimension).setOnes();

  // Every fifth of each kind is a fold.
  std::vector<int> fold(all.size());
  std::array<int, kKinds> nth{};
  for (std::size_t i = 0; i < all.size(); ++i)
    fold[i] = nth[static_cast<std::size_t>(all[i].kind)]++ % kFolds;
  struct Judged {
    double danger = 0;
    int kind = 0;  // the likeliest danger
  };
  std::vector<Judged> judged(all.size());
  for (int f = 0; f < kFolds; ++f) {
    std::vector<int> rest;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (fold[i] != f) rest.push_back(static_cast<int>(i));
    const Matrix w = learn(lessons, rest);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (fold[i] != f) continue;
      Eigen::VectorXf chances = w.transpose() * lessons.x.col(static_cast<Eigen::Index>(i));
      chances = (chances.array() - chances.maxCoeff()).exp();
      chances /= chances.sum();
      Eigen::Index kind = 0;
      chances.tail(kKinds - 1).maxCoeff(&kind);
      judged[i] = {1.0 - static_cast<double>(chances[0]), static_cast<int>(kind) + 1};
    }
  }
  std::vector<double> calm;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].kind == Kind::calm) calm.push_back(judged[i].danger);
  std::ranges::sort(calm, std::greater());
  const auto allowed = static_cast<std::size_t>(most * static_cast<double>(calm.size()));
  const double threshold = std::nextafter(calm[std::min(allowed, calm.size() - 1)], 2.0);

  const std::vector<int> whole = [&] {
    std::vector<int> out(all.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int>(i);
    return out;
  }();
  Matrix w = learn(lessons, whole);
  // Of vectors as they come: the centring and the scale are put into the weights.
  w.topRows(dimension) *= kScale;
  w.row(dimension) -= mean.transpose() * w.topRows(dimension);
  std::vector<std::vector<float>> weights;
  for (std::size_t k = 0; k < kKinds; ++k) {
    const Eigen::VectorXf column = w.col(static_cast<Eigen::Index>(k));
    weights.emplace_back(column.data(), column.data() + column.size());
  }
  AlarmFit out{.alarm = Alarm(std::move(model), std::move(weights), threshold)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool raised = judged[i].danger >= threshold;
    if (all[i].kind == Kind::calm) {
      ++out.calm;
      out.raised += raised ? 1 : 0;
      continue;
    }
    ++out.dangers;
    out.heard += raised ? 1 : 0;
    out.named += raised && judged[i].kind == static_cast<int>(all[i].kind) ? 1 : 0;
  }
  return out;
}

}  // namespace parvis::danger
