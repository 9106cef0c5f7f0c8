// What a transaction seals and opens with: the keys of one object (a conversation), got before it
// (Keyring) and handed on as a value. seal and open are pure.
//
// Sealed bytes are bound to their address, tenant and object included: moved to another row, column
// or tenant, even by someone who may write every table, they do not open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"
#include "crypto/aead.hpp"

namespace parvis::vault {

// Where sealed bytes lie. Whatever must not be changed under them belongs in `row`: what tells the
// row from all others, its number in an order, its type.
struct Address {
  std::string_view table;
  std::string_view column;
  std::string_view row;
};

class Keys {
 public:
  // reception_only: the key store is out of reach. Nothing opens, and nothing is sealed either, for
  // as long as a tenant has no public key to seal for.
  enum class Reach : std::uint8_t { full, reception_only };

  static Keys full(std::string tenant, std::string object, crypto::Key data);
  static Keys reception_only(std::string tenant, std::string object);

  Reach reach() const { return data_ ? Reach::full : Reach::reception_only; }
  const std::string& tenant() const { return tenant_; }
  const std::string& object() const { return object_; }

 private:
  friend std::string seal(const Keys&, const Address&, std::string_view);
  friend std::string open(const Keys&, const Address&, std::string_view);
  friend crypto::Key sub_key(const Keys&, std::string_view);
  Keys(std::string tenant, std::string object, std::optional<crypto::Key> data)
      : tenant_(std::move(tenant)), object_(std::move(object)), data_(std::move(data)) {}
  const crypto::Key& data() const;
  std::string associated(const Address& address) const;

  std::string tenant_, object_;
  std::optional<crypto::Key> data_;
};

// Both throw Errc::unavailable when the keys are for reception only. open throws Errc::unavailable
// too for bytes that a newer program sealed, and Errc::failed for whatever else does not open: it
// was altered, or belongs elsewhere, and which of them is nobody's business.
std::string seal(const Keys& keys, const Address& address, std::string_view bytes);
std::string open(const Keys& keys, const Address& address, std::string_view sealed);

// A key of its own for what seals by itself (platform/blob): of this tenant, object and purpose
// ("blob"), the same each time. It goes when the object's key is destroyed. Errc::unavailable when
// the keys are for reception only.
crypto::Key sub_key(const Keys& keys, std::string_view purpose);
// The same as a token for a link of that purpose: 64 hexadecimal digits, in every letter the same.
Secret<std::string> sub_token(const Keys& keys, std::string_view purpose);

}  // namespace parvis::vault
