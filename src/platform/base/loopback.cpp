#include "base/loopback.hpp"

#include <algorithm>

namespace parvis {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
          std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }));
}

}  // namespace parvis
