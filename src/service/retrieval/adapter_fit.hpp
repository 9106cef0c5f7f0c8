// Learning the adapter from pairs "words → the text they are about".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "retrieval/adapter.hpp"

namespace parvis::retrieval {

// Unit vectors, row by row; targets[i] is the row of `texts` that questions[i] is about.
struct AdapterLessons {
  std::size_t dimension = 0;
  std::vector<float> questions, texts;
  std::vector<std::uint32_t> targets;
};

struct AdapterOptions {
  std::size_t rank = 64;
  int epochs = 12;
  float temperature = 0.1F;  // sharper ones learn the pairs by heart
  float rate = 1e-3F;
  float decay = 1e-2F;
};

// Softmax over all texts, Adam with decay towards the identity; deterministic.
Adapter fit_adapter(const AdapterLessons& lessons, std::string model, const AdapterOptions& options,
                    const std::function<void(int epoch, double loss)>& progress);

}  // namespace parvis::retrieval
