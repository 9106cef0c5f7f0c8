// What stands behind the plus sign of the address that a case is answered at
// ("dossier+kilu-bafo-7-…@ville.fr"), and in the link that stops its reminders. A tag is made from
// a key of the tenant, so that nobody who knows a reference can write one: 120 bits of
// HKDF-SHA-256. It lets its bearer write into one case, or stop its reminders, and read nothing.
// Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/aead.hpp"
#include "db/database.hpp"
#include "vault/keyring.hpp"

namespace parvis::casework {

inline constexpr std::size_t kTagBytes = 15;
inline constexpr std::size_t kTagSigns = 24;  // letters a to z and digits 2 to 7

enum class Purpose : std::uint8_t { reply, stop };

// The key of a tenant's tags, made with the first of them. May wait for the key store: not inside a
// transaction. Errc::unavailable when it is out of reach.
crypto::Key tag_key(db::Database& database, vault::Keyring& keyring, const tenancy::Context& cx);

std::string tag_of(const crypto::Key& key, Purpose purpose, std::string_view case_id);
// In a time that does not tell where they differ; capitals, which mail servers may change, count as
// small letters.
bool is_tag(const crypto::Key& key, Purpose purpose, std::string_view case_id,
            std::string_view tag);

// "kilu-bafo-7-abcdefghijklmnopqrstuvwx" of a reference and its tag, and back.
std::string plus_of(std::string_view reference, std::string_view tag);
struct Plus {
  std::string reference, tag;
};
std::optional<Plus> read_plus(std::string_view text);

}  // namespace parvis::casework
