// Sealed bytes: what only a key opens, and only where it was sealed. Pure but for the random nonce;
// thread-safe.
//
//   sealed = version (1 byte: 1) | nonce (12) | commitment (32) | ciphertext | tag (16)
//   HKDF-SHA-256(key, salt = associated, info = "parvis seal 1" | nonce) -> sub-key (32),
//   commitment (32);  AES-256-GCM(sub-key, nonce, associated, plain)
//
// Each sealing has a sub-key of its own, so the number of messages under one key is no concern (a
// bare key with random nonces may serve 2^32: NIST SP 800-38D), and GCM, which does not commit to
// its key, is made to: without the commitment one could craft bytes that open under two keys (see
// draft-gueron-cfrg-dndkgcm). An unknown version is an error, never a guess.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace parvis::crypto {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kCommitmentBytes = 32;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr char kSealVersion = 1;
inline constexpr std::size_t kSealOverhead = 1 + kNonceBytes + kCommitmentBytes + kTagBytes;
inline constexpr std::size_t kPlainMax = 64u << 20;  // bytes sealed at once; files go by chunks
inline constexpr std::size_t kHkdfMax = 255 * 32;    // RFC 5869
inline constexpr std::size_t kHkdfInfoMax = 1024;    // OpenSSL's

// 256 bits. Wiped from memory when it goes; has no printer and no comparison.
class Key {
 public:
  static Key random();
  static std::optional<Key> from_bytes(std::string_view bytes);  // kKeyBytes of them
  std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }

  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();

 private:
  Key() = default;
  std::array<char, kKeyBytes> bytes_{};
};

// RFC 5869: `length` bytes derived from a secret.
std::string hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info,
                        std::size_t length);

// Joins parts so that no other list of parts gives the same bytes: associated data of several.
std::string joined(std::initializer_list<std::string_view> parts);

enum class Refusal : std::uint8_t {
  truncated,  // shorter than any sealed bytes
  version,    // sealed by another program, probably a newer one
  mismatch,   // another key, other associated data, or an altered header
  altered,    // the ciphertext or its tag
};

// Errc::too_large past kPlainMax.
std::string seal(const Key& key, std::string_view associated, std::string_view plain);
std::expected<std::string, Refusal> open(const Key& key, std::string_view associated,
                                         std::string_view sealed);

}  // namespace parvis::crypto
