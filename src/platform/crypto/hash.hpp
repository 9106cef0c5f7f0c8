// Digests, random bytes and comparing secrets, by OpenSSL. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parvis::crypto {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits

// The same of bytes that come in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) = delete;
  void add(std::string_view bytes);
  std::string digest();  // 32 bytes; once, after the last piece

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// RFC 2104 with SHA-256: 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// From the system's generator; Errc::unavailable when it gives nothing.
std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t bytes);  // 2 digits a byte

std::string to_hex(std::string_view bytes);                    // lower case
std::optional<std::string> from_hex(std::string_view digits);  // either case; an even number

// Whether two texts are equal, in a time that tells their lengths and nothing else.
bool equal_in_constant_time(std::string_view a, std::string_view b);

void wipe(std::string& bytes);  // zeros that the compiler may not leave out; then empty

}  // namespace parvis::crypto
