// Texts to vectors, by a model that runs in a child process.
//
// The engine (llama.cpp) may abort on a bad file and holds memory of its own, so it lives in
// another process of the same program, with one socket and nothing else: it sees texts, no keys, no
// database. When it dies it is started again; meanwhile a caller gets no vector and goes on
// without.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "child/child.hpp"

namespace parvis::inference {

// What a text is for. A model wants a prefix on each. Somebody waits for all but passage and
// anchor: they go before those.
enum class Kind : std::uint8_t {
  query,    // a whole question; with its adapter
  passage,  // a text that answers; in the background
  anchor,   // a text that asks, to be found by what else asks: prefix of a query, in the background
  going_on,  // a message that may lean on what was said: prefix of a query, without an adapter
  of_page,   // what is asked of a page, after its title: prefix of a query, with its own adapter
  stays,     // the same, where the question is whether it is asked of that page: with its own
};
inline constexpr std::size_t kKinds = 6;
constexpr bool somebody_waits(Kind kind) { return kind != Kind::passage && kind != Kind::anchor; }

struct EmbedderConfig {
  std::filesystem::path
      model;  // GGUF of an embedding model: dimension, pooling and prefixes are its own
  unsigned threads = 2;
  // Instead of the file's parvis.prefix.query and parvis.prefix.passage.
  std::optional<std::string> query_prefix = std::nullopt, passage_prefix = std::nullopt;
  // Low-rank adaptations (GGUF) that Kind::query, Kind::of_page and Kind::stays alone are embedded
  // with; they outlive the embedder. Their "parvis.model" is the SHA-256 of the model they were
  // learnt for: another model goes without them.
  std::string_view query_adapter = {}, page_adapter = {}, stays_adapter = {};
  std::chrono::milliseconds answer_timeout{2000};  // of one query, and of the wait for its turn;
                                                   // a child that takes longer for one is ended
  std::chrono::milliseconds background_timeout{
      30'000};  // of any other text: the machine may be busy
  std::chrono::milliseconds load_timeout{60'000};
  std::chrono::milliseconds first_retry{200};  // doubles up to kLongestRetry, back after a success
  std::filesystem::path program = "/proc/self/exe";  // is run as: program inference-child …
};

// Thread-safe.
class Embedder {
 public:
  enum class State : std::uint8_t {
    loading,  // or being started again
    ready,
    absent,  // no model file; looked for again from time to time
    broken,  // the file cannot be used, or the child died; tried again from time to time
  };
  struct Status {
    State state = State::loading;
    std::string detail;  // for a person: what is wrong and what to do
  };

  explicit Embedder(EmbedderConfig config);  // returns at once; the model loads aside
  ~Embedder();                               // ends the child
  Embedder(const Embedder&) = delete;
  Embedder& operator=(const Embedder&) = delete;

  Status status() const;
  // Until it is not loading any more, well or not.
  Status wait() const;
  // SHA-256 of the model file, 64 hexadecimal digits, and length of its vectors; once ready.
  std::string model() const;
  // What the vectors of queries are of: model(), or 64 other digits when their adapter is in use.
  std::string query_model() const;
  std::size_t dimension() const;

  // The unit vector of a text in the normal form of text::clean; what passes the model's context is
  // cut off. Nothing when the model is not ready or does not answer in time.
  std::optional<std::vector<float>> embed(Kind kind, std::string_view text);

  pid_t child() const;  // 0 when there is none: for memory figures and for tests that kill it

  static constexpr std::chrono::milliseconds kLongestRetry{60'000};

 private:
  void supervise();
  Status start();  // one attempt
  void end_child(std::unique_lock<std::mutex>& lock);

  const EmbedderConfig config_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Status status_;
  bool stopping_ = false, busy_ = false, failed_ = false;
  std::size_t queries_waiting_ = 0;
  child::Child child_;
  std::string model_, query_model_;
  std::size_t dimension_ = 0;
  std::thread supervisor_;
};

inline constexpr std::size_t kTextBytes = 64 * 1024;  // longer texts are cut at a character

// The child's side: `program inference-child MODEL THREADS [QUERY-PREFIX PASSAGE-PREFIX]`, called
// first thing in main with these arguments. Serves its socket until it closes.
inline constexpr std::string_view kChildCommand = "inference-child";
int run_child(int argc, char** argv);

}  // namespace parvis::inference
