#include "http/rate_limit.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace parvis::http {

RateLimit::RateLimit(double burst, std::chrono::milliseconds every, std::size_t addresses)
    : burst_(burst), every_(every), addresses_(addresses) {
  CHECK(burst >= 1 && every.count() > 0 && addresses > 0);
}

std::optional<std::chrono::milliseconds> RateLimit::refuse(std::string_view address, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto period = static_cast<double>(every_.count());
  if (const auto found = by_address_.find(address); found != by_address_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
  } else {
    if (recent_.size() == addresses_) {
      by_address_.erase(recent_.back().address);
      recent_.pop_back();
    }
    recent_.push_front({std::string(address), burst_, now});
    by_address_.emplace(recent_.front().address, recent_.begin());
  }
  Bucket& bucket = recent_.front();
  // A clock that steps back gives nothing and takes nothing.
  const auto elapsed = static_cast<double>(std::max(now - bucket.at, Instant::duration{}).count());
  bucket.tokens = std::min(burst_, bucket.tokens + elapsed / period);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) * period)));
}

}  // namespace parvis::http
