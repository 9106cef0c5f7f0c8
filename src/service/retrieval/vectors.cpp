#include "retrieval/vectors.hpp"

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "knowledge/knowledge_store.hpp"
#include "retrieval/anchors.hpp"
#include "retrieval/entries.hpp"
#include "retrieval/passages.hpp"
#include "search/entry.hpp"

namespace parvis::retrieval {
namespace {

constexpr std::size_t kGatheredBytes = 32'000'000;  // of texts held at a time; the rest comes after
constexpr int kAttempts = 5;  // for one text: the model's process may have to be started again

struct Text {
  std::uint64_t hash = 0;
  inference::Kind kind = inference::Kind::passage;
  std::string words;
};

struct Texts {
  std::array<std::vector<Text>, 4> of;  // by Depth: each is embedded before the next
  bool all = true;
};

Texts missing(db::Database& database, std::string_view tenant, Depth depth,
              const search::VectorCache& cache) {
  return database.read(tenant, [&](db::Tx& tx) {
    Texts out;
    std::unordered_set<std::uint64_t> seen;
    std::size_t bytes = 0;
    auto add = [&](Depth of, std::uint64_t hash, inference::Kind kind, std::string words) {
      if (cache.contains(hash) || !seen.insert(hash).second) return;
      if (of != Depth::titles && bytes > kGatheredBytes) {
        out.all = false;
        return;
      }
      bytes += words.size();
      out.of[static_cast<std::size_t>(of)].push_back({hash, kind, std::move(words)});
    };
    const Without nothing;
    std::optional<Anchors> anchors;
    if (depth >= Depth::anchors) anchors.emplace(anchors_of(tx, tenant, nothing));
    knowledge::each_document(tx, tenant, [&](const knowledge::Document& document) {
      const std::vector<Passage> texts = passages_of(document);
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0 && depth < Depth::passages) break;
        std::string words = texts[i].whole();
        add(i == 0 ? Depth::titles : Depth::passages, search::text_hash(words),
            inference::Kind::passage, std::move(words));
      }
      if (depth >= Depth::text)
        for (const Passage& each : text_of(document)) {
          std::string words = each.whole();
          add(Depth::text, search::text_hash(words), inference::Kind::passage, std::move(words));
        }
      if (!anchors) return;
      for (std::string& words : anchors->of(document.key.id))
        add(Depth::anchors, anchor_hash(words), inference::Kind::anchor, std::move(words));
    });
    return out;
  });
}

bool embed(inference::Embedder& embedder, search::VectorCache& cache, const Text& text) {
  for (int i = 0; i < kAttempts; ++i) {
    if (const auto vector = embedder.embed(text.kind, text.words)) {
      cache.append(text.hash, *vector);
      return true;
    }
    if (embedder.wait().state != inference::Embedder::State::ready) return false;
  }
  return false;
}

}  // namespace

bool embed_missing(db::Database& database, std::string_view tenant, Depth depth,
                   inference::Embedder& embedder, search::VectorCache& cache,
                   const VectorWork& work) {
  for (;;) {
    const Texts texts = missing(database, tenant, depth, cache);
    std::size_t wanted = 0, done = 0;
    for (const auto& part : texts.of) wanted += part.size();
    for (const auto& part : texts.of)
      for (const Text& text : part) {
        if (!embed(embedder, cache, text)) return false;
        if (work.progress && !work.progress(++done, wanted)) return false;
      }
    if (texts.all) return true;
  }
}

}  // namespace parvis::retrieval
