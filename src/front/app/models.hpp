// The embedding model and the vectors it made, for all tenants of one installation. Thread-safe.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"
#include "inference/embedder.hpp"
#include "intent/classifier.hpp"
#include "retrieval/retrieve.hpp"
#include "search/index.hpp"
#include "search/vectors.hpp"

namespace parvis::app {

class Models {
 public:
  // serving: a question goes on without its vector when the model takes too long; command: it
  // waits, since what is printed or measured must not depend on what else the machine does; words:
  // as if there were no model.
  enum class Use : std::uint8_t { serving, command, words };
  // Returns at once; the model loads aside.
  explicit Models(const Config& config, Use use = Use::serving);

  inference::Embedder& embedder() { return embedder_; }
  const inference::Embedder& embedder() const { return embedder_; }
  // What ranks: the home's own fit when it has one for this model, else the built-in one.
  const retrieval::Fitted& fitted() const { return *fitted_; }

  // The question as a vector, when the model is ready.
  std::optional<std::vector<float>> question(std::string_view text,
                                             inference::Kind kind = inference::Kind::query);
  // What a message is, by its vector: a question without a model, or with one that the intents were
  // not fitted for.
  intent::Heard by_meaning(std::string_view message);
  // That a message, after the title of the page talked about, stays with it: log-odds. None without
  // a model, or with one that this was not learnt for.
  std::optional<double> stays(std::string_view message);
  // The vectors made so far; null while no model is ready or their file cannot be used, and
  // `problem` says which. loaded: waits until the model is ready or has failed.
  enum class Wait : std::uint8_t { no, loaded };
  search::VectorCache* cache(Wait wait = Wait::no);
  std::string problem() const;  // for a person; empty when there is none
  // Gives a generation the vectors that there are.
  void load(search::Generation& generation);

 private:
  const std::filesystem::path folder_;
  const Use use_;
  std::optional<retrieval::Fitted> own_;
  const retrieval::Fitted* fitted_;
  inference::Embedder embedder_;
  // The last questions with their vectors: a message is judged, then searched for.
  static constexpr std::size_t kAsked = 32;
  struct Asked {
    std::string text;
    inference::Kind kind;
    std::vector<float> vector;
  };
  mutable std::mutex mutex_;
  std::deque<Asked> asked_;
  std::optional<search::VectorCache> cache_;
  std::string unusable_;  // why the file of vectors is not used
};

}  // namespace parvis::app
