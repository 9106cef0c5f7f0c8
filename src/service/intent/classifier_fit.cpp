#include "intent/classifier_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"

namespace parvis::intent {
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

ClassifierFit fit_classifier(std::span<const Lesson> all, std::string model,
                             const Thresholds& most) {
  std::array<int, kKinds> seen{};
  for (const Lesson& lesson : all) ++seen[static_cast<std::size_t>(lesson.kind)];
  if (std::ranges::any_of(seen, [](int count) { return count < kFolds; }))
    throw Error(Errc::invalid,
                "each kind of message needs " + std::to_string(kFolds) + " sentences or more");
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
  std::vector<Chances> judged(all.size());
  for (int f = 0; f < kFolds; ++f) {
    std::vector<int> rest;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (fold[i] != f) rest.push_back(static_cast<int>(i));
    const Matrix w = learn(lessons, rest);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (fold[i] != f) continue;
      Eigen::VectorXd chances =
          (w.transpose() * lessons.x.col(static_cast<Eigen::Index>(i))).cast<double>();
      chances = (chances.array() - chances.maxCoeff()).exp();
      chances /= chances.sum();
      std::ranges::copy(chances, judged[i].begin());
    }
  }
  Thresholds thresholds{};
  for (std::size_t g = 0; g < kGroups; ++g) {
    std::vector<double> of_questions;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].kind == Kind::question) of_questions.push_back(by_group(judged[i])[g]);
    std::ranges::sort(of_questions, std::greater());
    const auto allowed =
        static_cast<std::size_t>(most[g] * static_cast<double>(of_questions.size()));
    thresholds[g] = std::nextafter(of_questions[std::min(allowed, of_questions.size() - 1)], 2.0);
  }

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
  ClassifierFit out{.classifier = Classifier(std::move(model), std::move(weights), thresholds)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Thresholds groups = by_group(judged[i]);
    if (all[i].kind == Kind::question) {
      ++out.questions;
      for (std::size_t g = 0; g < kGroups; ++g)
        out.groups[g].raised += groups[g] >= thresholds[g] ? 1 : 0;
      continue;
    }
    const std::size_t g = group(all[i].kind);
    Judged& judge = out.groups[g];
    ++judge.all;
    if (groups[g] < thresholds[g]) continue;
    ++judge.heard;
    const auto own = judged[i][static_cast<std::size_t>(all[i].kind)];
    judge.named +=
        g != 0 || own == *std::max_element(judged[i].begin() + 1,
                                           judged[i].begin() + 1 + static_cast<int>(Kind::homeless))
            ? 1
            : 0;
  }
  return out;
}

}  // namespace parvis::intent
