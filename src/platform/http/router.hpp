// Which handler answers a method and path. Built once at start, then read by all threads.
//
// Patterns: "/api/v1/answers", "/{commune}/sheet/{id}", "/assets/{file...}" (the rest, slashes
// included, last only). A literal segment wins over a parameter. "/x" and "/x/" are two paths.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/rate_limit.hpp"
#include "http/stream.hpp"

namespace parvis::http {

// Runs whole on the worker pool, many at once. Throws parvis::Error to refuse.
using Handler = std::function<Response(const Request&)>;
// The same, for a route that streams: lets the client in with a Stream, or answers a Response.
using StreamHandler = std::function<Reply(const Request&)>;

// A body that is taken as it comes, for a route that receives: files. Both run on the worker pool,
// one call at a time, may throw parvis::Error to refuse, and may refer to the request.
struct Receiving {
  std::function<void(std::string_view)> take;  // pieces of at most kReceivePiece bytes, in order
  std::function<Response()> done;              // after the last one
};
// Before a byte of the body is read: lets it in, or answers. When the peer is cut off, what came
// until then is given to `take`, and `done` is not called.
using ReceiveHandler = std::function<std::variant<Response, Receiving>(const Request&)>;

// on_loop: for handlers that only read memory (health, metrics, static files). They never block,
// and answer even when the pool is full.
enum class Runs { on_worker, on_loop };

struct RouteOptions {
  std::size_t body_bytes = kBodyBytes;
  std::shared_ptr<RateLimit> rate = nullptr;  // shared: several routes may spend one budget
  Runs runs = Runs::on_worker;
};

struct Route {
  Method method;
  std::string pattern;
  std::vector<std::string> segments;  // of the pattern; parameters as "{name}"
  Handler handler;
  RouteOptions options;
  StreamHandler streams = nullptr;    // instead of `handler`
  ReceiveHandler receives = nullptr;  // the same
};

struct Match {
  const Route* route = nullptr;  // null: 404 when `allow` is empty, else 405
  Pairs params;
  std::string allow;  // methods of this path, "GET, HEAD, POST"
};

class Router {
 public:
  // CHECKs: a well-formed pattern, not registered before.
  void add(Method method, std::string pattern, Handler handler, RouteOptions options = {});
  void get(std::string pattern, Handler handler, RouteOptions options = {});  // HEAD too
  void post(std::string pattern, Handler handler, RouteOptions options = {});
  void stream(std::string pattern, StreamHandler handler, RouteOptions options = {});  // GET, HEAD
  // options.body_bytes: of the whole body, which is not in memory; Request::body stays empty.
  void receive(Method method, std::string pattern, ReceiveHandler handler,
               RouteOptions options = {});

  // `path` as sent. A Problem (400): malformed escapes, bad UTF-8, NUL, dot segments, too many.
  std::expected<Match, Problem> match(Method method, std::string_view path) const;

  std::vector<std::string> names() const;  // "GET /healthz", in order of registration
  const std::vector<Route>& routes() const { return routes_; }

 private:
  void add(Route route);

  std::vector<Route> routes_;
};

}  // namespace parvis::http
