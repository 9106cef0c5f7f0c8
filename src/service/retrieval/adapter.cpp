#include "retrieval/adapter.hpp"

#include <cstring>

namespace parvis::retrieval {
namespace {

constexpr std::string_view kMagic = "parvis-adapter-1";
constexpr std::size_t kModelHex = 64;
constexpr std::uint32_t kMaxSide = 8192;

}  // namespace

Adapter::Adapter(std::string model, std::size_t dimension, std::size_t rank, std::vector<float> u,
                 std::vector<float> v)
    : model_(std::move(model)),
      dimension_(dimension),
      rank_(rank),
      u_(std::move(u)),
      v_(std::move(v)) {
  CHECK(u_.size() == dimension_ * rank_ && v_.size() == u_.size());
}

std::vector<float> Adapter::map(std::span<const float> question) const {
  std::vector<float> out(question.begin(), question.end());
  if (rank_ == 0 || question.size() != dimension_) return out;
  std::vector<float> inner(rank_);
  for (std::size_t d = 0; d < dimension_; ++d)
    for (std::size_t r = 0; r < rank_; ++r) inner[r] += v_[d * rank_ + r] * question[d];
  for (std::size_t d = 0; d < dimension_; ++d) {
    float sum = 0;
    for (std::size_t r = 0; r < rank_; ++r) sum += u_[d * rank_ + r] * inner[r];
    out[d] += sum;
  }
  return out;
}

// magic, model in hexadecimal, u32 dimension, u32 rank, U, V: little-endian floats.
std::string Adapter::to_bytes() const {
  std::string out(kMagic);
  out += model_;
  out.resize(kMagic.size() + kModelHex, ' ');
  auto append = [&](const void* bytes, std::size_t count) {
    out.append(static_cast<const char*>(bytes), count);
  };
  const std::uint32_t sides[2] = {static_cast<std::uint32_t>(dimension_),
                                  static_cast<std::uint32_t>(rank_)};
  append(sides, sizeof sides);
  append(u_.data(), u_.size() * sizeof(float));
  append(v_.data(), v_.size() * sizeof(float));
  return out;
}

std::expected<Adapter, Problem> Adapter::from_bytes(std::string_view bytes) {
  const Problem bad{"this is no adapter: run parvis fit"};
  constexpr std::size_t kHead = kMagic.size() + kModelHex + 8;
  if (bytes.size() < kHead || !bytes.starts_with(kMagic)) return std::unexpected(bad);
  std::uint32_t sides[2] = {};
  std::memcpy(sides, bytes.data() + kHead - 8, 8);
  if (sides[0] > kMaxSide || sides[1] > kMaxSide) return std::unexpected(bad);
  const std::size_t cells = static_cast<std::size_t>(sides[0]) * sides[1];
  if (bytes.size() != kHead + 2 * cells * sizeof(float)) return std::unexpected(bad);
  std::vector<float> u(cells), v(cells);
  std::memcpy(u.data(), bytes.data() + kHead, cells * sizeof(float));
  std::memcpy(v.data(), bytes.data() + kHead + cells * sizeof(float), cells * sizeof(float));
  return Adapter(std::string(bytes.substr(kMagic.size(), kModelHex)), sides[0], sides[1],
                 std::move(u), std::move(v));
}

}  // namespace parvis::retrieval
