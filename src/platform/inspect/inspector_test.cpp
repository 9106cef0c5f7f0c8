// Files through the child process, and children that misbehave.
#include "inspect/inspector.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "child/child.hpp"
#include "inspect/fixtures_for_tests.hpp"
#include "inspect/image.hpp"
#include "inspect/sandbox.hpp"

namespace parvis::inspect {
namespace {

using namespace std::chrono_literals;
using fixtures::page;
using fixtures::pdf;

Source pieces(std::string bytes, std::size_t size = 10'000) {
  return [bytes = std::move(bytes), size, at = std::size_t{0}]() mutable {
    const std::string piece = at < bytes.size() ? bytes.substr(at, size) : "";
    at += piece.size();
    return piece;
  };
}

struct Inspected {
  Report report;
  std::string kept;
};

Inspected inspected(const std::string& bytes, InspectorConfig config = {.time_limit = 120s}) {
  Inspector inspector(std::move(config));
  Inspected result;
  result.report =
      inspector.inspect(pieces(bytes), [&](std::string_view piece) { result.kept += piece; });
  return result;
}

// This program, run under the name of how it misbehaves (see main).
struct Misbehaving {
  explicit Misbehaving(const std::string& how) {
    std::string name = (std::filesystem::temp_directory_path() / "parvis-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    program = folder / how;
    std::filesystem::create_symlink(std::filesystem::read_symlink("/proc/self/exe"), program);
  }
  ~Misbehaving() { std::filesystem::remove_all(folder); }
  std::filesystem::path folder, program;
};

TEST(Inspector, AnImageIsWrittenAnewWithoutItsMetadata) {
  const std::string sent = fixtures::with_exif(encode(Type::jpeg, page(600, 400)), 6);
  const Inspected found = inspected(sent);
  EXPECT_EQ(found.report, (Report{.type = Type::jpeg,
                                  .mime = "image/jpeg",
                                  .width = 400,
                                  .height = 600,
                                  .kept = Type::jpeg,
                                  .rewritten = static_cast<std::uint32_t>(found.kept.size())}));
  EXPECT_FALSE(found.kept.contains(fixtures::kPlace));
  const auto pixels = decode(Type::jpeg, found.kept);
  ASSERT_TRUE(pixels);
  EXPECT_EQ(pixels->width, 400u);
}

TEST(Inspector, ALargeImageComesThrough) {
  Pixels noisy = page(2000, 1500);  // so that it does not compress
  std::uint32_t x = 1;
  for (char& byte : noisy.rgb) byte = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  const std::string sent = encode(Type::png, noisy);
  ASSERT_GT(sent.size(), 8u << 20);
  const Inspected found = inspected(sent);
  EXPECT_EQ(found.report.refusal, Refusal::none);
  ASSERT_EQ(found.kept.size(), found.report.rewritten);
  EXPECT_TRUE(decode(Type::png, found.kept)->rgb == noisy.rgb);
}

TEST(Inspector, ALargePngIsAPhotoAndIsKeptAsOne) {
  const Inspected found = inspected(encode(Type::png, page(4000, 2501)));
  EXPECT_EQ(found.report.type, Type::png);
  EXPECT_EQ(found.report.kept, Type::jpeg);
  EXPECT_EQ(decode(Type::jpeg, found.kept)->width, 4000u);
  EXPECT_EQ(inspected(encode(Type::png, page(4000, 2500))).report.kept, Type::png);
}

TEST(Inspector, APdfIsKeptAsItIs) {
  const Inspected found = inspected(pdf("", 2));
  EXPECT_EQ(found.report,
            (Report{.type = Type::pdf, .mime = "application/pdf", .pages = 2, .kept = Type::pdf}));
  EXPECT_EQ(found.kept, "");
  EXPECT_EQ(inspected(pdf("/OpenAction << /S /JavaScript /JS (x) >>")).report.refusal,
            Refusal::active);
}

TEST(Inspector, TheContentSaysWhatAFileIs) {
  const auto seen = [](const std::string& bytes) { return inspected(bytes).report; };
  EXPECT_EQ(seen("").refusal, Refusal::empty);
  EXPECT_EQ(seen("Bonjour, je voudrais").mime, "text/plain");
  EXPECT_EQ(seen("Bonjour, je voudrais").refusal, Refusal::type);
  EXPECT_EQ(seen("<!DOCTYPE html><html><script>alert(1)</script></html>").mime, "text/html");
  EXPECT_EQ(seen(std::string("\0\0\0\x18"
                             "ftypheic\0\0\0\0mif1heic",
                             24))
                .mime,
            "image/heic");
  EXPECT_EQ(seen("GIF89a" + std::string(100, 'x')).mime, "image/gif");
  EXPECT_EQ(seen("PK\x03\x04" + std::string(100, '\0')).mime, "application/zip");
  EXPECT_EQ(seen(std::string(5000, '\0')).refusal, Refusal::type);
  EXPECT_EQ(seen("%PDF-1.7\nno more").refusal, Refusal::unreadable);
  EXPECT_EQ(seen(encode(Type::jpeg, page()).substr(0, 3000)).refusal, Refusal::unreadable);
  EXPECT_EQ(seen(encode(Type::png, fixtures::plain(300, 300, '\xFF'))).refusal, Refusal::blank);
}

TEST(Inspector, AFileHasALimit) {
  EXPECT_EQ(inspected(std::string(kFileMax + 1, 'x')).report.refusal, Refusal::too_large);
}

TEST(Inspector, AChildThatMisbehavesIsAFileThatIsUnreadable) {
  for (const char* how :
       {"crashes-first", "crashes-late", "says-nonsense", "says-too-much", "promises-too-much"}) {
    const Misbehaving child(how);
    const Inspected found = inspected(pdf(), {.time_limit = 120s, .program = child.program});
    EXPECT_EQ(found.report, Report{.refusal = Refusal::unreadable}) << how;
  }
}

TEST(Inspector, AChildThatHangsIsEndedInTime) {
  for (const char* how : {"hangs-reading", "hangs-answering"}) {
    const Misbehaving child(how);
    // More than a socket holds, so that sending waits too.
    const std::string sent(4u << 20, 'x');
    const Inspected found = inspected(sent, {.time_limit = 1500ms, .program = child.program});
    EXPECT_EQ(found.report.refusal, Refusal::unreadable) << how;
  }
}

TEST(Inspector, AMachineThatCannotLookSaysSo) {
  const Misbehaving silent("does-not-start");
  for (const std::filesystem::path& program :
       {std::filesystem::path("/nonexistent"), silent.program}) {
    try {
      inspected(pdf(), {.program = program});
      ADD_FAILURE() << program;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Errc::unavailable);
    }
  }
}

TEST(Inspector, WhatTheSourceThrowsPassesThrough) {
  Inspector inspector({.time_limit = 120s});
  EXPECT_THROW(inspector.inspect([]() -> std::string { throw Error(Errc::failed, "altered"); },
                                 [](std::string_view) {}),
               Error);
}

TEST(Inspector, SomeWorkAtOnceTheOthersWaitInVain) {
  const Misbehaving child("hangs-reading");
  Inspector inspector(
      {.children = 1, .patience = 0ms, .time_limit = 120s, .program = child.program});
  std::promise<void> begun;
  std::promise<void> may_end;
  std::jthread first([&] {
    bool once = true;
    inspector.inspect(
        [&]() -> std::string {
          if (std::exchange(once, false)) {
            begun.set_value();
            may_end.get_future().wait();
          }
          return "";
        },
        [](std::string_view) {});
  });
  begun.get_future().wait();
  try {
    inspector.inspect(pieces("x"), [](std::string_view) {});
    ADD_FAILURE() << "it did not wait";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::overloaded);
  }
  may_end.set_value();
}

// What a child that was taken over can still do, told by such a child: nothing of this.
TEST(Sandbox, HoldsNothingButItsSocketAndMemory) {
  const Misbehaving program("tries-everything");
  const child::Child child = child::start(program.program, {std::string(kChildCommand)});
  ASSERT_GT(child.pid, 0);
  std::string done(13, '?');
  const bool told =
      child::receive_all(child.socket, done.data(), done.size(), child::Deadline::max());
  child::end(child);
  ASSERT_TRUE(told);
  EXPECT_EQ(done, kSanitized ? "............M" : ".............");  // sandbox.hpp says why
}

// The child's side of the tests above: one letter for whatever succeeded.
int try_everything() {
  if (!enter_sandbox()) return 1;
  std::string done;
  const auto tried = [&](bool succeeded, char letter) { done.push_back(succeeded ? letter : '.'); };
  tried(::open("/etc/passwd", O_RDONLY) >= 0, 'o');
  tried(::open("/proc/self/maps", O_RDONLY) >= 0, 'p');
  tried(::socket(AF_INET, SOCK_STREAM, 0) >= 0, 's');
  tried(::socket(AF_UNIX, SOCK_STREAM, 0) >= 0, 'u');
  tried(::fork() >= 0, 'f');
  char* const nothing[] = {nullptr};
  tried(::execve("/bin/true", nothing, nothing) == 0, 'x');
  tried(::kill(::getppid(), 0) == 0, 'k');
  tried(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
            MAP_FAILED,
        'm');
  tried(::unlink("/tmp/parvis-nothing") == 0 || errno == ENOENT, 'd');
  tried(::chdir("/") == 0, 'c');
  rlimit limit{};
  tried(::getrlimit(RLIMIT_CPU, &limit) == 0, 'l');  // neither known nor changed any more
  limit = {.rlim_cur = 1, .rlim_max = 1};
  tried(::setrlimit(RLIMIT_CPU, &limit) == 0, 'r');
  tried(::mmap(nullptr, kMemoryMax, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED,
        'M');
  child::send_all(child::kSocket, done.data(), done.size(), child::Deadline::max());
  ::_exit(0);
}

int misbehave(std::string_view how) {
  const auto say = [](const void* bytes, std::size_t count) {
    child::send_all(child::kSocket, bytes, count, child::Deadline::max());
  };
  const auto wait_for_the_end = [] {
    std::string ignored(1 << 16, '\0');
    std::uint32_t size = 0;
    while (child::receive_all(child::kSocket, &size, sizeof size, child::Deadline::max()) &&
           size > 0)
      child::receive_all(child::kSocket, ignored.data(), size, child::Deadline::max());
  };
  const auto report = [&](std::string_view bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    say(&size, sizeof size);
    say(bytes.data(), bytes.size());
  };
  if (how == "does-not-start") return 1;
  if (how == "tries-everything") return try_everything();
  say(&kReady, sizeof kReady);
  if (how == "crashes-first") ::raise(SIGKILL);
  if (how == "hangs-reading")
    for (;;) ::pause();
  wait_for_the_end();
  if (how == "crashes-late") ::raise(SIGKILL);
  if (how == "says-nonsense") report(std::string(100, '\xFF'));
  if (how == "says-too-much") report(std::string(1 << 20, 'x'));
  if (how == "promises-too-much")  // an image, of which half comes
    report(encode(Report{.type = Type::png,
                         .mime = "image/png",
                         .width = 9,
                         .height = 9,
                         .kept = Type::png,
                         .rewritten = 1000})),
        say(std::string(500, 'x').data(), 500);
  if (how == "hangs-answering")
    for (;;) ::pause();
  return 0;
}

}  // namespace
}  // namespace parvis::inspect

// The child is the same program; under another name it misbehaves.
int main(int argc, char** argv) {
  using namespace parvis::inspect;
  if (argc > 1 && argv[1] == kChildCommand) {
    const std::string name = std::filesystem::path(argv[0]).filename();
    return name == "exe" ? run_child(argc, argv) : misbehave(name);
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
