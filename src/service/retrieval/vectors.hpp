// Filling the vector cache in the background, the most useful texts first.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "db/database.hpp"
#include "inference/embedder.hpp"
#include "search/vectors.hpp"

namespace parvis::retrieval {

// Each includes those before it, and its texts come after theirs.
enum class Depth : std::uint8_t { titles, anchors, passages, text };

struct VectorWork {
  // Called after each text with how many are done and wanted in this run; false stops the work,
  // which goes on where it was when it is called again.
  std::function<bool(std::size_t done, std::size_t wanted)> progress;
};

// Embeds what the documents of `tenant` lack: every title with its summary, then
// what others ask for it with, then its passages, then the rest of its text.
// True when nothing is missing any more; false when it was stopped or the model does not answer.
// Holds no transaction while the model works. Throws Error when the cache cannot be written.
bool embed_missing(db::Database& database, std::string_view tenant, Depth depth,
                   inference::Embedder& embedder, search::VectorCache& cache,
                   const VectorWork& work);

}  // namespace parvis::retrieval
