// A server that is killed again and again at random moments while citizens work with it; what they
// were told is then compared with what it has.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "app/scratch.hpp"
#include "base/json.hpp"

namespace parvis::app {

inline constexpr int kCitizens = 4;  // at once

class KilledServer {
 public:
  // Nothing of a citizen's waits: all of them have one address.
  static constexpr std::string_view kConfig =
      "[conversations]\n"
      "messages_per_visitor = 60000\nmessages_per_address = 60000\nmessages_per_tenant = 60000\n";

  // The scratch has kConfig.
  KilledServer(Scratch& scratch, std::uint64_t seed);

  // Runs `work` of each citizen on a thread of its own until the server was killed `kills` times;
  // `over` then ends it. Afterwards the server is up. Each life has a random length; acknowledged:
  // and is no shorter than that many answers of insist, give or take a random half, and then a
  // random moment more, so that a kill is as near to an answer as to anything else. A busy machine
  // thus makes a drill longer, not emptier.
  void run(int kills, int acknowledged, const std::function<void(int citizen)>& work);
  void count() const { ++answers_; }  // an answer that was told

  std::uint16_t port() const { return port_; }  // of the one that lives; changes with each
  bool over() const { return over_; }

 private:
  std::unique_ptr<Child> start();
  Scratch& scratch_;
  std::uint64_t seed_;
  std::unique_ptr<Child> server_;
  std::atomic<std::uint16_t> port_ = 0;
  std::atomic<bool> over_ = false;
  mutable std::atomic<int> answers_ = 0;  // since the start
};

// Sends the same until it is answered with 200 or 201 and an object; nullopt when the server does
// not come back to it. again: counts what was sent once more.
std::optional<json::object> insist(const KilledServer& server, std::string_view target,
                                   const json::object& body, std::string_view token,
                                   std::string_view idempotency_key, int* again);

}  // namespace parvis::app
