// The acceptor and the register of connections; connection.cpp serves each, dispatch.cpp answers,
// streaming.cpp goes on where a request was answered by a stream.
//
//   Loops. A connection belongs to the loop it was accepted for; nothing of it is touched from
//     another thread.
//   Shutdown. stop() posts to every loop: idle connections close, busy ones see `stopping` after
//     their answer, streams say goodbye. What is left at the limit is closed. Connections share
//     ownership of Impl, so a handler that outlives the limit still has a place to come back to.
//   Places. A connection that becomes a stream gives its place back and holds one of a stream.
#include "http/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>

#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/dispatch.hpp"
#include "http/places.hpp"
#include "http/streaming.hpp"

namespace parvis::http {
namespace {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

constexpr auto kAcceptPause = 100ms;  // when the process is out of descriptors
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

Peer peer_of(const Tcp::socket& socket) {
  error_code gone;
  const auto address = socket.remote_endpoint(gone).address();
  return {gone ? "unknown" : address.to_string(), !gone && address.is_loopback()};
}
Peer peer_of(const Local::socket&) { return {"unix", true}; }

// In `set` as long as it lives.
template <typename T>
struct Listed {
  Listed(std::set<T*>& s, T* m) : set(s), member(m) { set.insert(member); }
  ~Listed() { set.erase(member); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  std::set<T*>& set;
  T* const member;
};

struct OnLoop {
  std::set<Connection*> connections;
  std::set<Streaming*> streams;
};

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(runtime::Loops& l, runtime::WorkerPool& workers, Metrics& m, Router router, ServerOptions o)
      : loops(l),
        options(std::move(o)),
        dispatcher(workers, m, std::move(router), options),
        on_loop(l.size()),
        places(options.limits.connections, options.limits.connections_per_address,
               m.gauge("parvis_http_connections", "Connections open"),
               m.counter("parvis_http_connections_refused_total",
                         "Connections over the total or per-address limit")) {}

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
      auto place = self->places.take(counted_address(peer.address, self->options.forwarded));
      if (!place) {
        socket.non_blocking(true, failed);
        socket.write_some(asio::buffer(kTooMany), failed);
        continue;
      }
      if constexpr (std::same_as<Protocol, Tcp>) socket.set_option(Tcp::no_delay(true), failed);
      self->enter();
      asio::co_spawn(self->loops.at(loop),
                     serve(self, Connection::Socket(std::move(socket)), std::move(peer),
                           *std::move(place), loop),
                     asio::detached);
    }
    self->leave();
  }

  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, Connection::Socket socket,
                                     Peer peer, Places::Place place, std::size_t loop) {
    try {
      std::unique_ptr<Opening> opening;
      {
        const Places::Place taken = std::move(place);
        Connection connection(std::move(socket), std::move(peer), self->dispatcher, self->options,
                              self->stopping);
        const Listed listed(self->on_loop[loop].connections, &connection);
        opening = co_await connection.serve();
        if (opening) socket = connection.release();
      }
      if (opening) {
        Streaming stream(std::move(socket), std::move(opening), self->dispatcher,
                         self->options.limits, self->stopping);
        const Listed listed(self->on_loop[loop].streams, &stream);
        co_await stream.run();
      }
    } catch (const std::exception& e) {  // out of memory, or a bug: this connection only
      log(Level::error, "connection", {{"error", e.what()}});
    }
    self->leave();
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

  void close_connections(Connection::Close when) {
    for (std::size_t i = 0; i < loops.size(); ++i)
      asio::post(loops.at(i), [self = shared_from_this(), i, when] {
        for (Connection* connection : self->on_loop[i].connections) connection->close(when);
        for (Streaming* stream : self->on_loop[i].streams) stream->close(when);
      });
  }

  bool stop() {
    if (stopping.exchange(true)) return true;
    asio::post(loops.at(0), [self = shared_from_this()] {
      if (self->close_acceptor) self->close_acceptor();
    });
    close_connections(Connection::Close::if_idle);
    std::unique_lock lock(mutex);
    const auto none = [&] { return alive == 0; };
    const bool clean = ended.wait_for(lock, options.limits.drain_time, none);
    if (!clean) {
      log(Level::warning, "connections cut at shutdown", {{"count", alive}});
      lock.unlock();
      close_connections(Connection::Close::now);
      lock.lock();
      ended.wait_for(lock, options.limits.linger_time, none);
    }
    if (!socket_path.empty()) unlink(socket_path.c_str());
    return clean;
  }

  runtime::Loops& loops;
  const ServerOptions options;
  Dispatcher dispatcher;
  std::vector<OnLoop> on_loop;           // each touched by its own loop only
  std::function<void()> close_acceptor;  // called on loop 0
  std::uint16_t port = 0;
  std::string host;
  std::string socket_path;
  std::atomic<bool> stopping = false;

  Places places;

  std::mutex mutex;  // the two below
  std::condition_variable ended;
  std::size_t alive = 0;  // coroutines: connections, streams and the acceptor
};

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
