// A token bucket per address: `burst` at once, then one each `every`. The table is bounded; when it
// is full the bucket untouched longest is forgotten (its owner starts again with a full one).
// Thread-safe.
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.hpp"
#include "http/limits.hpp"

namespace parvis::http {

class RateLimit {
 public:
  RateLimit(double burst, std::chrono::milliseconds every, std::size_t addresses = kRateAddresses);

  // Nothing when admitted, else how long to wait for the next token.
  std::optional<std::chrono::milliseconds> refuse(std::string_view address, Instant now);

 private:
  struct Bucket {
    std::string address;
    double tokens;
    Instant at;
  };
  const double burst_;
  const std::chrono::milliseconds every_;
  const std::size_t addresses_;
  std::mutex mutex_;
  std::list<Bucket> recent_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_address_;
};

}  // namespace parvis::http
