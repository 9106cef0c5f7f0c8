// One open stream of events, served by one coroutine on the loop of its socket. Inside http/ only.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "http/connection.hpp"
#include "http/dispatch.hpp"
#include "http/limits.hpp"

namespace parvis::http {

// Every function is called on the loop of the socket.
class Streaming {
 public:
  // Dispatcher, limits and `stopping` outlive it.
  Streaming(Connection::Socket socket, std::unique_ptr<Opening> opening, Dispatcher& dispatcher,
            const Limits& limits, const std::atomic<bool>& stopping);
  ~Streaming();
  Streaming(Streaming&&) = delete;

  // Until the client leaves or is too slow, may not go on, or `stopping`.
  boost::asio::awaitable<void> run();

  // While run() is suspended. if_idle: says goodbye once what it does is done; `stopping` is set.
  void close(Connection::Close when);

 private:
  using Steady = std::chrono::steady_clock;
  enum class End { none, left, slow, refused, stopping, overloaded, failed };
  struct Watch;
  static std::string_view name(End end);

  boost::asio::awaitable<End> follow();
  boost::asio::awaitable<End> read();
  boost::asio::awaitable<End> check();
  boost::asio::awaitable<End> on_worker(std::function<void()> work);
  boost::asio::awaitable<End> write(std::string_view bytes);
  bool here();  // the client is
  void watch_reads();
  void watch_writes();

  Connection::Socket socket_;
  const std::unique_ptr<Opening> opening_;
  Dispatcher& dispatcher_;
  const Limits& limits_;
  const std::atomic<bool>& stopping_;
  const std::shared_ptr<Watch> watch_;  // shared with what the socket's waits call in the end
  std::string seen_;                    // the id of the event written last
  bool more_ = false;                   // a reading gave something: there may be more
  std::size_t heard_ = 0;
  std::size_t events_ = 0;
  std::size_t bytes_ = 0;
  Steady::time_point ping_at_;
  Steady::time_point check_at_;
};

}  // namespace parvis::http
