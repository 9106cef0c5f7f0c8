#include "child/child.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <thread>

namespace parvis::child {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSelf = "/proc/self/exe";
const Deadline kNever = Deadline::max();
Deadline soon() { return std::chrono::steady_clock::now() + 50ms; }

struct Running {
  explicit Running(const std::vector<std::string>& words) : child(start(kSelf, words)) {
    EXPECT_GT(child.pid, 0);
  }
  ~Running() { end(child); }
  Child child;
};

TEST(Child, GetsItsWordsAndASocket) {
  const Running running({"test-child", "say", "bonjour"});
  std::string said(7, '\0');
  ASSERT_TRUE(receive_all(running.child.socket, said.data(), said.size(), kNever));
  EXPECT_EQ(said, "bonjour");
  EXPECT_FALSE(receive_all(running.child.socket, said.data(), 1, kNever));  // it has ended
  EXPECT_EQ(receive_some(running.child.socket, said.data(), 1, kNever), 0u);
}

// Neither the files that are open here nor the environment, where a key may be.
TEST(Child, GetsNothingElseOfOurs) {
  ::setenv("PARVIS_CHILD_TEST", "secret", 1);
  // Without O_CLOEXEC, as a library may.
  const int file = ::fcntl(STDERR_FILENO, F_DUPFD, kSocket + 1);
  ASSERT_GT(file, kSocket);
  const Running running({"test-child", "look"});
  std::string seen(2, '\0');
  ASSERT_TRUE(receive_all(running.child.socket, seen.data(), seen.size(), kNever));
  EXPECT_EQ(seen, "..");
  ::close(file);
}

TEST(Child, PassesMoreThanASocketHolds) {
  const Running running({"test-child", "echo"});
  const std::string much(3 << 20, 'x');
  std::string back(much.size(), '\0');
  const std::jthread sender(
      [&] { EXPECT_TRUE(send_all(running.child.socket, much.data(), much.size(), kNever)); });
  EXPECT_TRUE(receive_all(running.child.socket, back.data(), back.size(), kNever));
  EXPECT_TRUE(back == much);
}

TEST(Child, DeadlinesPass) {
  const Running running({"test-child", "sleep"});
  char byte = 0;
  EXPECT_FALSE(receive_all(running.child.socket, &byte, 1, soon()));
  EXPECT_EQ(receive_some(running.child.socket, &byte, 1, soon()), 0u);
  const std::string much(3 << 20, 'x');
  EXPECT_FALSE(send_all(running.child.socket, much.data(), much.size(), soon()));
}

TEST(Child, EndsWhateverItDoes) {
  const Child child = start(kSelf, {"test-child", "sleep"});
  ASSERT_GT(child.pid, 0);
  end(child);
  EXPECT_EQ(::kill(child.pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  end({});
}

TEST(Child, AProgramThatIsNotThereIsNoChild) {
  const Child child = start("/nonexistent/program", {"x"});
  EXPECT_EQ(child.pid, 0);
  EXPECT_EQ(child.socket, -1);
  EXPECT_EQ(errno, ENOENT);
}

int serve(const std::string& what, const char* word) {
  if (what == "say") send_all(kSocket, word, std::string(word).size(), kNever);
  if (what == "look") {
    bool open = false;
    for (int file = kSocket + 1; file < 256; ++file) open |= ::fcntl(file, F_GETFD) != -1;
    const std::string seen = {open ? 'f' : '.', ::getenv("PARVIS_CHILD_TEST") ? 'e' : '.'};
    send_all(kSocket, seen.data(), seen.size(), kNever);
  }
  if (what == "echo") {
    std::string buffer(4096, '\0');
    while (const std::size_t n = receive_some(kSocket, buffer.data(), buffer.size(), kNever))
      send_all(kSocket, buffer.data(), n, kNever);
  }
  if (what == "sleep") {  // until the socket closes, and reads nothing
    const pid_t parent = ::getppid();
    while (::getppid() == parent) ::pause();
  }
  return 0;
}

}  // namespace
}  // namespace parvis::child

// The child is the same program.
int main(int argc, char** argv) {
  if (argc > 2 && std::string(argv[1]) == "test-child")
    return parvis::child::serve(argv[2], argc > 3 ? argv[3] : "");
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
