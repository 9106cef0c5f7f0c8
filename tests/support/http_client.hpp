// A test's HTTP/1.1 client: raw bytes over a blocking socket, so a test can also be malformed, slow
// or half-open. Every read gives up after kPatience, as a test failure, never a hang.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parvis::test {

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view lower_name) const {  // the first; empty when absent
    for (const auto& [key, value] : headers)
      if (key == lower_name) return value;
    return {};
  }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
 public:
  static constexpr int kPatience = 20;  // seconds; generous for sanitizers on a busy machine

  explicit HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  explicit HttpClient(const std::string& unix_path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, unix_path.c_str(), sizeof to.sun_path - 1);
    connect(reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void half_close() { ::shutdown(socket_, SHUT_WR); }

  // Reads one response; `method` HEAD has no body. Nothing when the server closed first.
  std::optional<Reply> read(std::string_view method = "GET") {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return std::nullopt;
    Reply reply;
    std::string_view head = std::string_view(buffer_).substr(0, end);
    if (head.size() > 12) reply.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    for (std::size_t line = head.find("\r\n"); line != std::string_view::npos;) {
      head.remove_prefix(line + 2);
      line = head.find("\r\n");
      const std::string_view field = head.substr(0, line);
      const std::size_t colon = field.find(':');
      if (colon == std::string_view::npos) continue;
      std::string key(field.substr(0, colon));
      for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      std::string_view value = field.substr(colon + 1);
      while (value.starts_with(' ')) value.remove_prefix(1);
      reply.headers.emplace_back(std::move(key), value);
    }
    buffer_.erase(0, end + 4);
    const bool bodiless =
        method == "HEAD" || reply.status < 200 || reply.status == 204 || reply.status == 304;
    if (bodiless) return reply;
    const std::size_t length = std::strtoul(reply.header("content-length").c_str(), nullptr, 10);
    while (buffer_.size() < length)
      if (!more()) return std::nullopt;
    reply.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return reply;
  }

  // Sends a well-formed request and reads its response; throws when there is none.
  Reply request(std::string_view method, std::string_view target, const Fields& fields = {},
                std::string_view body = {}) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n");
    for (const auto& [key, value] : fields) text.append(key + ": " + value + "\r\n");
    if (!body.empty() || method == "POST" || method == "PUT")
      text.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
    text.append("\r\n").append(body);
    send(text);
    auto reply = read(method);
    if (!reply) throw std::runtime_error("no response to " + text.substr(0, text.find('\r')));
    return *std::move(reply);
  }
  Reply get(std::string_view target, const Fields& fields = {}) {
    return request("GET", target, fields);
  }
  Reply post(std::string_view target, std::string_view body,
             std::string type = "application/json") {
    return request("POST", target, {{"Content-Type", std::move(type)}}, body);
  }

  // For what has no length: the bytes up to `mark`, which is dropped. Nothing when the server
  // closed and left nothing; throws when it closed in between.
  std::optional<std::string> until(std::string_view mark) {
    std::size_t end = 0;
    while ((end = buffer_.find(mark)) == std::string::npos) {
      if (more()) continue;
      if (buffer_.empty()) return std::nullopt;
      throw std::runtime_error("cut after " + buffer_.substr(0, 80));
    }
    std::string bytes = buffer_.substr(0, end);
    buffer_.erase(0, end + mark.size());
    return bytes;
  }

  // Waits until the server closes; false when it sent bytes instead.
  bool closed() {
    if (!buffer_.empty()) return false;
    return !more();
  }

 private:
  void connect(const sockaddr* to, socklen_t size) {
    const timeval patience{kPatience, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket_, to, size) != 0)
      throw std::runtime_error(std::string("cannot connect: ") + std::strerror(errno));
  }

  bool more() {
    char bytes[16384];
    const ssize_t n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      throw std::runtime_error("the server neither answers nor closes");
    if (n <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }

  int socket_;
  std::string buffer_;
};

}  // namespace parvis::test
