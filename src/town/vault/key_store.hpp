// Where the tenants' own keys are (KEK: a key that encrypts keys), and what is asked of that place:
// to wrap and unwrap the data keys of objects. A KEK never leaves it. One is a sealed file
// (sealed_file.hpp); a security module of the town is another.
//
// Thread-safe. May wait, so it is never asked inside a transaction. Errors of all:
// Errc::unavailable when the store is out of reach, with what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/aead.hpp"

namespace parvis::vault {

// A tenant has one KEK, whose versions count 1, 2, 3…; `kek` is the store's own name for it, so
// that the KEK of another store or of a lost file is not taken for this one.
struct KekVersion {
  std::string kek;
  std::int64_t version = 0;
  bool operator==(const KekVersion&) const = default;
};

struct Wrapped {
  KekVersion by;
  std::string bytes;
  bool operator==(const Wrapped&) const = default;
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // The newest version of the tenant's KEK; nullopt when it has none here.
  virtual std::optional<KekVersion> current(std::string_view tenant) = 0;
  // The same, after making the first version where the tenant has none.
  virtual KekVersion ensure(std::string_view tenant) = 0;
  // Makes the next version. Older ones still unwrap. Errc::not_found without a KEK.
  virtual KekVersion rotate(std::string_view tenant) = 0;

  // By the newest version, bound to `associated`. Errc::not_found without a KEK.
  virtual Wrapped wrap(std::string_view tenant, const crypto::Key& key,
                       std::string_view associated) = 0;
  // Errc::not_found when that version is not here; Errc::failed when the bytes do not open under
  // it, whatever the reason.
  virtual crypto::Key unwrap(std::string_view tenant, const Wrapped& wrapped,
                             std::string_view associated) = 0;

  // Wraps and unwraps for good: a store may say that it is there and do nothing. Throws as they do.
  virtual void probe() = 0;
};

}  // namespace parvis::vault
