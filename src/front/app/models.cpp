#include "app/models.hpp"

#include <algorithm>
#include <iostream>

#include "text/normalise.hpp"

namespace parvis::app {

constexpr std::chrono::milliseconds kPatience{60'000};

namespace {

// The key was left down, or somebody shouts. A model reads capitals as other words: a noisy
// neighbour told of so was taken for a wish to die.
bool in_capitals(std::string_view text) {
  constexpr std::ptrdiff_t kAbbreviation = 12;  // letters; fewer may be one
  return std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'z'; }) &&
         std::ranges::count_if(text, [](char c) { return c >= 'A' && c <= 'Z'; }) >= kAbbreviation;
}

}  // namespace

Models::Models(const Config& config, Use use)
    : folder_(config.home),
      use_(use),
      fitted_(&retrieval::Fitted::built_in()),
      embedder_({.model = use == Use::words ? std::filesystem::path() : config.embedder_file(),
                 .threads = static_cast<unsigned>(config.embedder_threads),
                 .query_prefix = config.query_prefix(),
                 .passage_prefix = config.passage_prefix(),
                 .query_adapter = retrieval::question_adapter(),
                 .page_adapter = retrieval::page_adapter(),
                 .stays_adapter = retrieval::stays_adapter(),
                 .answer_timeout = use == Use::command
                                       ? kPatience
                                       : inference::EmbedderConfig{}.answer_timeout}) {
  if (!std::filesystem::exists(folder_ / "fitted" / retrieval::kRankerFile)) return;
  auto own = retrieval::Fitted::load(folder_ / "fitted");
  if (!own) {
    std::cerr << "parvis: " << own.error().what << "; going on with the built-in weights\n";
    return;
  }
  own_ = std::move(*own);
  fitted_ = &*own_;
}

std::optional<std::vector<float>> Models::question(std::string_view text, inference::Kind kind) {
  const std::string small = in_capitals(text) ? text::fold(text) : "";
  if (!small.empty()) text = small;
  if (use_ == Use::words || embedder_.status().state != inference::Embedder::State::ready)
    return std::nullopt;
  {
    const std::scoped_lock lock(mutex_);
    const auto at = std::ranges::find_if(
        asked_, [&](const Asked& each) { return each.kind == kind && each.text == text; });
    if (at != asked_.end()) return at->vector;
  }
  auto vector = embedder_.embed(kind, text);
  if (vector) {
    const std::scoped_lock lock(mutex_);
    if (asked_.size() == kAsked) asked_.pop_front();
    asked_.push_back({std::string(text), kind, *vector});
  }
  return vector;
}

intent::Heard Models::by_meaning(std::string_view message) {
  const intent::Classifier& classifier = intent::Classifier::built_in();
  if (embedder_.query_model() != classifier.model()) return {};
  const auto vector = question(message);
  return vector ? classifier.hears(*vector) : intent::Heard{};
}

std::optional<double> Models::stays(std::string_view message) {
  const retrieval::Stays& stays = retrieval::Stays::built_in();
  if (embedder_.model() != stays.model()) return std::nullopt;
  const auto vector = question(message, inference::Kind::stays);
  return vector ? stays.odds(*vector) : std::nullopt;
}

search::VectorCache* Models::cache(Wait wait) {
  if (use_ == Use::words) return nullptr;
  const auto status = wait == Wait::loaded ? embedder_.wait() : embedder_.status();
  const std::scoped_lock lock(mutex_);
  if (cache_) return &*cache_;
  if (status.state != inference::Embedder::State::ready) return nullptr;
  auto opened = search::VectorCache::open(folder_ / "vectors.cache", embedder_.model(),
                                          embedder_.dimension());
  if (!opened) {
    unusable_ = opened.error().what;
    return nullptr;
  }
  unusable_.clear();
  cache_.emplace(std::move(*opened));
  return &*cache_;
}

std::string Models::problem() const {
  const auto status = embedder_.status();
  if (status.state == inference::Embedder::State::ready &&
      embedder_.query_model() != fitted_->ranker.model)
    return "nothing is fitted for this embedding model: run parvis fit";
  if (status.state == inference::Embedder::State::loading)
    return status.detail.empty() ? "the embedding model is loading" : status.detail;
  if (status.state != inference::Embedder::State::ready) return status.detail;
  const std::scoped_lock lock(mutex_);
  return unusable_;
}

void Models::load(search::Generation& generation) {
  if (const search::VectorCache* vectors = cache()) generation.load_vectors(*vectors);
}

}  // namespace parvis::app
