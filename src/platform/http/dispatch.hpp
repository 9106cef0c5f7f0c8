// From a request to its response, without sockets: what the header alone decides, the handler on
// the pool, refusals as problem+json or a page, the beginning of a stream, figures and the access
// log. Thread-safe.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/metrics.hpp"
#include "http/options.hpp"
#include "http/places.hpp"
#include "http/router.hpp"
#include "http/stream.hpp"
#include "runtime/doorbell.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::http {

// A stream that was let in: what it needs from here on, and nothing else of its request.
struct Opening {
  Stream stream;
  Places::Place place;
  runtime::Doorbell::Bell bell;  // made before `first` was read: there is no gap
  std::string head;              // bytes
  Page first;
  std::string request_id;
  const Route& route;
};

struct Ended {
  std::string_view why;  // "left", "slow"…
  std::size_t events = 0;
  std::size_t bytes = 0;
  std::chrono::duration<double> took{};
};

class Dispatcher {
 public:
  using Answer = std::variant<Response, std::unique_ptr<Opening>>;

  // All but the router outlive it.
  Dispatcher(runtime::WorkerPool& workers, Metrics& metrics, Router router,
             const ServerOptions& options);

  // Finds the route of a request whose method, headers and peer are known, and fills in its path,
  // query, route and params. `target`: as sent. Otherwise the response to give without reading the
  // body: 400, 404, 405, 414, 429, 431.
  std::expected<const Route*, Response> admit(Request& request, std::string_view target,
                                              unsigned http_version);
  // Runs the handler on the pool (503 at once when it is full), then comes back to the caller's
  // executor. The request is not touched meanwhile.
  boost::asio::awaitable<Answer> answer(const Request& request, const Route& route);
  // Runs `work`, which does not throw, on the pool, and comes back to the caller's executor. False
  // at once, and nothing was run, when the pool is full.
  boost::asio::awaitable<bool> on_worker(const std::function<void()>& work);
  // The same, asking again for a while when the pool is full; false when it stays so.
  boost::asio::awaitable<bool> on_worker_in_time(const std::function<void()>& work);
  // A route that receives: lets the body in, or the response to give without reading it; takes a
  // piece, or says why not; ends.
  boost::asio::awaitable<std::variant<Response, Receiving>> begin(const Request& request,
                                                                  const Route& route);
  boost::asio::awaitable<std::optional<Response>> take(const Request& request,
                                                       const Receiving& receiving,
                                                       std::string_view piece);
  boost::asio::awaitable<Response> finish(const Request& request, const Receiving& receiving);
  Response render(const Request& request, const Refusal& refusal) const;
  // Counts and logs a response that was written. route: null when none matched.
  void record(const Request& request, const Route* route, const Response& response,
              std::chrono::duration<double> took);
  // The same for a stream: counted when it begins, logged when it ends.
  void began(const Opening& opening, std::chrono::duration<double> took);
  void sent(std::size_t events) { events_.add(events); }
  void ended(const Opening& opening, const Ended& ended);

 private:
  struct Series {
    std::array<Counter*, 6> by_class{};  // [2] is 2xx
    Histogram* seconds = nullptr;
  };
  static Series series(Metrics& metrics, const std::string& route);
  void count(const Route* route, int status, std::chrono::duration<double> took);
  Answer call(const Request& request, const Route& route,
              const boost::asio::any_io_executor& loop) noexcept;
  // Runs `act`; nothing when it went well, or the response to what it threw.
  std::optional<Response> guarded(const Request& request,
                                  const std::function<void()>& act) const noexcept;
  Answer open(const Request& request, const Route& route, Stream stream,
              const boost::asio::any_io_executor& loop);
  Response overloaded(const Request& request) const;

  runtime::WorkerPool& workers_;
  const Router router_;
  const ServerOptions& options_;
  Gauge& queued_;
  Counter& rejected_;
  Counter& limited_;
  Counter& events_;
  Places streams_;
  std::vector<Series> by_route_;
  Series unrouted_;
};

}  // namespace parvis::http
