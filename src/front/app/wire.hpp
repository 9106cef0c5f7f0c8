// A blocking socket that is read up to a mark, and a client of event streams over it. For
// benchmarks: one thread each, no buffer but what was not asked for yet. What takes longer than
// kWirePatience throws Error(unavailable).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace parvis::app {

inline constexpr std::chrono::seconds kWirePatience{30};

class Wire {
 public:
  explicit Wire(int socket);                // takes it over
  static Wire connect(std::uint16_t port);  // to this machine
  Wire(Wire&& other) noexcept;
  Wire& operator=(Wire&&) = delete;
  ~Wire();

  void send(std::string_view bytes);
  std::string until(std::string_view mark);  // which is dropped

 private:
  int socket_;
  std::string buffer_;
};

// Asks for a stream of events and reads the head of the answer. Throws Error(unavailable) when it
// is refused. token: of a conversation, or empty.
void open_stream(Wire& wire, std::string_view target, std::string_view token);

// The next event, its lines without the empty one that ends it. Comments are left out.
std::string next_event(Wire& wire);

}  // namespace parvis::app
