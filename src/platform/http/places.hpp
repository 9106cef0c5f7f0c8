// A bound on how many there are at once, in all and for one address. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/metrics.hpp"
#include "http/options.hpp"

namespace parvis::http {

class Places {
 public:
  // Gives its place back when destroyed, on any thread.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend Places;
    Place(Places& places, std::string address) : places_(&places), address_(std::move(address)) {}
    Places* places_;
    std::string address_;
  };

  // `taken` shows how many there are, `refused` counts whom there was none for.
  Places(std::size_t all, std::size_t per_address, Gauge& taken, Counter& refused);

  // Nothing when all are taken. An empty address is counted in the whole only. The place is given
  // back before this object goes.
  std::optional<Place> take(const std::string& address);

 private:
  void give_back(const std::string& address);

  const std::size_t all_;
  const std::size_t per_address_;
  Gauge& gauge_;
  Counter& refused_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t, std::less<>> by_address_;
};

// What `take` counts a peer by: nothing for the peers of a Unix socket, and of loopback where a
// proxy stands for many.
std::string counted_address(const std::string& peer, Forwarded forwarded);

}  // namespace parvis::http
