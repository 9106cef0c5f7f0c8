// A real mail server for tests (tests/support/smtp_server.py).
#pragma once

#include <cstdint>
#include <fstream>
#include <string_view>

#include "support/script_server.hpp"

namespace parvis::support {

class SmtpServer : public ScriptServer {
 public:
  // {"script": {"RCPT": "550 …"}, "certificate": …, "user": […]}
  explicit SmtpServer(const json::object& options = {})
      : ScriptServer("smtp", options, SIGKILL, "run bin/setup (python3-aiosmtpd)") {}

  std::string url(const std::string& scheme = "smtp") const {
    return scheme + "://localhost:" + port();
  }
  int received() const {
    int count = 0;
    while (std::filesystem::exists(folder() / (std::to_string(count + 1) + ".json"))) ++count;
    return count;
  }
  json::object record(int n = 1) const {
    return parse_json(file(std::to_string(n) + ".json")).value().as_object();
  }
  // What the first part of that type holds; empty when there is none.
  std::string part(int n, std::string_view type) const {
    for (const json::value& each : record(n).at("parts").as_array())
      if (string_at(each.as_object(), "type") == type)
        return from_base64(string_at(each.as_object(), "bytes").value_or(""));
    return {};
  }
  std::string bytes(int n = 1) const { return file(std::to_string(n) + ".eml"); }

 private:
  static std::string from_base64(std::string_view text) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
      const std::size_t six = kLetters.find(c);
      if (six == std::string_view::npos) break;  // '='
      bits = bits << 6U | static_cast<std::uint32_t>(six);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
    return out;
  }
  std::string file(const std::string& name) const {
    std::ifstream in(folder() / name, std::ios::binary);
    if (!in) throw std::runtime_error("the mail server has not received this: " + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

}  // namespace parvis::support
