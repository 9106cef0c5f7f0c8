#include "inference/embedder.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "crypto/hash.hpp"
#include "inference/wire.hpp"
#include "text/normalise.hpp"

namespace parvis::inference {
namespace {

using Clock = std::chrono::steady_clock;

std::string hash_of(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  struct stat status{};
  std::string hash;
  if (::fstat(file, &status) == 0 && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes != MAP_FAILED) {
      hash = crypto::sha256_hex({static_cast<const char*>(bytes), size});
      ::munmap(bytes, size);
    }
  }
  ::close(file);
  return hash;
}

}  // namespace

Embedder::Embedder(EmbedderConfig config)
    : config_(std::move(config)), supervisor_([this] { supervise(); }) {}

Embedder::~Embedder() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    if (child_.socket >= 0) ::shutdown(child_.socket, SHUT_RDWR);  // wakes who waits for an answer
  }
  changed_.notify_all();
  supervisor_.join();
}

Embedder::Status Embedder::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

Embedder::Status Embedder::wait() const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return status_.state != State::loading || stopping_; });
  return status_;
}

std::string Embedder::model() const {
  const std::scoped_lock lock(mutex_);
  return model_;
}

std::string Embedder::query_model() const {
  const std::scoped_lock lock(mutex_);
  return query_model_;
}

std::size_t Embedder::dimension() const {
  const std::scoped_lock lock(mutex_);
  return dimension_;
}

pid_t Embedder::child() const {
  const std::scoped_lock lock(mutex_);
  return child_.pid;
}

// Keeps one child alive: starts it, waits until it fails, ends it, starts the next one.
void Embedder::supervise() {
  auto retry = config_.first_retry;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    Status status = start();
    lock.lock();
    const bool ready = status.state == State::ready;
    status_ = std::move(status);
    changed_.notify_all();
    if (ready) {
      const auto since = Clock::now();
      changed_.wait(lock, [&] { return stopping_ || failed_; });
      end_child(lock);
      if (stopping_) break;
      status_ = {State::loading, "the model's process ended and is started again"};
      if (Clock::now() - since > kLongestRetry) retry = config_.first_retry;
    }
    changed_.wait_for(lock, retry, [&] { return stopping_; });
    retry = std::min(retry * 2, kLongestRetry);
  }
  end_child(lock);
}

void Embedder::end_child(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [&] { return !busy_; });
  child::end(std::exchange(child_, {}));
  failed_ = false;
}

Embedder::Status Embedder::start() {
  const std::string file = config_.model.string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(config_.model, ignored))
    return {State::absent, "the embedding model " + file +
                               " is not there: run bin/setup, or name one in the configuration"};
  const std::string hash = hash_of(config_.model);
  if (hash.empty()) return {State::broken, file + " cannot be read: check its owner and rights"};
  std::vector<std::string> words = {std::string(kChildCommand), config_.model.string(),
                                    std::to_string(config_.threads)};
  if (config_.query_prefix || config_.passage_prefix) {
    words.push_back(config_.query_prefix.value_or(""));
    words.push_back(config_.passage_prefix.value_or(""));
  }
  const child::Child started = child::start(config_.program, words);
  if (started.pid == 0)
    return {State::broken,
            config_.program.string() + " cannot be started: " + std::strerror(errno)};
  {
    const std::scoped_lock lock(mutex_);  // so that a destructor can interrupt the load
    child_ = started;
    if (stopping_) return {State::broken, ""};
  }
  std::uint32_t count = 0;
  std::array<float, 2> first{};  // the dimension, and whether the adapter of queries is in use
  const auto deadline = Clock::now() + config_.load_timeout;
  const auto send = [&](std::string_view adapter) {
    const auto bytes = static_cast<std::uint32_t>(adapter.size());
    return child::send_all(started.socket, &bytes, sizeof bytes, deadline) &&
           child::send_all(started.socket, adapter.data(), bytes, deadline);
  };
  const bool loaded =
      child::send_all(started.socket, hash.data(), kModelDigits, deadline) &&
      send(config_.query_adapter) && send(config_.page_adapter) && send(config_.stays_adapter) &&
      child::receive_all(started.socket, &count, sizeof count, deadline) && count == first.size() &&
      child::receive_all(started.socket, first.data(), sizeof first, deadline);
  std::unique_lock lock(mutex_);
  if (!loaded) {
    end_child(lock);
    return {State::broken,
            file + " is not an embedding model that can be used: run bin/setup after removing it"};
  }
  model_ = hash;
  query_model_ =
      first[1] > 0 ? crypto::sha256_hex(hash + crypto::sha256_hex(config_.query_adapter)) : hash;
  dimension_ = static_cast<std::size_t>(first[0]);
  return {State::ready, ""};
}

std::optional<std::vector<float>> Embedder::embed(Kind kind, std::string_view text) {
  const auto deadline = Clock::now() + config_.answer_timeout;
  std::unique_lock lock(mutex_);
  const bool query = somebody_waits(kind);
  if (query) ++queries_waiting_;
  // The others wait for as long as questions do; they are background work.
  auto free = [&] {
    return stopping_ || failed_ || status_.state != State::ready ||
           (!busy_ && (query || queries_waiting_ == 0));
  };
  const bool turn =
      query ? changed_.wait_until(lock, deadline, free) : (changed_.wait(lock, free), true);
  if (query) --queries_waiting_;
  if (!turn || stopping_ || failed_ || status_.state != State::ready) {
    changed_.notify_all();
    return std::nullopt;
  }
  busy_ = true;
  const int socket = child_.socket;
  std::vector<float> out(dimension_);
  lock.unlock();

  // From its turn on: that others were before it is no fault of the child's.
  const auto limit = Clock::now() + (query ? config_.answer_timeout : config_.background_timeout);
  const std::string_view cut = text::utf8_prefix(text, kTextBytes);
  const auto bytes = static_cast<std::uint32_t>(cut.size());
  std::uint32_t count = 0;
  const bool answered =
      child::send_all(socket, &bytes, sizeof bytes, limit) &&
      child::send_all(socket, &kind, sizeof kind, limit) &&
      child::send_all(socket, cut.data(), cut.size(), limit) &&
      child::receive_all(socket, &count, sizeof count, limit) &&
      (count == 0 || (count == out.size() &&
                      child::receive_all(socket, out.data(), count * sizeof(float), limit)));
  lock.lock();
  busy_ = false;
  if (!answered) {  // half an answer may be on its way: only a new child is sure to be in step
    failed_ = true;
    status_ = {State::loading, "the model's process did not answer and is started again"};
  }
  lock.unlock();
  changed_.notify_all();
  if (!answered || count == 0) return std::nullopt;
  return out;
}

}  // namespace parvis::inference
