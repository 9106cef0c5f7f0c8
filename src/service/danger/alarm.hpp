// Danger that is told in words no rule knows ("après dimanche je serai plus là"): softmax
// regression over the vector of a message, which the embedding model gives. The rules of
// answer/emergency come first and need no model; this hears what they miss.
//
// Learnt by `parvis fit alarm` from sentences written for it (data/lessons.jsonl) and calm ones;
// judged by `parvis eval danger` on others (tests/corpus/danger).
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace parvis::danger {

enum class Kind : std::uint8_t { calm, suicide, violence, child, medical, fire, crime, homeless };
inline constexpr std::size_t kKinds = 8;
std::string_view name(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

struct Heard {
  Kind kind = Kind::calm;
  bool doubtful = false;  // calm is likelier, and danger is not far: a number may stand beside
  bool operator==(const Heard&) const = default;
};

// Immutable; thread-safe.
class Alarm {
 public:
  // What this program was built with.
  static const Alarm& built_in();
  // As to_json() writes it.
  static std::expected<Alarm, Problem> from_json(std::string_view text);
  // weights: a row for each kind, the constant last.
  Alarm(std::string model, std::vector<std::vector<float>> weights, double threshold);
  std::string to_json() const;

  // What a message tells of, by its vector as a query; calm when it is less likely than half the
  // threshold that it tells of any danger, doubtful under the threshold, and calm for a vector of
  // another length.
  Heard hears(std::span<const float> vector) const;
  // The chance of each kind; they add up to one. vector: of dimension().
  std::array<double, kKinds> chances(std::span<const float> vector) const;

  const std::string& model() const { return model_; }  // the vectors are its
  std::size_t dimension() const { return weights_[0].size() - 1; }
  double threshold() const { return threshold_; }

 private:
  std::string model_;
  std::vector<std::vector<float>> weights_;
  double threshold_;
};

}  // namespace parvis::danger
