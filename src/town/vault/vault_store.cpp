#include "vault/vault_store.hpp"

#include "base/error.hpp"

namespace parvis::vault {
namespace {

using db::Row;
using db::Tx;

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }

DataKey data_key_from(std::string_view tenant, const Row& row) {
  DataKey key{.tenant = std::string(tenant),
              .object = std::string(row.text(0)),
              .wrapped = {{std::string(row.text(1)), row.integer(2)}, std::string(row.blob(3))}};
  if (!row.is_null(4)) key.destroyed_at = Instant(std::chrono::milliseconds(row.integer(4)));
  return key;
}

}  // namespace

void insert_data_key(Tx& tx, const DataKey& key, Instant now) {
  CHECK(!key.object.empty() && key.object.size() <= kObjectMax && !key.destroyed_at);
  if (tx.run("insert into vault_data_key (tenant, object, kek, kek_version, wrapped, created_at) "
             "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
             {key.tenant, key.object, key.wrapped.by.kek, key.wrapped.by.version,
              db::Blob(key.wrapped.bytes), stored(now)}) == 0)
    throw Error(Errc::conflict, "this object has or had a key already");
}

std::optional<DataKey> data_key_of(Tx& tx, std::string_view tenant, std::string_view object) {
  std::optional<DataKey> key;
  tx.each(
      "select object, kek, kek_version, wrapped, destroyed_at from vault_data_key "
      "where tenant = $1 and object = $2",
      {tenant, object}, [&](const Row& row) { key = data_key_from(tenant, row); });
  return key;
}

bool destroy_data_key(Tx& tx, std::string_view tenant, std::string_view object, Instant now) {
  return tx.run(
             "update vault_data_key set wrapped = null, destroyed_at = $3 "
             "where tenant = $1 and object = $2 and destroyed_at is null",
             {tenant, object, stored(now)}) > 0;
}

std::vector<DataKey> data_keys_not_under(Tx& tx, std::string_view tenant, const KekVersion& version,
                                         std::size_t limit) {
  std::vector<DataKey> keys;
  tx.each(
      "select object, kek, kek_version, wrapped, destroyed_at from vault_data_key "
      "where tenant = $1 and destroyed_at is null and (kek <> $2 or kek_version <> $3) "
      "order by object limit $4",
      {tenant, version.kek, version.version, static_cast<std::int64_t>(limit)},
      [&](const Row& row) { keys.push_back(data_key_from(tenant, row)); });
  return keys;
}

std::int64_t count_data_keys_not_under(Tx& tx, std::string_view tenant, const KekVersion& version) {
  std::int64_t count = 0;
  tx.each(
      "select count(*) from vault_data_key "
      "where tenant = $1 and destroyed_at is null and (kek <> $2 or kek_version <> $3)",
      {tenant, version.kek, version.version}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

bool replace_wrapping(Tx& tx, const DataKey& from, const Wrapped& wrapped) {
  return tx.run(
             "update vault_data_key set kek = $3, kek_version = $4, wrapped = $5 "
             "where tenant = $1 and object = $2 and destroyed_at is null and wrapped = $6",
             {from.tenant, from.object, wrapped.by.kek, wrapped.by.version, db::Blob(wrapped.bytes),
              db::Blob(from.wrapped.bytes)}) > 0;
}

}  // namespace parvis::vault
