// One connection, served by one coroutine on its own loop, until it ends or becomes a stream.
// Inside http/ only.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>

#include "http/dispatch.hpp"
#include "http/options.hpp"

namespace parvis::http {

struct Peer {
  std::string address;  // without port; "unix" on a Unix socket
  bool local = false;   // loopback or Unix socket: where a proxy of ours would be
};

// Every function is called on the loop of the socket.
class Connection {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  // All but socket and peer outlive it. Once `stopping`, it ends after the request that runs.
  Connection(Socket socket, Peer peer, Dispatcher& dispatcher, const ServerOptions& options,
             const std::atomic<bool>& stopping);
  ~Connection();
  Connection(Connection&&) = delete;

  // Request after request, until the peer leaves, is too slow or is refused, or `stopping`. Or
  // until one is answered by a stream, which begins on release()'s socket when this object is gone.
  boost::asio::awaitable<std::unique_ptr<Opening>> serve();
  Socket release();

  enum class Close { if_idle, now };
  void close(Close when);  // while serve() is suspended, which then ends

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parvis::http
