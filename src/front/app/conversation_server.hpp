// The server of `serve` with the routes of conversations, in this process and with a database of
// its own: what benchmarks ask through sockets. Nobody is told to wait: all clients have one
// address.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "api/turns.hpp"
#include "base/json.hpp"
#include "http/router.hpp"
#include "runtime/doorbell.hpp"

namespace parvis::app {

class ConversationServer {
 public:
  struct Options {
    std::filesystem::path folder;  // for the database and its keys; emptied now and removed at last
    api::Policy policy;
    std::size_t streams = 100;  // that may be open at once
    // Adds other routes, which may ring the bell.
    std::function<void(http::Router&, runtime::Doorbell&)> routes = nullptr;
  };
  explicit ConversationServer(Options options);
  ~ConversationServer();
  ConversationServer(const ConversationServer&) = delete;

  std::uint16_t port() const;
  runtime::Doorbell& doorbell() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct Talking {
  std::string id, token;
  std::string target(std::string_view rest) const;  // "/api/v1/conversations/ID/events"
};
// Begins a conversation. Throws Error(unavailable) when it is refused.
Talking begin_conversation(std::uint16_t port);

}  // namespace parvis::app
