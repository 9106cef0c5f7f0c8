// What a message is, by its meaning, where no rule knows its words: a question, the telling of a
// danger ("après dimanche je serai plus là"), a wish for a person, what is refused, what no town
// hall answers. Softmax regression over the vector of the message, which the embedding model gives.
// The rules (answer/emergency, dialogue/hear) come first and need no model; this hears what they
// miss.
//
// Learnt by `parvis fit intents` from messages written for it (data/lessons.jsonl) and questions;
// judged by `parvis eval intents` on others (tests/corpus/intents).
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

namespace parvis::intent {

enum class Kind : std::uint8_t {
  question,  // anything that is answered
  // dangers
  suicide,
  violence,
  child,
  medical,
  fire,
  crime,
  homeless,
  // acts
  person,   // wants a human
  unsafe,   // abuse, a threat, a manipulation, somebody else's data
  outside,  // weather, politics, homework: no public service answers
};
inline constexpr std::size_t kKinds = 11;
std::string_view name(Kind kind);
std::optional<Kind> kind_named(std::string_view name);
constexpr bool is_danger(Kind kind) { return kind >= Kind::suicide && kind <= Kind::homeless; }

// What one threshold is for: the dangers together, each act.
inline constexpr std::size_t kGroups = 4;
// Of no question.
constexpr std::size_t group(Kind kind) {
  return is_danger(kind)
             ? 0
             : static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::homeless);
}

struct Heard {
  Kind kind = Kind::question;
  bool doubtful = false;  // a danger that is not far: a number may stand beside what is answered
  bool operator==(const Heard&) const = default;
};

using Chances = std::array<double, kKinds>;  // they add up to one
using Thresholds = std::array<double, kGroups>;
// The chance of each group.
Thresholds by_group(const Chances& chances);

// Immutable; thread-safe.
class Classifier {
 public:
  // What this program was built with.
  static const Classifier& built_in();
  // As to_json() writes it.
  static std::expected<Classifier, Problem> from_json(std::string_view text);
  // weights: a row for each kind, the constant last.
  Classifier(std::string model, std::vector<std::vector<float>> weights, Thresholds thresholds);
  std::string to_json() const;

  // What a message is, by its vector as a query. A danger comes before an act: the likeliest from
  // the threshold of dangers on, doubtful from half of it on; then the likeliest act that reaches
  // its threshold. A question for a vector of another length.
  Heard hears(std::span<const float> vector) const;
  // vector: of dimension().
  Chances chances(std::span<const float> vector) const;

  const std::string& model() const { return model_; }  // the vectors are its
  std::size_t dimension() const { return weights_[0].size() - 1; }
  const Thresholds& thresholds() const { return thresholds_; }

 private:
  std::string model_;
  std::vector<std::vector<float>> weights_;
  Thresholds thresholds_;
};

}  // namespace parvis::intent
