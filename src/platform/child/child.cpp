#include "child/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace parvis::child {
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

pid_t spawn(const std::filesystem::path& program, std::vector<std::string> words, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, socket, kSocket);
  posix_spawn_file_actions_addclosefrom_np(&actions, kSocket + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  words.insert(words.begin(), program.string());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<char*, 1> environment = {nullptr};
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = failed;
  return failed == 0 ? pid : 0;
}

}  // namespace

Child start(const std::filesystem::path& program, const std::vector<std::string>& words) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) return {};
  const pid_t pid = spawn(program, words, sockets[1]);
  const int why = errno;
  ::close(sockets[1]);
  if (pid != 0) return {.pid = pid, .socket = sockets[0]};
  ::close(sockets[0]);
  errno = why;
  return {};
}

void end(const Child& child) {
  if (child.socket >= 0) ::close(child.socket);
  if (child.pid == 0) return;
  ::kill(child.pid, SIGKILL);
  while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

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

std::size_t receive_some(int socket, void* bytes, std::size_t count, Deadline deadline) {
  for (;;) {
    const ssize_t n = ::recv(socket, bytes, count, MSG_DONTWAIT);
    if (n > 0) return static_cast<std::size_t>(n);
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) return 0;
    if (!ready(socket, POLLIN, deadline)) return 0;
  }
}

}  // namespace parvis::child
