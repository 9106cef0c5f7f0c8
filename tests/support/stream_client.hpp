// A test's client of server-sent events: raw bytes over a blocking socket, read as the HTML
// standard §9.2 says, except that comments and retry: are given too. Every wait gives up after
// HttpClient::kPatience, as a test failure, never a hang.
#pragma once

#include "support/http_client.hpp"

namespace parvis::test {

struct Heard {
  std::string id;       // of this block; empty when it had none
  std::string type;     // empty: "message"
  std::string data;     // its lines joined by LF
  std::string comment;  // what followed ':'
  std::string retry;
  bool operator==(const Heard&) const = default;
};

class StreamClient {
 public:
  // Sends GET and reads the head of the answer.
  StreamClient(std::uint16_t port, std::string_view target, const Fields& fields = {})
      : StreamClient(port) {
    open(target, fields);
  }
  // Connects only.
  explicit StreamClient(std::uint16_t port) : http_(port) {}

  void open(std::string_view target, const Fields& fields = {}) {
    std::string text = "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
    for (const auto& [key, value] : fields) text.append(key + ": " + value + "\r\n");
    http_.send(text + "\r\n");
    auto head = http_.read();
    if (!head) throw std::runtime_error("no response to " + text.substr(0, text.find('\r')));
    head_ = *std::move(head);
  }
  const Reply& head() const { return head_; }  // the whole answer when it is no stream

  // The next block; nothing when the server has closed. Throws when it was cut inside a block.
  std::optional<Heard> next() {
    const auto block = http_.until("\n\n");
    if (!block) return std::nullopt;
    Heard heard;
    bool first = true;
    for (std::string_view rest = *block; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      const std::size_t colon = line.find(':');
      const std::string_view field = line.substr(0, colon);
      std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
      if (value.starts_with(' ')) value.remove_prefix(1);
      if (line.starts_with(':')) heard.comment = value;
      if (field == "id") heard.id = value;
      if (field == "event") heard.type = value;
      if (field == "retry") heard.retry = value;
      if (field != "data") continue;
      heard.data.append(std::exchange(first, false) ? "" : "\n").append(value);
    }
    return heard;
  }
  // The same, but for pings.
  std::optional<Heard> next_event() {
    for (;;) {
      auto heard = next();
      if (!heard || heard->comment.empty()) return heard;
    }
  }
  bool closed() { return http_.closed(); }  // false when the server sent more instead
  HttpClient& http() { return http_; }

 private:
  HttpClient http_;
  Reply head_;
};

}  // namespace parvis::test
