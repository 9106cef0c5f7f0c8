// From a request to its response, without sockets: what the header alone decides, the handler on
// the pool, refusals as problem+json or a page, figures and the access log. Thread-safe.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.hpp"
#include "http/options.hpp"
#include "http/router.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::http {

class Dispatcher {
 public:
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
  boost::asio::awaitable<Response> answer(const Request& request, const Route& route);
  Response render(const Request& request, const Refusal& refusal) const;
  // Counts and logs a response that was written. route: null when none matched.
  void record(const Request& request, const Route* route, const Response& response,
              std::chrono::duration<double> took);

 private:
  struct Series {
    std::array<Counter*, 6> by_class{};  // [2] is 2xx
    Histogram* seconds = nullptr;
  };
  static Series series(Metrics& metrics, const std::string& route);
  Response call(const Request& request, const Route& route) const noexcept;
  template <typename Work>
  boost::asio::awaitable<bool> on_worker(const Work& work);

  runtime::WorkerPool& workers_;
  const Router router_;
  const ServerOptions& options_;
  Gauge& queued_;
  Counter& rejected_;
  Counter& limited_;
  std::vector<Series> by_route_;
  Series unrouted_;
};

}  // namespace parvis::http
