#include "app/found_cache.hpp"

namespace parvis::app {

std::optional<retrieval::Retrieval> FoundCache::find(const std::string& from,
                                                     const std::string& key) {
  const std::scoped_lock lock(mutex_);
  if (from != from_) return std::nullopt;
  const auto at = found_.find(key);
  return at == found_.end() ? std::nullopt : std::optional(at->second);
}

void FoundCache::keep(const std::string& from, const std::string& key,
                      const retrieval::Retrieval& found) {
  const std::scoped_lock lock(mutex_);
  if (from != from_) {
    found_.clear();
    order_.clear();
    from_ = from;
  }
  if (!found_.emplace(key, found).second) return;
  order_.push_back(key);
  if (order_.size() <= kKept) return;
  found_.erase(order_.front());
  order_.pop_front();
}

}  // namespace parvis::app
