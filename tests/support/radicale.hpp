// A real calendar server for tests: Radicale on a free port, with one user and one calendar; starts
// with the object, ends with it. A test that needs it fails when it is not installed.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace parvis::support {

class Radicale {
 public:
  static constexpr const char* kUser = "agent";
  static constexpr const char* kPassword = "mot de passe: \"é\"";

  // With a certificate and its key, in PEM: over TLS alone.
  explicit Radicale(const std::string& certificate = "", const std::string& key = "")
      : port_(free_port()), tls_(!certificate.empty()) {
    std::string name = (std::filesystem::temp_directory_path() / "parvis-radicale-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    add_calendar("calendar");
    std::ofstream(folder_ / "users") << kUser << ':' << kPassword << '\n';
    std::ofstream(folder_ / "config")
        << "[server]\nhosts = 127.0.0.1:" << port_
        << (tls_ ? "\nssl = True\ncertificate = " + certificate + "\nkey = " + key : "")
        << "\n[auth]\ntype = htpasswd\nhtpasswd_filename = " << (folder_ / "users").string()
        << "\nhtpasswd_encryption = plain\ndelay = 0\n[rights]\ntype = owner_only\n"
        << "[storage]\nfilesystem_folder = " << folder_.string() << "\n[logging]\nlevel = error\n";
    start();
  }
  ~Radicale() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Radicale(const Radicale&) = delete;
  Radicale& operator=(const Radicale&) = delete;

  // Of a calendar of the user.
  std::string url(const std::string& calendar = "calendar") const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) + "/agent/" +
           calendar + "/";
  }
  void add_calendar(const std::string& name, const std::string& components = "VEVENT") const {
    const auto path = folder_ / "collection-root" / kUser / name;
    std::filesystem::create_directories(path);
    std::ofstream(path / ".Radicale.props")
        << R"({"tag": "VCALENDAR", "C:supported-calendar-component-set": ")" << components << "\"}";
  }
  // As if a program had put it there; quicker, since Radicale syncs each of its own to the disk.
  void add_entry(const std::string& calendar, const std::string& name,
                 const std::string& ics) const {
    std::ofstream(folder_ / "collection-root" / kUser / calendar / (name + ".ics"),
                  std::ios::binary)
        << ics;
  }

  // With what it held before.
  void start() {
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
      const int log = ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      if (log < 0) ::_exit(126);
      ::dup2(log, 1);
      ::dup2(log, 2);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(125);
      ::execl("/usr/bin/python3", "python3", "-I", "-B", "-m", "radicale", "--config",
              (folder_ / "config").c_str(), nullptr);
      ::_exit(127);
    }
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!listens()) {
      if (::waitpid(process_, nullptr, WNOHANG) == process_) {
        process_ = 0;
        throw std::runtime_error(
            "Radicale does not start: run bin/setup tests (python3-radicale)\n" + log());
      }
      if (std::chrono::steady_clock::now() > last)
        throw std::runtime_error("Radicale does not answer\n" + log());
      ::poll(nullptr, 0, 20);
    }
  }
  // From now on nobody listens on its port.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  std::string log() const {
    std::ifstream file(folder_ / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  static int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(socket);
    return ntohs(address.sin_port);
  }
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }
  bool listens() const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    const sockaddr_in address = loopback(port_);
    const bool ok =
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return ok;
  }

  int port_;
  bool tls_;
  std::filesystem::path folder_;
  pid_t process_ = 0;
};

}  // namespace parvis::support
