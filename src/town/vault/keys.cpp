#include "vault/keys.hpp"

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::vault {

Keys Keys::full(std::string tenant, std::string object, crypto::Key data) {
  return {std::move(tenant), std::move(object), data};
}

Keys Keys::reception_only(std::string tenant, std::string object) {
  return {std::move(tenant), std::move(object), std::nullopt};
}

const crypto::Key& Keys::data() const {
  if (!data_) throw Error(Errc::unavailable, "the keys are out of reach: try again later");
  return *data_;
}

std::string Keys::associated(const Address& address) const {
  return crypto::joined(
      {"parvis vault 1", tenant_, object_, address.table, address.column, address.row});
}

std::string seal(const Keys& keys, const Address& address, std::string_view bytes) {
  return crypto::seal(keys.data(), keys.associated(address), bytes);
}

std::string open(const Keys& keys, const Address& address, std::string_view sealed) {
  auto plain = crypto::open(keys.data(), keys.associated(address), sealed);
  if (plain) return std::move(*plain);
  if (plain.error() == crypto::Refusal::version)
    throw Error(Errc::unavailable,
                "this was sealed by a newer version of the program: use that one, or a newer one");
  throw Error(Errc::failed, "sealed data does not open: it was altered, or is not where it was");
}

crypto::Key sub_key(const Keys& keys, std::string_view purpose) {
  std::string bytes =
      crypto::hkdf_sha256(keys.data().reveal(), crypto::joined({keys.tenant_, keys.object_}),
                          crypto::joined({"parvis sub-key 1", purpose}), crypto::kKeyBytes);
  const auto key = crypto::Key::from_bytes(bytes);
  crypto::wipe(bytes);
  CHECK(key);
  return *key;
}

Secret<std::string> sub_token(const Keys& keys, std::string_view purpose) {
  return Secret(crypto::to_hex(sub_key(keys, std::string("token ").append(purpose)).reveal()));
}

}  // namespace parvis::vault
