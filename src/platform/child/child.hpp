// A child process of the same program, for what may crash or must not stand beside keys: it gets
// one socket, standard error and nothing else of ours, not even the environment. main calls the
// child's side first thing, by the hidden argument that names it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace parvis::child {

using Deadline = std::chrono::steady_clock::time_point;

inline constexpr int kSocket = 3;  // the child's end

struct Child {
  pid_t pid = 0;
  int socket = -1;  // ours
};

// Runs `program words…`; pid 0 and no socket when that is not possible (errno says why). With
// "/proc/self/exe" as program it is this one.
Child start(const std::filesystem::path& program, const std::vector<std::string>& words);
// Closes the socket, kills and buries it. Either part may be absent.
void end(const Child& child);

// Whole or not at all: false when the socket closes or the deadline passes. For sockets of every
// kind.
bool send_all(int socket, const void* bytes, std::size_t count, Deadline deadline);
bool receive_all(int socket, void* bytes, std::size_t count, Deadline deadline);
// What is there, up to `count` bytes, once there is something; 0 when the socket closes or the
// deadline passes.
std::size_t receive_some(int socket, void* bytes, std::size_t count, Deadline deadline);

}  // namespace parvis::child
