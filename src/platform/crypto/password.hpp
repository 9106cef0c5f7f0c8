// Passwords as they are stored: argon2id (RFC 9106) by libargon2, in the PHC form, which carries
// its own parameters, so that they can grow and old ones still verify:
//
//   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>        (base64 without padding)
//
// Pure but for the random salt; thread-safe. Slow on purpose, and each call takes the memory that
// the cost says: never inside a transaction, and no more at once than there are workers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"

namespace parvis::crypto {

// The least that OWASP advises for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes.
inline constexpr std::uint32_t kPasswordMemoryKib = 19 * 1024;
inline constexpr std::uint32_t kPasswordPasses = 2;
inline constexpr std::uint32_t kPasswordLanes = 1;
inline constexpr std::size_t kPasswordSaltBytes = 16;
inline constexpr std::size_t kPasswordTagBytes = 32;
// Bytes of a password. Nobody may choose one this short (identity/password_policy.hpp); the upper
// limit is that of the work a stranger can ask for.
inline constexpr std::size_t kPasswordMinBytes = 8;
inline constexpr std::size_t kPasswordMaxBytes = 1024;
// What a stored form may ask for: a row that someone altered does not take the machine's memory.
inline constexpr std::uint32_t kPasswordMemoryMaxKib = 256 * 1024;
inline constexpr std::uint32_t kPasswordPassesMax = 16;
inline constexpr std::uint32_t kPasswordLanesMax = 8;
inline constexpr std::size_t kPhcMaxBytes = 256;

struct PasswordCost {
  std::uint32_t memory_kib = kPasswordMemoryKib;
  std::uint32_t passes = kPasswordPasses;
  std::uint32_t lanes = kPasswordLanes;
  bool operator==(const PasswordCost&) const = default;
};

// The stored form under a new salt. The bytes count as they are: no truncation, no change of case
// (ASVS 6.2.8). Errc::invalid outside the lengths above; Errc::overloaded without memory for it.
std::string hash_password(const Secret<std::string>& password, PasswordCost cost = {});

// Whether it is the password of a stored form; tags are compared in constant time. A length that no
// password has, and a form that is malformed or asks for too much, are false at once.
bool verify_password(const Secret<std::string>& password, std::string_view phc);

// The cost of a stored form; nullopt when it is malformed or asks for more than the limits.
std::optional<PasswordCost> password_cost(std::string_view phc);

// Whether a stored form is not what hash_password would make today: to be made anew when its
// password is next at hand.
bool needs_rehash(std::string_view phc, PasswordCost cost = {});

}  // namespace parvis::crypto
