#include "inference/wire.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace parvis::inference {
namespace {

bool ready(int socket, short what, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    constexpr std::int64_t kHour = 3'600'000;
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kHour));
    pollfd poll{.fd = socket, .events = what, .revents = 0};
    const int n = ::poll(&poll, 1, timeout);
    if (n > 0) return true;
    if (n == 0 && timeout < kHour) return false;
    if (n < 0 && errno != EINTR) return false;
  }
}

}  // namespace

bool send_all(int socket, const void* bytes, std::size_t count, Deadline deadline) {
  const auto* at = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t n = ::send(socket, at, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      at += n;
      count -= static_cast<std::size_t>(n);
    } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (!ready(socket, POLLOUT, deadline)) return false;
    } else {
      return false;
    }
  }
  return true;
}

bool receive_all(int socket, void* bytes, std::size_t count, Deadline deadline) {
  auto* at = static_cast<char*>(bytes);
  while (count > 0) {
    const ssize_t n = ::recv(socket, at, count, MSG_DONTWAIT);
    if (n > 0) {
      at += n;
      count -= static_cast<std::size_t>(n);
    } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (!ready(socket, POLLIN, deadline)) return false;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace parvis::inference
