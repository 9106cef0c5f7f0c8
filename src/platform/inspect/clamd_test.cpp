// The real clamd, with two signatures of our own (there is no network to fetch others), and servers
// that are not quite clamd.
#include "inspect/clamd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

using namespace std::chrono_literals;
using Outcome = Scan::Outcome;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

constexpr const char* kProgram = "/usr/sbin/clamd";  // Debian: clamav-daemon

Source pieces(std::string bytes, std::size_t size = 10'000) {
  return [bytes = std::move(bytes), size, at = std::size_t{0}]() mutable {
    const std::string piece = at < bytes.size() ? bytes.substr(at, size) : "";
    at += piece.size();
    return piece;
  };
}

// In two parts, so that this source is not taken for it.
std::string eicar() {
  return std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-") + "ANTIVIRUS-TEST-FILE!$H+H*";
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out.push_back("0123456789abcdef"[static_cast<unsigned char>(c) >> 4]);
    out.push_back("0123456789abcdef"[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "parvis-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

// Started once for all the tests below, as a user without rights, and ended after them.
class RealClamd : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(fs::exists(kProgram)) << "clamd is not installed: run bin/setup tests";
    folder_ = new Folder;
    const fs::path& path = folder_->path;
    port_ = free_port();
    fs::create_directory(path / "signatures");
    // name:type of file:where:bytes, in hexadecimal
    std::ofstream(path / "signatures" / "parvis.ndb")
        << "Parvis.Test.Eicar:0:0:" << hex(eicar())
        << "\nParvis.Test.Word:0:*:" << hex("a harmless word that stands for a virus") << "\n";
    std::ofstream(path / "clamd.conf")
        << "DatabaseDirectory " << (path / "signatures").string() << "\nLocalSocket "
        << socket().string() << "\nTCPSocket " << port_
        << "\nTCPAddr 127.0.0.1\nTemporaryDirectory " << path.string()
        << "\nForeground yes\nStreamMaxLength 2M\nMaxThreads 2\n";
    // Root gives up its rights here rather than let clamd do it: then nothing of it ever runs as
    // root.
    const passwd* user = ::geteuid() == 0 ? ::getpwnam("nobody") : nullptr;
    if (user != nullptr) {
      ASSERT_EQ(::chown(path.c_str(), user->pw_uid, user->pw_gid), 0);
    }
    const pid_t parent = ::getpid();
    server_ = ::fork();
    if (server_ == 0) run(path, user, parent);
    wait_until_ready();
  }

  static void TearDownTestSuite() {
    if (server_ > 0) {
      ::kill(server_, SIGKILL);
      ::waitpid(server_, nullptr, 0);
    }
    delete folder_;
  }

  static fs::path socket() { return folder_->path / "clamd.sock"; }
  static Clamd local() { return Clamd({.address = "unix:" + socket().string()}); }
  static Clamd remote() { return Clamd({.address = "tcp:127.0.0.1:" + std::to_string(port_)}); }

 private:
  [[noreturn]] static void run(const fs::path& path, const passwd* user, pid_t parent) {
    const int log = ::open((path / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    ::dup2(log, 1);
    ::dup2(log, 2);
    if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                            ::setuid(user->pw_uid) != 0))
      ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(125);
    ::execl(kProgram, kProgram, "--config-file", (path / "clamd.conf").c_str(), nullptr);
    ::_exit(127);
  }
  static void wait_until_ready() {
    const auto last = std::chrono::steady_clock::now() + 60s;
    while (!local().version()) {
      if (::waitpid(server_, nullptr, WNOHANG) == server_) {
        server_ = 0;
        FAIL() << "clamd stopped: " << log();
      }
      ASSERT_LT(std::chrono::steady_clock::now(), last) << "clamd does not answer: " << log();
      ::poll(nullptr, 0, 20);
    }
  }
  static std::string log() {
    std::ifstream file(folder_->path / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static inline Folder* folder_ = nullptr;
  static inline pid_t server_ = 0;
  static inline int port_ = 0;
};

TEST_F(RealClamd, FindsWhatItKnows) {
  for (const Clamd& clamd : {local(), remote()}) {
    const Scan found = clamd.scan(pieces(eicar()));
    EXPECT_EQ(found.outcome, Outcome::found) << found.detail;
    EXPECT_THAT(found.detail, StartsWith("Parvis.Test.Eicar"));
    EXPECT_EQ(clamd.scan(pieces("Bonjour")), Scan{Outcome::clean});
    EXPECT_EQ(clamd.scan(pieces("")), Scan{Outcome::clean});
  }
}

TEST_F(RealClamd, FindsItAcrossPieces) {
  const std::string bytes = std::string(100'000, 'x') + "a harmless word that stands for a virus" +
                            std::string(900'000, 'y');
  for (const std::size_t size : {std::size_t{7'001}, std::size_t{100'010}, bytes.size()}) {
    const Scan found = local().scan(pieces(bytes, size));
    EXPECT_EQ(found.outcome, Outcome::found) << size << found.detail;
    EXPECT_THAT(found.detail, StartsWith("Parvis.Test.Word"));
  }
}

TEST_F(RealClamd, AFileThatItDoesNotTakeIsNotCalledClean) {
  const Scan scan = local().scan(pieces(std::string(4u << 20, 'x'), 64 * 1024));
  EXPECT_EQ(scan.outcome, Outcome::unavailable);
  EXPECT_THAT(scan.detail, HasSubstr("StreamMaxLength"));
}

TEST_F(RealClamd, SeveralAtOnce) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&, i] {
        const Scan scan = local().scan(pieces(i % 2 == 0 ? eicar() : "Bonjour"));
        right += scan.outcome == (i % 2 == 0 ? Outcome::found : Outcome::clean) ? 1 : 0;
      });
  }
  EXPECT_EQ(right, 6);
}

TEST_F(RealClamd, SaysWhichItIs) { EXPECT_THAT(local().version().value(), StartsWith("ClamAV ")); }

// Accepts one connection and does something with it.
class Server {
 public:
  template <typename Fn>
  explicit Server(Fn act) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    thread_ = std::jthread([this, act] {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      act(client);
      ::close(client);
    });
  }
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  fs::path path() const { return folder_.path / "s"; }
  Scan scan(std::chrono::milliseconds limit, const std::string& bytes = "x") const {
    return Clamd({.address = "unix:" + path().string(), .time_limit = limit}).scan(pieces(bytes));
  }

 private:
  Folder folder_;
  int listener_ = -1;
  std::jthread thread_;
};

void read_all(int client) {
  std::string ignored(4096, '\0');
  while (::recv(client, ignored.data(), ignored.size(), 0) > 0) {
  }
}

TEST(Clamd, OneThatDoesNotAnswerInTimeIsUnavailable) {
  const Server mute(read_all);
  EXPECT_THAT(mute.scan(200ms).detail, HasSubstr("in time"));
  // Nor does it read: sending waits, and not for ever.
  const Server deaf([](int client) {
    pollfd gone{.fd = client, .events = POLLRDHUP, .revents = 0};
    ::poll(&gone, 1, -1);
  });
  EXPECT_EQ(deaf.scan(200ms, std::string(8u << 20, 'x')).outcome, Outcome::unavailable);
}

TEST(Clamd, OneThatAnswersNonsenseIsUnavailable) {
  for (const std::string& answer : {std::string(), std::string("stream: OK"),
                                    std::string("HTTP/1.1 200 OK\0", 16), std::string(5000, 'x')}) {
    const Server server([answer](int client) {
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::shutdown(client, SHUT_WR);
      read_all(client);
    });
    EXPECT_EQ(server.scan(10s).outcome, Outcome::unavailable) << answer.substr(0, 20);
  }
}

TEST(Clamd, OneThatIsNotThereIsUnavailable) {
  const Folder folder;
  const Clamd absent({.address = "unix:" + (folder.path / "none").string()});
  EXPECT_THAT(absent.scan(pieces("x")).detail, HasSubstr("clamav-daemon"));
  EXPECT_EQ(absent.version(), std::nullopt);
  const Clamd closed({.address = "tcp:127.0.0.1:" + std::to_string(free_port())});
  EXPECT_THAT(closed.scan(pieces("x")).detail, HasSubstr("refused"));
}

TEST(Clamd, AFileLargerThanIsKeptIsNotSentWhole) {
  const Server server(read_all);
  EXPECT_EQ(server.scan(60s, std::string(kFileMax + 1, 'x')).outcome, Outcome::unavailable);
}

TEST(Clamd, WhatTheSourceThrowsPassesThrough) {
  const Server server(read_all);
  const Clamd clamd({.address = "unix:" + server.path().string()});
  EXPECT_THROW(clamd.scan([]() -> std::string { throw Error(Errc::failed, "altered"); }), Error);
}

TEST(Clamd, AddressesAreChecked) {
  for (const char* right :
       {"unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", "tcp:[::1]:3310", "tcp:::1:3310"})
    EXPECT_NO_THROW(Clamd({.address = right})) << right;
  for (const std::string& wrong :
       {std::string(), std::string("/run/clamd.ctl"), std::string("unix:clamd.ctl"),
        std::string("tcp:localhost:3310"), std::string("tcp:127.0.0.1"),
        std::string("tcp:127.0.0.1:"), std::string("tcp:127.0.0.1:0"),
        std::string("tcp:127.0.0.1:65536"), std::string("tcp::3310"),
        "unix:/" + std::string(200, 'x')}) {
    try {
      const Clamd clamd({.address = wrong});
      ADD_FAILURE() << wrong;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::invalid);
    }
  }
}

TEST(Clamd, AnswersAreRead) {
  EXPECT_EQ(parse_answer("stream: OK"), Scan{Outcome::clean});
  EXPECT_EQ(parse_answer("stream: Win.Test.EICAR_HDB-1 FOUND"),
            (Scan{Outcome::found, "Win.Test.EICAR_HDB-1"}));
  EXPECT_EQ(parse_answer("stream: a\nb\x1b FOUND").detail, "a_b_");
  EXPECT_EQ(parse_answer("stream: " + std::string(900, 'a') + " FOUND").detail.size(), kVirusMax);
  for (const char* other : {"", "OK", "stream: OK ", "stream:  FOUND", "stream: FOUND",
                            "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND"})
    EXPECT_EQ(parse_answer(other).outcome, Outcome::unavailable) << other;
}

}  // namespace
}  // namespace parvis::inspect
