// One coroutine a connection, on the loop it was accepted for; nothing of a connection is touched
// from another thread. It turns: wait for a byte, read a header, route, read the body, run the
// handler, write, again.
//
//   Deadlines. Beast's basic_stream has one absolute expiry: set before a phase (idle, header,
//     body, write), it covers the whole phase however slowly bytes drip, and closes the socket.
//   Worker. While a worker runs the handler the coroutine is suspended; request and response stay
//     in its frame, the worker works on them in place and posts the coroutine back to its loop.
//   Pipelining. Bytes beyond a request stay in the buffer, whose size bounds them; answers keep
//     the order of requests since the next one is read after the last is written.
//   Refusals. Where the body was not read the connection ends after the answer. The server then
//     reads on for a moment: closing with unread bytes makes the kernel send RST, and the client
//     would lose the answer it is owed.
//   Shutdown. stop() posts to every loop: idle connections close, busy ones see `stopping_` after
//     their answer. What is left at the limit is closed. Connections share ownership of Impl, so a
//     handler that outlives the limit still has a place to come back to.
#include "http/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "base/log.hpp"
#include "crypto/hash.hpp"
#include "http/url.hpp"

namespace parvis::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Parser = bhttp::request_parser<bhttp::string_body>;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kReadAhead = 16 * 1024;     // beyond a header, of body or pipelined requests
constexpr std::size_t kLingerBytes = 256 * 1024;  // read and dropped after a refusal
constexpr auto kAcceptPause = 100ms;              // when the process is out of descriptors
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

struct RouteMetrics {
  std::array<Counter*, 6> by_class{};  // [2] is 2xx
  Histogram* seconds = nullptr;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The path and query of a request target, in origin or absolute form (RFC 9112 §3.2).
std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t authority = target.find("://");
  if (authority == std::string_view::npos) return target;
  const std::size_t path = target.find('/', authority + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

std::optional<std::string> last_forwarded(const Request& request) {
  const auto field = request.header("x-forwarded-for");
  if (!field) return std::nullopt;
  std::string_view last = field->substr(field->find_last_of(',') + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  error_code bad;
  const auto address = asio::ip::make_address(std::string(last), bad);
  if (bad) return std::nullopt;
  return address.to_string();
}

struct Peer {
  std::string address;
  bool local = false;  // loopback or Unix socket: where a proxy of ours would be
};

Peer peer_of(const Tcp::socket& socket) {
  error_code gone;
  const auto address = socket.remote_endpoint(gone).address();
  return {gone ? "unknown" : address.to_string(), !gone && address.is_loopback()};
}
Peer peer_of(const Local::socket&) { return {"unix", true}; }

enum class Phase { idle, busy };

struct Connection {
  Stream stream;
  Peer peer;
  beast::flat_buffer buffer;
  Phase phase = Phase::idle;

  Connection(Socket socket, Peer from, std::size_t buffer_limit)
      : stream(std::move(socket)), peer(std::move(from)), buffer(buffer_limit) {}
};

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(runtime::Loops& l, runtime::WorkerPool& w, Metrics& m, Router r, ServerOptions o)
      : loops(l),
        workers(w),
        router(std::move(r)),
        options(std::move(o)),
        on_loop(l.size()),
        queued(m.gauge("parvis_http_queue", "Requests waiting for a worker")),
        open(m.gauge("parvis_http_connections", "Connections open")),
        rejected(m.counter("parvis_http_rejected_total", "Requests refused by a full pool")),
        limited(m.counter("parvis_http_rate_limited_total", "Requests over their rate limit")),
        turned_away(m.counter("parvis_http_connections_refused_total",
                              "Connections over the total or per-address limit")) {
    for (const Route& route : router.routes())
      by_route.push_back(series(m, std::string(name(route.method)) + " " + route.pattern));
    unrouted = series(m, "none");
  }

  static RouteMetrics series(Metrics& metrics, const std::string& route) {
    RouteMetrics out;
    for (std::size_t c = 2; c < out.by_class.size(); ++c)
      out.by_class[c] = &metrics.counter("parvis_http_requests_total", "Requests answered",
                                         {{"route", route}, {"status", std::to_string(c) + "xx"}});
    out.seconds =
        &metrics.histogram("parvis_http_request_seconds",
                           "From the header's last byte to the answer's", {{"route", route}});
    return out;
  }

  // --- accepting ------------------------------------------------------------------------------

  template <typename Protocol>
  void listen(const typename Protocol::endpoint& endpoint) {
    auto acceptor =
        std::make_shared<typename Protocol::acceptor>(loops.at(0));  // see close_acceptor
    acceptor->open(endpoint.protocol());
    if constexpr (std::same_as<Protocol, Tcp>)
      acceptor->set_option(asio::socket_base::reuse_address(true));
    acceptor->bind(endpoint);
    acceptor->listen();
    if constexpr (std::same_as<Protocol, Tcp>) port = acceptor->local_endpoint().port();
    // Shared with the accepting coroutine, which stop() wakes from outside.
    close_acceptor = [acceptor] {
      error_code ignored;
      acceptor->close(ignored);
    };
    enter();
    asio::co_spawn(loops.at(0), accept<Protocol>(shared_from_this(), acceptor), asio::detached);
  }

  template <typename Protocol>
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self,
                                      std::shared_ptr<typename Protocol::acceptor> acceptor) {
    for (std::size_t turn = 0; !self->stopping; ++turn) {
      const std::size_t loop = turn % self->loops.size();
      error_code failed;
      typename Protocol::socket socket(self->loops.at(loop));
      co_await acceptor->async_accept(socket, redirect_error(use_awaitable, failed));
      if (self->stopping) break;
      if (failed) {
        if (!acceptor->is_open()) break;
        asio::steady_timer pause(co_await asio::this_coro::executor, kAcceptPause);
        co_await pause.async_wait(redirect_error(use_awaitable, failed));
        continue;
      }
      Peer peer = peer_of(socket);
      if (!self->admit(peer)) {
        self->turned_away.add();
        socket.non_blocking(true, failed);
        socket.write_some(asio::buffer(kTooMany), failed);
        continue;
      }
      if constexpr (std::same_as<Protocol, Tcp>) socket.set_option(Tcp::no_delay(true), failed);
      asio::co_spawn(self->loops.at(loop),
                     serve(self, Socket(std::move(socket)), std::move(peer), loop), asio::detached);
    }
    self->leave();
  }

  bool counts(const Peer& peer) const {
    return peer.address != "unix" && !(peer.local && options.forwarded == Forwarded::local_proxy);
  }

  bool admit(const Peer& peer) {
    const std::lock_guard lock(mutex);
    if (connections >= options.limits.connections) return false;
    if (counts(peer)) {
      std::size_t& here = by_address[peer.address];
      if (here >= options.limits.connections_per_address) return false;
      ++here;
    }
    ++connections;
    ++alive;
    open.set(static_cast<std::int64_t>(connections));
    return true;
  }

  void dismiss(const Peer& peer) {
    const std::lock_guard lock(mutex);
    if (counts(peer))
      if (const auto at = by_address.find(peer.address); --at->second == 0) by_address.erase(at);
    --connections;
    --alive;
    open.set(static_cast<std::int64_t>(connections));
    ended.notify_all();
  }

  void enter() {
    const std::lock_guard lock(mutex);
    ++alive;
  }
  void leave() {
    const std::lock_guard lock(mutex);
    --alive;
    ended.notify_all();
  }

  // --- a connection ---------------------------------------------------------------------------

  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, Socket socket, Peer peer,
                                     std::size_t loop) {
    Connection c(std::move(socket), std::move(peer),
                 self->options.limits.header_bytes + kReadAhead);
    auto& here = self->on_loop[loop];
    here.insert(&c);
    try {
      std::size_t served = 0;
      while (co_await self->one_request(c, served)) ++served;
    } catch (const std::exception& e) {  // out of memory, or a bug: this connection only
      log(Level::error, "connection", {{"error", e.what()}});
    }
    here.erase(&c);
    self->dismiss(c.peer);
  }

  // False when the connection is to end.
  asio::awaitable<bool> one_request(Connection& c, std::size_t served) {
    const Limits& limits = options.limits;
    error_code failed;
    c.phase = Phase::idle;
    if (stopping) co_return false;
    if (c.buffer.size() == 0) {
      c.stream.expires_after(served == 0 ? limits.header_time : limits.idle_time);
      const std::size_t n = co_await c.stream.async_read_some(
          c.buffer.prepare(4096), redirect_error(use_awaitable, failed));
      if (failed) co_return false;
      c.buffer.commit(n);
    }
    c.phase = Phase::busy;

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(boost::none);
    c.stream.expires_after(limits.header_time);
    co_await bhttp::async_read_header(c.stream, c.buffer, parser,
                                      redirect_error(use_awaitable, failed));
    Request request;
    request.received_at = options.clock();
    request.request_id = crypto::random_hex(8);
    request.peer = c.peer.address;
    const auto started = Steady::now();
    if (failed) {
      const auto refused = malformed(failed);
      if (refused) {
        co_await write(c, request, started, nullptr, render(request, *refused), false);
        co_await linger(c);
      }
      co_return false;
    }

    // What the header alone decides.
    Match match;
    std::optional<Response> early = read_header(parser, request, match);
    const Route* route = match.route;
    if (!early) early = gate(request, match);
    if (!early) {
      const std::size_t most = route->options.body_bytes;
      if (parser.content_length() && *parser.content_length() > most)
        early = render(request, {413, too_large(most)});
      parser.body_limit(most);
    }
    if (!early && !parser.is_done()) {
      if (lower(request.header("expect").value_or("")) == "100-continue") {
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        c.stream.expires_after(limits.write_time);
        co_await asio::async_write(c.stream, asio::buffer(kContinue),
                                   redirect_error(use_awaitable, failed));
        if (failed) co_return false;
      }
      c.stream.expires_after(limits.body_time);
      co_await bhttp::async_read(c.stream, c.buffer, parser, redirect_error(use_awaitable, failed));
      if (failed == bhttp::error::body_limit) {
        early = render(request, {413, too_large(route->options.body_bytes)});
      } else if (failed) {
        const auto refused = malformed(failed);
        if (!refused) co_return false;
        early = render(request, *refused);
      }
    }
    const bool whole = parser.is_done() && !failed;
    c.stream.expires_never();
    if (!early) {
      request.body = std::move(parser.get().body());
      early = co_await answer(request, *route);
    }
    const bool keep =
        whole && parser.keep_alive() && !stopping && served + 1 < limits.requests_per_connection;
    const bool written =
        co_await write(c, request, started, route, *std::move(early), keep, parser.get().version());
    if (written && !keep) co_await linger(c);
    co_return written&& keep;
  }

  static std::string too_large(std::size_t most) {
    return "La demande dépasse la taille permise, " + std::to_string(most / 1024) + "\u00A0Kio.";
  }

  // What to answer to bytes that are not HTTP; nothing when the peer has gone or was too slow.
  static std::optional<Refusal> malformed(const error_code& failed) {
    if (failed == bhttp::error::header_limit || failed == bhttp::error::buffer_overflow)
      return Refusal{431, ""};
    if (failed == bhttp::error::end_of_stream || failed == bhttp::error::partial_message)
      return std::nullopt;
    if (failed.category() == bhttp::make_error_code(bhttp::error::bad_version).category())
      return Refusal{400, ""};
    return std::nullopt;
  }

  std::optional<Response> read_header(const Parser& parser, Request& request, Match& match) const {
    const auto& message = parser.get();
    request.method = method_named(message.method_string());
    std::size_t hosts = 0;
    for (const auto& field : message) {
      request.headers.emplace_back(lower(field.name_string()), field.value());
      if (field.name() == bhttp::field::host) ++hosts;
    }
    if (behind_proxy(request)) {
      if (auto forwarded = last_forwarded(request)) request.peer = *std::move(forwarded);
    }
    if (request.headers.size() > options.limits.header_fields) return render(request, {431, ""});
    if (hosts > 1 || (hosts == 0 && message.version() >= 11)) return render(request, {400, ""});
    if (message.target().size() > options.limits.target_bytes) return render(request, {414, ""});

    std::string_view target = origin_form(message.target());
    target = target.substr(0, target.find('#'));
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) {
      auto query = parse_pairs(target.substr(mark + 1));
      if (!query) return render(request, {400, ""});
      request.query = *std::move(query);
    }
    auto found = router.match(request.method, request.path);
    if (!found) return render(request, {400, ""});
    match = *std::move(found);
    return std::nullopt;
  }

  bool behind_proxy(const Request& request) const {
    if (options.forwarded != Forwarded::local_proxy) return false;
    if (request.peer == "unix") return true;
    error_code bad;
    const auto address = asio::ip::make_address(request.peer, bad);
    return !bad && address.is_loopback();
  }

  // 404, 405 and 429: known before the body is read.
  std::optional<Response> gate(Request& request, Match& match) {
    if (!match.route) {
      if (match.allow.empty()) return render(request, {404, ""});
      return render(request, {405, ""}).set("Allow", match.allow);
    }
    request.route = match.route->pattern;
    request.params = std::move(match.params);
    if (const auto& rate = match.route->options.rate) {
      if (const auto wait = rate->refuse(request.peer, request.received_at)) {
        limited.add();
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
        return render(request, {429, "Trop de demandes. Réessayez dans un instant."})
            .set("Retry-After", std::to_string(seconds));
      }
    }
    return std::nullopt;
  }

  // --- a handler ------------------------------------------------------------------------------

  asio::awaitable<Response> answer(const Request& request, const Route& route) {
    Response response;
    const auto run = [&] { response = call(request, route); };
    if (route.options.runs == Runs::on_loop) {
      run();
      co_return response;
    }
    if (!co_await on_worker(run)) {
      rejected.add();
      response = render(request, {503, "Le service est très demandé. Réessayez dans un instant."})
                     .set("Retry-After", std::to_string(kRetryAfter.count()));
    }
    co_return response;
  }

  // Runs `work` on the pool and comes back to this loop; false, at once, when the pool is full.
  template <typename Work>
  asio::awaitable<bool> on_worker(const Work& work) {
    const auto here = co_await asio::this_coro::executor;
    const auto start = [this, &work, here](auto handler) {
      // Shared: the pool may hand the task back, and the handler is needed to say so.
      auto done = std::make_shared<decltype(handler)>(std::move(handler));
      const auto back = [done, here](bool ran) {
        asio::post(here, [done, ran] { std::move (*done)(ran); });
      };
      runtime::WorkerPool::Task task = [&work, back] {
        work();
        back(true);
      };
      if (!workers.try_submit(std::move(task))) back(false);
      queued.set(static_cast<std::int64_t>(workers.waiting()));
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
        start, use_awaitable);
  }

  Response call(const Request& request, const Route& route) const noexcept {
    try {
      return route.handler(request);
    } catch (const Error& error) {
      if (error.code() == Errc::failed)
        log(Level::error, "failed", {{"request", request.request_id}, {"error", error.detail()}});
      const Refusal refused = refusal(error);
      Response response = render(request, refused);
      if (refused.status == 503) response.set("Retry-After", std::to_string(kRetryAfter.count()));
      return response;
    } catch (const std::exception& error) {
      log(Level::error, "failed", {{"request", request.request_id}, {"error", error.what()}});
    } catch (...) {
      log(Level::error, "failed", {{"request", request.request_id}, {"error", "unknown"}});
    }
    return render(request, {500, ""});
  }

  Response render(const Request& request, const Refusal& refused) const {
    if (options.error_page && request.prefers_html()) {
      try {
        Response page = options.error_page(request, refused);
        page.status = refused.status;
        return page;
      } catch (const std::exception& error) {
        log(Level::error, "error page", {{"request", request.request_id}, {"error", error.what()}});
      }
    }
    return problem(refused, request.request_id);
  }

  // --- writing --------------------------------------------------------------------------------

  asio::awaitable<bool> write(Connection& c, const Request& request, Steady::time_point started,
                              const Route* route, Response response, bool keep,
                              unsigned version = 11) {
    const std::string_view bytes = response.bytes();
    const bool bodiless = response.status == 204 || response.status == 304;
    bhttp::response<bhttp::span_body<const char>> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    message.reason(reason(response.status));
    for (const auto& [key, value] : response.headers) message.insert(key, value);
    for (const auto& [key, value] : kSecurityHeaders)
      if (message.find(key) == message.end()) message.insert(key, value);
    message.set("X-Request-Id", request.request_id);
    if (!bodiless) message.content_length(bytes.size());
    message.keep_alive(keep);
    if (!bodiless && request.method != Method::head)
      message.body() = beast::span<const char>(bytes.data(), bytes.size());

    error_code failed;
    bhttp::response_serializer<bhttp::span_body<const char>> serializer(message);
    c.stream.expires_after(options.limits.write_time);
    co_await bhttp::async_write(c.stream, serializer, redirect_error(use_awaitable, failed));
    c.stream.expires_never();

    const std::chrono::duration<double> took = Steady::now() - started;
    const RouteMetrics& series =
        route ? by_route[static_cast<std::size_t>(route - router.routes().data())] : unrouted;
    const auto status_class = static_cast<std::size_t>(response.status / 100);
    if (status_class >= 2 && status_class < series.by_class.size())
      series.by_class[status_class]->add();
    series.seconds->observe(took.count());
    log(Level::info, "request",
        {{"request", request.request_id},
         {"method", name(request.method)},
         {"route", route ? std::string_view(route->pattern) : std::string_view("none")},
         {"status", response.status},
         {"bytes", bytes.size()},
         {"ms", took.count() * 1000}});
    co_return !failed;
  }

  // The end of a connection whose peer may still be sending.
  asio::awaitable<void> linger(Connection& c) {
    error_code failed;
    c.stream.socket().shutdown(asio::socket_base::shutdown_send, failed);
    c.stream.expires_after(options.limits.linger_time);
    c.phase = Phase::idle;
    std::array<char, 4096> dropped;
    for (std::size_t total = 0; !failed && !stopping && total < kLingerBytes;)
      total += co_await c.stream.async_read_some(asio::buffer(dropped),
                                                 redirect_error(use_awaitable, failed));
  }

  // --- the end --------------------------------------------------------------------------------

  void close_connections(bool busy_too) {
    for (std::size_t i = 0; i < loops.size(); ++i)
      asio::post(loops.at(i), [self = shared_from_this(), i, busy_too] {
        for (Connection* c : self->on_loop[i])
          if (busy_too || c->phase == Phase::idle) c->stream.close();
      });
  }

  bool stop() {
    if (stopping.exchange(true)) return true;
    asio::post(loops.at(0), [self = shared_from_this()] {
      if (self->close_acceptor) self->close_acceptor();
    });
    close_connections(false);
    std::unique_lock lock(mutex);
    const auto none = [&] { return alive == 0; };
    const bool clean = ended.wait_for(lock, options.limits.drain_time, none);
    if (!clean) {
      log(Level::warning, "connections cut at shutdown", {{"count", connections}});
      lock.unlock();
      close_connections(true);
      lock.lock();
      ended.wait_for(lock, options.limits.linger_time, none);
    }
    if (!socket_path.empty()) unlink(socket_path.c_str());
    return clean;
  }

  runtime::Loops& loops;
  runtime::WorkerPool& workers;
  const Router router;
  const ServerOptions options;
  std::vector<std::set<Connection*>> on_loop;  // each touched by its own loop only
  std::function<void()> close_acceptor;        // called on loop 0
  std::uint16_t port = 0;
  std::string host;
  std::string socket_path;
  std::atomic<bool> stopping = false;

  std::mutex mutex;  // the four below
  std::condition_variable ended;
  std::size_t connections = 0;
  std::size_t alive = 0;  // coroutines: connections and the acceptor
  std::map<std::string, std::size_t> by_address;

  Gauge& queued;
  Gauge& open;
  Counter& rejected;
  Counter& limited;
  Counter& turned_away;
  std::vector<RouteMetrics> by_route;
  RouteMetrics unrouted;
};

std::expected<Listen, Problem> parse_listen(std::string_view text) {
  const auto refused = [&] {
    return std::unexpected(
        Problem{"'" + std::string(text) + "' is not ADDRESS:PORT nor unix:/path"});
  };
  if (text.starts_with("unix:")) {
    const std::string path(text.substr(5));
    if (path.empty() || path.size() > 100) return refused();  // sun_path holds 108 bytes
    return Listen{path, 0, true};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused();
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refused();
  }
  std::uint16_t port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, bad_port] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  error_code bad_address;
  asio::ip::make_address(host == "localhost" ? "127.0.0.1" : std::string(host), bad_address);
  if (bad_port != std::errc() || end != digits.data() + digits.size() || bad_address)
    return refused();
  return Listen{host == "localhost" ? "127.0.0.1" : std::string(host), port, false};
}

Server::Server(runtime::Loops& loops, runtime::WorkerPool& workers, Metrics& metrics, Router router,
               ServerOptions options)
    : impl_(
          std::make_shared<Impl>(loops, workers, metrics, std::move(router), std::move(options))) {}

Server::~Server() { stop(); }

void Server::listen(const Listen& where) {
  CHECK(!impl_->close_acceptor);
  try {
    impl_->host = where.address;
    if (!where.unix_socket) {
      impl_->listen<Tcp>({asio::ip::make_address(where.address), where.port});
      return;
    }
    // A socket nobody answers is the remains of a process that died.
    asio::io_context io;
    Local::socket probe(io);
    error_code refused;
    probe.connect(Local::endpoint(where.address), refused);
    if (refused == asio::error::connection_refused) unlink(where.address.c_str());
    impl_->listen<Local>(Local::endpoint(where.address));
    impl_->socket_path = where.address;
    chmod(where.address.c_str(), 0660);
  } catch (const boost::system::system_error& error) {
    throw Error(Errc::unavailable, "cannot listen on " + where.address +
                                       (where.unix_socket ? "" : ":" + std::to_string(where.port)) +
                                       ": " + error.code().message());
  }
}

std::uint16_t Server::port() const { return impl_->port; }

std::string Server::address() const {
  if (!impl_->socket_path.empty()) return "unix:" + impl_->socket_path;
  const bool v6 = impl_->host.find(':') != std::string::npos;
  return (v6 ? "[" + impl_->host + "]" : impl_->host) + ":" + std::to_string(impl_->port);
}

bool Server::stop() { return impl_->stop(); }

}  // namespace parvis::http
