// What was found for questions that come again. Only the retrieval is kept, never an answer:
// whether an office is open must not freeze.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "retrieval/retrieve.hpp"

namespace parvis::app {

// Thread-safe. In memory only; it holds questions, so nothing of it is ever written.
class FoundCache {
 public:
  // from: names the index and its vectors; what was found in another is forgotten.
  std::optional<retrieval::Retrieval> find(const std::string& from, const std::string& key);
  void keep(const std::string& from, const std::string& key, const retrieval::Retrieval& found);

  static constexpr std::size_t kKept = 1000;  // the oldest goes first

 private:
  std::mutex mutex_;
  std::string from_;
  std::unordered_map<std::string, retrieval::Retrieval> found_;
  std::deque<std::string> order_;
};

}  // namespace parvis::app
