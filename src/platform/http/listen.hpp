// Where to listen, as a person writes it. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace parvis::http {

struct Listen {
  std::string address;     // an IP address, or the path of the socket
  std::uint16_t port = 0;  // 0: any free one; unused for a Unix socket
  bool unix_socket = false;
};

// "127.0.0.1:8080", "[::1]:0", "localhost:8080" or "unix:/run/parvis.sock".
std::expected<Listen, Problem> parse_listen(std::string_view text);

}  // namespace parvis::http
