// A linear map between questions and texts, learned from who links to what: it bends the embedder
// towards this corpus's idea of "about the same thing".
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace parvis::retrieval {

// similarity(question, text) = textᵀ (I + U Vᵀ) question. Since the map is on the question's side
// alone, the stored vectors stay those of the model. Immutable; thread-safe.
class Adapter {
 public:
  Adapter() = default;  // the identity
  Adapter(std::string model, std::size_t dimension, std::size_t rank, std::vector<float> u,
          std::vector<float> v);

  // The mapped question; its length is not 1.
  std::vector<float> map(std::span<const float> question) const;
  // SHA-256 of the model it was fitted for; empty for the identity.
  const std::string& model() const { return model_; }

  std::string to_bytes() const;
  static std::expected<Adapter, Problem> from_bytes(std::string_view bytes);

 private:
  std::string model_;
  std::size_t dimension_ = 0, rank_ = 0;
  std::vector<float> u_, v_;  // dimension × rank, row by row
};

}  // namespace parvis::retrieval
