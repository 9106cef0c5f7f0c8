// Digests and random bytes, by OpenSSL. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace parvis::crypto {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits
std::string random_hex(std::size_t bytes);       // from the system's generator; 2 digits a byte

}  // namespace parvis::crypto
