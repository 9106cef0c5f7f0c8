// A real server for tests, started by a script of tests/support on a free port, which it says in
// its first line: starts with the object, in a folder of its own, and ends with it. A test that
// needs it fails when it is not installed.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/json.hpp"
#include "crypto/hash.hpp"

namespace parvis::support {

class ScriptServer {
 public:
  ScriptServer(const ScriptServer&) = delete;
  ScriptServer& operator=(const ScriptServer&) = delete;

  const std::string& port() const { return port_; }

  // From now on nobody listens on its port.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, end_);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 protected:
  // options: as the top of the script says; end: the signal that ends it; missing: what to do when
  // it does not start.
  ScriptServer(const std::string& name, const json::object& options, int end,
               const std::string& missing)
      : end_(end),
        folder_(std::filesystem::temp_directory_path() /
                ("parvis-" + name + "-" + crypto::random_hex(6))) {
    std::filesystem::create_directories(folder_);
    const std::string script =
        std::string(PARVIS_SOURCE_DIR) + "/tests/support/" + name + "_server.py";
    const std::string told = json::serialize(options);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(ends[1], 1);
      ::prctl(PR_SET_PDEATHSIG, end_);
      if (::getppid() != parent) ::_exit(125);
      ::execl("/usr/bin/python3", "python3", "-B", script.c_str(), folder_.c_str(), told.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) port_ += c;
    ::close(ends[0]);
    if (port_.empty()) {
      stop();
      throw std::runtime_error("the " + name + " server of the tests does not start: " + missing);
    }
  }
  ~ScriptServer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  const int end_;
  std::filesystem::path folder_;
  pid_t process_ = 0;
  std::string port_;
};

}  // namespace parvis::support
