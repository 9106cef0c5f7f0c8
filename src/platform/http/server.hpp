// The HTTP/1.1 server: sockets and limits on the event loops, handlers on the worker pool.
//
// A request is read whole within its limits, routed, run by a worker, written. A full pool answers
// 503 with Retry-After at once. A handler's parvis::Error becomes problem+json, or a page through
// `error_page` for those who prefer HTML; any other exception is logged with the request id and
// answered 500 without detail. A handler may answer with a Stream of events, which lives on its
// loop until its client leaves (stream.hpp). Each response carries kSecurityHeaders and
// X-Request-Id. The access log has the route's pattern, never the path, query, body or address:
// they are personal data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.hpp"
#include "http/listen.hpp"
#include "http/options.hpp"
#include "http/router.hpp"
#include "runtime/loops.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::http {

class Server {
 public:
  // Built in this order: metrics, loops, workers, server; each outlives those after it.
  Server(runtime::Loops& loops, runtime::WorkerPool& workers, Metrics& metrics, Router router,
         ServerOptions options = {});
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Starts accepting. Throws Error(unavailable) when the address cannot be had. Once.
  void listen(const Listen& where);
  std::uint16_t port() const;   // the one listened on; 0 on a Unix socket
  std::string address() const;  // "127.0.0.1:43125", for people

  // Stops accepting, closes idle connections, tells the clients of streams when to come back, lets
  // running requests finish and answer; after limits.drain_time cuts what is left. True when
  // nothing was cut. Blocks; not from a loop.
  bool stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with the connections, which may outlive stop()'s wait
};

}  // namespace parvis::http
