#include "retrieval/vectors.hpp"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "knowledge/knowledge_store.hpp"
#include "retrieval/passages.hpp"
#include "search/entry.hpp"

namespace parvis::retrieval {
namespace {

constexpr std::size_t kGatheredBytes = 32'000'000;  // of texts held at a time; the rest comes after
constexpr int kAttempts = 50;  // for one text, while the model's process is started again

struct Texts {
  std::vector<std::pair<std::uint64_t, std::string>> titles, passages;
  bool all = true;
};

Texts missing(db::Database& database, std::string_view tenant, Depth depth,
              const search::VectorCache& cache) {
  return database.read(tenant, [&](db::Tx& tx) {
    Texts out;
    std::unordered_set<std::uint64_t> seen;
    std::size_t bytes = 0;
    knowledge::each_document(tx, tenant, [&](const knowledge::Document& document) {
      std::vector<std::string> texts = passages_of(document);
      if (depth == Depth::titles) texts.resize(1);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::uint64_t hash = search::text_hash(texts[i]);
        if (cache.contains(hash) || !seen.insert(hash).second) continue;
        if (i > 0 && bytes > kGatheredBytes) {
          out.all = false;
          break;
        }
        bytes += texts[i].size();
        (i == 0 ? out.titles : out.passages).emplace_back(hash, std::move(texts[i]));
      }
    });
    return out;
  });
}

bool embed(inference::Embedder& embedder, search::VectorCache& cache, std::uint64_t hash,
           const std::string& text) {
  for (int i = 0; i < kAttempts; ++i) {
    if (const auto vector = embedder.embed(inference::Kind::passage, text)) {
      cache.append(hash, *vector);
      return true;
    }
    if (embedder.wait().state != inference::Embedder::State::loading) return false;
  }
  return false;
}

}  // namespace

bool embed_missing(db::Database& database, std::string_view tenant, Depth depth,
                   inference::Embedder& embedder, search::VectorCache& cache,
                   const VectorWork& work) {
  for (;;) {
    const Texts texts = missing(database, tenant, depth, cache);
    const std::size_t wanted = texts.titles.size() + texts.passages.size();
    std::size_t done = 0;
    for (const auto* part : {&texts.titles, &texts.passages})
      for (const auto& [hash, text] : *part) {
        if (!embed(embedder, cache, hash, text)) return false;
        if (work.progress && !work.progress(++done, wanted)) return false;
      }
    if (texts.all) return true;
  }
}

}  // namespace parvis::retrieval
