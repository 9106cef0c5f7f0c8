#include "crypto/password.hpp"

#include <argon2.h>

#include <charconv>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::crypto {
namespace {

bool length_possible(const Secret<std::string>& password) {
  const std::size_t size = password.reveal().size();
  return size >= kPasswordMinBytes && size <= kPasswordMaxBytes;
}

bool skip(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Digits without a leading zero, from 1 to `most`.
bool number(std::string_view& text, std::uint32_t most, std::uint32_t& out) {
  if (text.starts_with('0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || out > most) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// The number of bytes that base64 without padding stands for, up to a '$' or the end.
std::optional<std::size_t> base64_bytes(std::string_view& text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t size = std::min(text.find_first_not_of(kAlphabet), text.size());
  text.remove_prefix(size);
  if (size % 4 == 1) return std::nullopt;
  return size * 3 / 4;
}

struct Phc {
  PasswordCost cost;
  std::size_t salt_bytes, tag_bytes;
};

// Stricter than libargon2's own reading, and bounded.
std::optional<Phc> read_phc(std::string_view text) {
  if (text.size() > kPhcMaxBytes) return std::nullopt;
  Phc out{};
  if (!skip(text, "$argon2id$v=19$m=") ||
      !number(text, kPasswordMemoryMaxKib, out.cost.memory_kib) || !skip(text, ",t=") ||
      !number(text, kPasswordPassesMax, out.cost.passes) || !skip(text, ",p=") ||
      !number(text, kPasswordLanesMax, out.cost.lanes) || !skip(text, "$"))
    return std::nullopt;
  const auto salt = base64_bytes(text);
  if (!skip(text, "$")) return std::nullopt;
  const auto tag = base64_bytes(text);
  if (!text.empty() || !salt || !tag) return std::nullopt;
  if (*salt < ARGON2_MIN_SALT_LENGTH || *tag < kPasswordSaltBytes) return std::nullopt;
  out.salt_bytes = *salt;
  out.tag_bytes = *tag;
  return out;
}

}  // namespace

std::string hash_password(const Secret<std::string>& password, PasswordCost cost) {
  if (!length_possible(password))
    throw Error(Errc::invalid, "a password has 8 to 1024 bytes: choose another");
  CHECK(cost.memory_kib <= kPasswordMemoryMaxKib && cost.passes <= kPasswordPassesMax &&
        cost.lanes <= kPasswordLanesMax);
  const std::string salt = random_bytes(kPasswordSaltBytes);
  std::string phc(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, kPasswordSaltBytes,
                                    kPasswordTagBytes, Argon2_id),
                  '\0');
  const int result = argon2id_hash_encoded(
      cost.passes, cost.memory_kib, cost.lanes, password.reveal().data(), password.reveal().size(),
      salt.data(), salt.size(), kPasswordTagBytes, phc.data(), phc.size());
  if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
    throw Error(Errc::overloaded, "there is no memory for a password just now: try again");
  CHECK(result == ARGON2_OK);
  phc.resize(phc.find('\0'));
  return phc;
}

bool verify_password(const Secret<std::string>& password, std::string_view phc) {
  if (!length_possible(password) || !read_phc(phc)) return false;
  const int result =
      argon2id_verify(std::string(phc).c_str(), password.reveal().data(), password.reveal().size());
  if (result == ARGON2_MEMORY_ALLOCATION_ERROR)
    throw Error(Errc::overloaded, "there is no memory for a password just now: try again");
  return result == ARGON2_OK;
}

std::optional<PasswordCost> password_cost(std::string_view phc) {
  const auto read = read_phc(phc);
  if (!read) return std::nullopt;
  return read->cost;
}

bool needs_rehash(std::string_view phc, PasswordCost cost) {
  const auto read = read_phc(phc);
  return !read || read->cost != cost || read->salt_bytes != kPasswordSaltBytes ||
         read->tag_bytes != kPasswordTagBytes;
}

}  // namespace parvis::crypto
