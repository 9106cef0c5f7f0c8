#include "app/wire.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "base/error.hpp"

namespace parvis::app {

Wire::Wire(int socket) : socket_(socket) {
  const timeval patience{kWirePatience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Wire Wire::connect(std::uint16_t port) {
  Wire wire(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(wire.socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw Error(Errc::unavailable, "a client cannot connect to the server that is measured");
  return wire;
}

Wire::Wire(Wire&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

Wire::~Wire() {
  if (socket_ >= 0) ::close(socket_);
}

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) throw Error(Errc::unavailable, "a connection was cut while it was measured");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string Wire::until(std::string_view mark) {
  std::size_t end = 0;
  while ((end = buffer_.find(mark)) == std::string::npos) {
    std::array<char, 16 * 1024> bytes;
    const ssize_t n = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (n <= 0)
      throw Error(Errc::unavailable, "nothing came on a connection while it was measured");
    buffer_.append(bytes.data(), static_cast<std::size_t>(n));
  }
  std::string out = buffer_.substr(0, end);
  buffer_.erase(0, end + mark.size());
  return out;
}

void open_stream(Wire& wire, std::string_view target, std::string_view token) {
  std::string head = "GET ";
  head.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n");
  if (!token.empty()) head.append("Authorization: Bearer ").append(token).append("\r\n");
  wire.send(head.append("\r\n"));
  const std::string answer = wire.until("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200 "))
    throw Error(Errc::unavailable, "a stream is refused: " + answer.substr(0, answer.find('\r')));
}

std::string next_event(Wire& wire) {
  for (;;) {
    std::string event = wire.until("\n\n");
    if (!event.starts_with(':')) return event;
  }
}

}  // namespace parvis::app
