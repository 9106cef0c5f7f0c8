// A real mailbox for tests (tests/support/imap_server.py): starts with the object on a free port,
// ends with it. A test that needs it fails when it is not installed.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "base/json.hpp"
#include "crypto/hash.hpp"

namespace parvis::support {

class ImapServer {
 public:
  // As the top of the script says.
  explicit ImapServer(const json::object& options = {})
      : folder_(std::filesystem::temp_directory_path() / ("parvis-imap-" + crypto::random_hex(6))) {
    std::filesystem::create_directories(folder_);
    const std::string script = std::string(PARVIS_SOURCE_DIR) + "/tests/support/imap_server.py";
    const std::string told = json::serialize(options);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], 1);
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
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
          "the mailbox of the tests does not start: run bin/setup tests (dovecot-imapd)");
    }
    port_ = line;
  }
  ~ImapServer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ImapServer(const ImapServer&) = delete;
  ImapServer& operator=(const ImapServer&) = delete;

  std::string url(const std::string& scheme = "imap") const {
    return scheme + "://localhost:" + port_;
  }

  // A mail that came.
  void put(const std::string& bytes) {
    const std::string name = std::to_string(++count_) + ".parvis.test";
    std::ofstream(folder_ / "mail/tmp" / name, std::ios::binary) << bytes;
    std::filesystem::permissions(folder_ / "mail/tmp" / name, std::filesystem::perms(0666));
    std::filesystem::rename(folder_ / "mail/tmp" / name, folder_ / "mail/new" / name);
  }
  // How many lie in a folder: "" is the inbox, "Parvis.repris" another.
  std::size_t count(const std::string& name = "") const {
    std::size_t found = 0;
    const auto where = folder_ / "mail" / (name.empty() ? "" : "." + name);
    for (const char* part : {"new", "cur"})
      if (std::filesystem::exists(where / part))
        for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(where / part))
          ++found;
    return found;
  }

  // From now on nobody listens on its port.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
  std::string port_;
  int count_ = 0;
};

}  // namespace parvis::support
