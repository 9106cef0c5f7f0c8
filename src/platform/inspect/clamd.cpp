#include "inspect/clamd.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "child/child.hpp"
#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

using child::Deadline;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::string_view kStream = "stream: ";

Scan unavailable(std::string why) { return {Scan::Outcome::unavailable, std::move(why)}; }

// Names come from whoever wrote the signatures, and go to logs.
std::string tame(std::string_view name) {
  std::string out(name.substr(0, kVirusMax));
  for (char& c : out)
    if (c <= ' ' || c > '~') c = '_';
  return out;
}

bool connected(int socket, const sockaddr* address, socklen_t size, Deadline deadline) {
  if (::connect(socket, address, size) == 0) return true;
  if (errno != EINPROGRESS) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd poll{.fd = socket, .events = POLLOUT, .revents = 0};
  const int n = ::poll(&poll, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  int error = ETIMEDOUT;
  socklen_t length = sizeof error;
  if (n == 1 && ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  errno = error;
  return error == 0;
}

}  // namespace

class Clamd::Connection {
 public:
  Connection(const Clamd& clamd) : deadline_(Clock::now() + clamd.config_.time_limit) {
    const Deadline limit = std::min(deadline_, Clock::now() + clamd.config_.connect_limit);
    if (const auto* local = std::get_if<Unix>(&clamd.address_)) {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      local->path.copy(address.sun_path, sizeof address.sun_path - 1);
      open(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address, limit);
    } else {
      const auto& remote = std::get<Tcp>(clamd.address_);
      addrinfo hints{};
      hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // no name is looked up: that may take long
      hints.ai_socktype = SOCK_STREAM;
      addrinfo* found = nullptr;
      CHECK(::getaddrinfo(remote.host.c_str(), remote.port.c_str(), &hints, &found) == 0);
      open(found->ai_family, found->ai_addr, found->ai_addrlen, limit);
      ::freeaddrinfo(found);
    }
  }
  ~Connection() {
    if (socket_ >= 0) ::close(socket_);
  }
  Connection(Connection&&) = delete;

  const std::string& error() const { return error_; }  // why there is none
  bool send(std::string_view bytes) const {
    return child::send_all(socket_, bytes.data(), bytes.size(), deadline_);
  }
  // Up to its NUL; nothing when it does not come, or goes on too long.
  std::optional<std::string> answer() const {
    std::string answer;
    while (answer.size() < kAnswerMax) {
      std::string more(kAnswerMax, '\0');
      more.resize(child::receive_some(socket_, more.data(), more.size(), deadline_));
      if (more.empty()) return std::nullopt;
      answer += more;
      if (const std::size_t end = answer.find('\0'); end != std::string::npos)
        return answer.substr(0, end);
    }
    return std::nullopt;
  }

 private:
  void open(int family, const sockaddr* address, socklen_t size, Deadline limit) {
    socket_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0 || !connected(socket_, address, size, limit))
      error_ = std::string("clamd cannot be reached (") + std::strerror(errno) +
               "): is clamav-daemon running, and is its address right?";
  }
  Deadline deadline_;
  int socket_ = -1;
  std::string error_;
};

Scan parse_answer(std::string_view answer) {
  if (answer == "stream: OK") return {Scan::Outcome::clean};
  if (answer.starts_with("INSTREAM size limit exceeded"))
    return unavailable("clamd takes no file of this size: raise StreamMaxLength in clamd.conf");
  constexpr std::string_view kFound = " FOUND";
  if (answer.starts_with(kStream) && answer.ends_with(kFound) &&
      answer.size() > kStream.size() + kFound.size()) {
    answer.remove_prefix(kStream.size());
    answer.remove_suffix(kFound.size());
    return {Scan::Outcome::found, tame(answer)};
  }
  return unavailable("clamd answered: " + tame(answer));
}

Clamd::Clamd(const ClamdConfig& config) : config_(config) {
  const Error wrong(Errc::invalid,
                    "the address of clamd is unix:PATH or tcp:ADDRESS:PORT, with an IP address: " +
                        config.address);
  std::string_view text = config.address;
  if (text.starts_with("unix:/")) {
    const std::string path(text.substr(5));
    if (path.size() >= sizeof(sockaddr_un{}.sun_path)) throw wrong;
    address_ = Unix{path};
    return;
  }
  const std::size_t colon = text.rfind(':');
  if (!text.starts_with("tcp:") || colon < 5 || colon == std::string_view::npos) throw wrong;
  std::string host(text.substr(4, colon - 4));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string port(text.substr(colon + 1));
  in6_addr ignored{};
  const bool numeric = ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
                       ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
  const bool number = !port.empty() && port.size() <= 5 &&
                      std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }) &&
                      std::stoi(port) > 0 && std::stoi(port) < 65'536;
  if (!numeric || !number) throw wrong;
  address_ = Tcp{host, port};
}

Scan Clamd::scan(const Source& source) const {
  const Connection connection(*this);
  if (!connection.error().empty()) return unavailable(connection.error());
  bool sent = connection.send(std::string_view("zINSTREAM\0", 10));
  std::size_t total = 0;
  for (std::string piece = source(); sent && !piece.empty(); piece = source()) {
    total += piece.size();
    if (total > kFileMax) return unavailable("a file larger than is ever kept");
    for (std::string_view left = piece; sent && !left.empty();) {
      const std::string_view part = left.substr(0, kPiece);
      const auto size = htonl(static_cast<std::uint32_t>(part.size()));
      sent = connection.send({reinterpret_cast<const char*>(&size), sizeof size}) &&
             connection.send(part);
      left.remove_prefix(part.size());
    }
  }
  if (sent) connection.send(std::string_view("\0\0\0\0", 4));
  // It says why it takes no more, and closes: the answer may be there though sending failed.
  const auto answer = connection.answer();
  return answer ? parse_answer(*answer)
                : unavailable("clamd did not answer in time: is this machine overloaded?");
}

std::optional<std::string> Clamd::version() const {
  const Connection connection(*this);
  if (!connection.error().empty() || !connection.send(std::string_view("zVERSION\0", 9)))
    return std::nullopt;
  auto answer = connection.answer();
  if (!answer || !answer->starts_with("ClamAV ")) return std::nullopt;
  for (char& c : *answer)
    if (c < ' ' || c > '~') c = '_';
  return answer;
}

}  // namespace parvis::inspect
