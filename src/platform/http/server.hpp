// The HTTP/1.1 server: sockets and limits on the event loops, handlers on the worker pool.
//
// A request is read whole within its limits, routed, run by a worker, written. A full pool answers
// 503 with Retry-After at once. A handler's parvis::Error becomes problem+json, or a page through
// `error_page` for those who prefer HTML; any other exception is logged with the request id and
// answered 500 without detail. Each response carries kSecurityHeaders and X-Request-Id. The access
// log has the route's pattern, never the path, query, body or address: they are personal data.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/metrics.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "runtime/loops.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::http {

// On each response, unless its handler set the same name. Nothing inline runs; nobody frames us.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSecurityHeaders = {{
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

// Where to listen: "127.0.0.1:8080", "[::1]:0" (port 0: any free one) or "unix:/run/parvis.sock".
struct Listen {
  std::string address;     // an IP address, or the path of the socket
  std::uint16_t port = 0;  // unused for a Unix socket
  bool unix_socket = false;
};
std::expected<Listen, Problem> parse_listen(std::string_view text);

// Renders a refusal for a person. Pure and quick: it may run on an event loop. If it throws, the
// refusal is sent as problem+json.
using ErrorPage = std::function<Response(const Request&, const Refusal&)>;

// Whether X-Forwarded-For is believed. local_proxy: from peers on loopback or a Unix socket, the
// last address of the field is the peer, and the limit per address does not count them.
enum class Forwarded { ignored, local_proxy };

struct ServerOptions {
  Limits limits = {};
  ErrorPage error_page = nullptr;  // problem+json for all
  Forwarded forwarded = Forwarded::ignored;
  std::function<Instant()> clock = system_now;
};

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

  // Stops accepting, closes idle connections, lets running requests finish and answer; after
  // limits.drain_time cuts what is left. True when nothing was cut. Blocks; not from a loop.
  bool stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared with the connections, which may outlive stop()'s wait
};

}  // namespace parvis::http
