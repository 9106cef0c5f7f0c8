#include "http/places.hpp"

#include <boost/asio/ip/address.hpp>
#include <utility>

namespace parvis::http {

Places::Place::Place(Place&& other) noexcept
    : places_(std::exchange(other.places_, nullptr)), address_(std::move(other.address_)) {}

Places::Place::~Place() {
  if (places_) places_->give_back(address_);
}

Places::Places(std::size_t all, std::size_t per_address, Gauge& taken, Counter& refused)
    : all_(all), per_address_(per_address), gauge_(taken), refused_(refused) {}

std::optional<Places::Place> Places::take(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto here = by_address_.find(address);
  const std::size_t taken_here = here == by_address_.end() ? 0 : here->second;
  if (taken_ >= all_ || (!address.empty() && taken_here >= per_address_)) {
    refused_.add();
    return std::nullopt;
  }
  if (!address.empty()) ++by_address_[address];
  ++taken_;
  gauge_.set(static_cast<std::int64_t>(taken_));
  return Place(*this, address);
}

void Places::give_back(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (!address.empty())
    if (const auto at = by_address_.find(address); --at->second == 0) by_address_.erase(at);
  --taken_;
  gauge_.set(static_cast<std::int64_t>(taken_));
}

std::string counted_address(const std::string& peer, Forwarded forwarded) {
  if (peer == "unix") return {};
  boost::system::error_code bad;
  const auto address = boost::asio::ip::make_address(peer, bad);
  if (forwarded == Forwarded::local_proxy && !bad && address.is_loopback()) return {};
  return peer;
}

}  // namespace parvis::http
