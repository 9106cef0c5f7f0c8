#include "app/killing.hpp"

#include <chrono>
#include <csignal>
#include <random>
#include <thread>
#include <vector>

namespace parvis::app {
namespace {

constexpr int kAttempts = 600;  // at one request, kAgain apart
constexpr std::chrono::milliseconds kAgain{50};
constexpr std::chrono::milliseconds kLeast{150}, kMost{900};  // of the server's life under load
constexpr std::chrono::microseconds kMore{40'000};            // after enough answers
constexpr std::chrono::seconds kLong{60};                     // no life is waited for longer

}  // namespace

KilledServer::KilledServer(Scratch& scratch, std::uint64_t seed)
    : scratch_(scratch), seed_(seed), server_(start()), port_(server_->port()) {}

std::unique_ptr<Child> KilledServer::start() {
  return std::make_unique<Child>(scratch_.with_home({"serve", "--listen", "127.0.0.1:0"}),
                                 scratch_.output());
}

void KilledServer::run(int kills, int acknowledged, const std::function<void(int)>& work) {
  std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed_));
  const auto between = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < kCitizens; ++i) threads.emplace_back([&work, i] { work(i); });
  try {
    for (int killed = 0; killed < kills; ++killed) {
      const auto began = std::chrono::steady_clock::now();
      const auto enough = answers_ + between(acknowledged / 2, acknowledged + acknowledged / 2);
      std::this_thread::sleep_for(
          std::chrono::milliseconds(between(kLeast.count(), kMost.count())));
      if (answers_ < enough) {
        while (answers_ < enough && std::chrono::steady_clock::now() < began + kLong)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(std::chrono::microseconds(between(0, kMore.count())));
      }
      server_->signal(SIGKILL);
      server_->wait();
      server_ = start();
      port_ = server_->port();
    }
  } catch (...) {
    over_ = true;
    throw;
  }
  over_ = true;
}

std::optional<json::object> insist(const KilledServer& server, std::string_view target,
                                   const json::object& body, std::string_view token,
                                   std::string_view idempotency_key, int* again) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) std::this_thread::sleep_for(kAgain);
    if (attempt > 0 && again != nullptr) ++*again;
    const Reply reply =
        call(server.port(), "POST", target, json::serialize(body), token, idempotency_key);
    if (reply.status != 200 && reply.status != 201) continue;
    // Cut in its middle, it is no acknowledgement.
    if (auto value = parse_json(reply.body); value && value->is_object()) {
      server.count();
      return std::move(value->get_object());
    }
  }
  return std::nullopt;
}

}  // namespace parvis::app
