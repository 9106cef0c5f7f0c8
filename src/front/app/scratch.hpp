// What a drill plays with: a home of its own, other processes of this same program, and requests to
// the server among them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::app {

// This program, run with other arguments. Killed and waited for when destroyed.
class Child {
 public:
  // output: where its two streams are appended. file_bytes: no file of it grows past that (as on a
  // full disk); 0: no limit.
  Child(const std::vector<std::string>& arguments, std::filesystem::path output,
        std::uint64_t file_bytes = 0);
  Child(const Child&) = delete;
  ~Child();

  void signal(int number) const;
  int wait();                // the exit code; 128 + the signal that ended it
  std::uint16_t port();      // of a `serve`, once it listens; throws Error when it ends instead
  std::string said() const;  // all it wrote

 private:
  bool ended();

  std::filesystem::path output_;
  pid_t pid_ = 0;
  int status_ = 0;
};

// A home in the temporary folder, removed at the end.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  ~Scratch();

  std::filesystem::path home() const { return folder_ / "home"; }
  // Lines for a configuration file that each child reads.
  void configure(std::string_view toml) const;
  std::vector<std::string> with_home(std::vector<std::string> command) const;
  std::filesystem::path output();  // a new file
  // `count` questions, "sujet7" and the like, whose answers all name the version.
  std::filesystem::path faq(int version, int count) const;

 private:
  std::filesystem::path folder_;
  int outputs_ = 0;
};

struct Reply {
  int status = 0;  // 0: no answer came
  bool retry_after = false;
  std::string body;
};
// One request on a connection of its own. token: of a conversation or a case.
Reply call(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view json = "", std::string_view token = "",
           std::string_view idempotency_key = "");

}  // namespace parvis::app
