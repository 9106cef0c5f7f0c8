#include "retrieval/adapter_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace parvis::retrieval {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Index;

constexpr Index kBatch = 128;

// Adam (Kingma and Ba 2015) with the decay outside of the moments (Loshchilov and Hutter 2019).
struct Adam {
  Adam(Index rows, Index columns) : m(Matrix::Zero(rows, columns)), v(m) {}
  void step(Matrix& weights, const Matrix& gradient, int t, const AdapterOptions& o) {
    constexpr float kB1 = 0.9F, kB2 = 0.999F, kTiny = 1e-8F;
    m = kB1 * m + (1 - kB1) * gradient;
    v = kB2 * v + (1 - kB2) * gradient.cwiseAbs2();
    const float c1 = 1 - std::pow(kB1, static_cast<float>(t));
    const float c2 = 1 - std::pow(kB2, static_cast<float>(t));
    weights.array() -=
        o.rate * (m.array() / c1 / ((v.array() / c2).sqrt() + kTiny) + o.decay * weights.array());
  }
  Matrix m, v;
};

}  // namespace

Adapter fit_adapter(const AdapterLessons& lessons, std::string model, const AdapterOptions& options,
                    const std::function<void(int, double)>& progress) {
  const auto d = static_cast<Index>(lessons.dimension);
  const auto rank = static_cast<Index>(options.rank);
  const Eigen::Map<const Matrix> texts(lessons.texts.data(),
                                       static_cast<Index>(lessons.texts.size()) / d, d);
  const Eigen::Map<const Matrix> questions(lessons.questions.data(),
                                           static_cast<Index>(lessons.questions.size()) / d, d);
  std::mt19937 random(1);  // NOLINT: the same fit every time
  std::normal_distribution<float> normal(0, 0.02F);
  Matrix u(d, rank), v(d, rank);
  for (Matrix* side : {&u, &v})
    for (Index i = 0; i < side->size(); ++i) side->data()[i] = normal(random);
  Adam of_u(d, rank), of_v(d, rank);
  std::vector<Index> order(static_cast<std::size_t>(questions.rows()));
  std::iota(order.begin(), order.end(), 0);
  int t = 0;
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    std::ranges::shuffle(order, random);
    double loss = 0;
    for (std::size_t begin = 0; begin < order.size(); begin += kBatch) {
      const auto n = static_cast<Index>(std::min<std::size_t>(kBatch, order.size() - begin));
      Matrix x(n, d);
      for (Index r = 0; r < n; ++r)
        x.row(r) = questions.row(order[begin + static_cast<std::size_t>(r)]);
      const Matrix inner = x * v;                       // n × rank
      const Matrix mapped = x + inner * u.transpose();  // n × d
      Matrix p = mapped * texts.transpose() / options.temperature;
      for (Index r = 0; r < n; ++r) {
        auto row = p.row(r).array();
        row = (row - row.maxCoeff()).exp();
        row /= row.sum();
        const Index target =
            lessons.targets[static_cast<std::size_t>(order[begin + static_cast<std::size_t>(r)])];
        loss -= std::log(std::max(p(r, target), 1e-12F));
        p(r, target) -= 1;
      }
      const Matrix g = p * texts / (options.temperature * static_cast<float>(n));  // n × d
      const Matrix gu = g.transpose() * inner;
      const Matrix gv = x.transpose() * (g * u);
      ++t;
      of_u.step(u, gu, t, options);
      of_v.step(v, gv, t, options);
    }
    if (progress) progress(epoch, loss / static_cast<double>(order.size()));
  }
  return Adapter(std::move(model), lessons.dimension, options.rank,
                 std::vector<float>(u.data(), u.data() + u.size()),
                 std::vector<float>(v.data(), v.data() + v.size()));
}

}  // namespace parvis::retrieval
