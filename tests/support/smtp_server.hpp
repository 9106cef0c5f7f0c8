// A real mail server for tests (tests/support/smtp_server.py): starts with the object on a free
// port, ends with it. A test that needs it fails when it is not installed.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "crypto/hash.hpp"

namespace parvis::support {

class SmtpServer {
 public:
  // As the top of the script says: {"script": {"RCPT": "550 …"}, "certificate": …, "user": […]}
  explicit SmtpServer(const json::object& options = {})
      : folder_(std::filesystem::temp_directory_path() / ("parvis-smtp-" + crypto::random_hex(6))) {
    std::filesystem::create_directories(folder_);
    const std::string script = std::string(PARVIS_SOURCE_DIR) + "/tests/support/smtp_server.py";
    const std::string told = json::serialize(options);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], 1);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(125);
      ::execl("/usr/bin/python3", "python3", "-B", script.c_str(), folder_.c_str(), told.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(ends[0]);
    if (line.empty()) {
      stop();
      throw std::runtime_error(
          "the mail server of the tests does not start: run bin/setup (python3-aiosmtpd)");
    }
    port_ = line;
  }
  ~SmtpServer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  const std::string& port() const { return port_; }
  std::string url(const std::string& scheme = "smtp") const {
    return scheme + "://localhost:" + port_;
  }
  int received() const {
    int count = 0;
    while (std::filesystem::exists(folder_ / (std::to_string(count + 1) + ".json"))) ++count;
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

  // From now on nobody listens on its port.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

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
    std::ifstream in(folder_ / name, std::ios::binary);
    if (!in) throw std::runtime_error("the mail server has not received this: " + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
  pid_t process_ = 0;
  std::string port_;
};

}  // namespace parvis::support
