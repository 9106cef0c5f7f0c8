// Whether the host of an address is this machine, to which a password may travel in the clear.
// Pure.
#pragma once

#include <string_view>

namespace parvis {

// "localhost", "[::1]" or 127.x.y.z in digits: 127.evil.example is somebody else's machine.
bool is_loopback(std::string_view host);

}  // namespace parvis
