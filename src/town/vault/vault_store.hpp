// The wrapped data keys of objects. Written in the transaction that makes or erases the object;
// read before it, by the Keyring.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"
#include "vault/key_store.hpp"

namespace parvis::vault {

inline constexpr std::size_t kObjectMax = 128;  // bytes of an object's name

struct DataKey {
  std::string tenant;
  std::string object;  // "conversation/2f…"
  Wrapped wrapped;     // without bytes once destroyed
  std::optional<Instant> destroyed_at = {};
  bool operator==(const DataKey&) const = default;
};

// Errc::conflict when the object has or had one: an erased object does not come back.
void insert_data_key(db::Tx& tx, const DataKey& key, Instant now);

std::optional<DataKey> data_key_of(db::Tx& tx, std::string_view tenant, std::string_view object);

// What the key sealed is erased with it, in every copy of it that is not a copy of this row. False
// when there was none to destroy. SQLite overwrites the bytes (Debian's is built with
// secure_delete), its log keeps them until the next checkpoint; PostgreSQL until the next vacuum;
// backups as long as they last.
bool destroy_data_key(db::Tx& tx, std::string_view tenant, std::string_view object, Instant now);

// Those not destroyed that `version` did not wrap, in order of object, and how many they are.
std::vector<DataKey> data_keys_not_under(db::Tx& tx, std::string_view tenant,
                                         const KekVersion& version, std::size_t limit);
std::int64_t count_data_keys_not_under(db::Tx& tx, std::string_view tenant,
                                       const KekVersion& version);

// `from` as it was read, wrapped anew. False, and nothing done, when it is no longer so.
bool replace_wrapping(db::Tx& tx, const DataKey& from, const Wrapped& wrapped);

}  // namespace parvis::vault
