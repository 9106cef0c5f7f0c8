// The way to an object's keys. It asks the database and the key store, and may wait for both, so it
// is called before the transaction that uses what it gives (a CHECK of the database says so):
//
//   const NewKeys fresh = keyring.make(cx, object);
//   db.write(cx.tenant, [&](Tx& tx) { insert_data_key(tx, fresh.row, cx.now); … seal(fresh.keys, …)
//   }); const Keys keys = keyring.keys_for(cx, object); db.read(cx.tenant, [&](Tx& tx) { …
//   open(keys, …) });
//
// Thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "tenancy/context.hpp"
#include "vault/key_store.hpp"
#include "vault/keys.hpp"
#include "vault/vault_store.hpp"

namespace parvis::vault {

inline constexpr std::size_t kRewrapBatch = 256;  // data keys at once

struct NewKeys {
  Keys keys;
  DataKey row;  // to be inserted in the transaction that makes the object
};

// Told of each data key that is unwrapped, for whom and of what, before anything is opened with it;
// what it throws keeps the key back. Called by several threads.
using OnUnwrap = std::function<void(const tenancy::Context&, const DataKey&)>;

class Keyring {
 public:
  Keyring(db::Database& database, KeyStore& store, OnUnwrap on_unwrap = {});

  // Keys for an object of cx.tenant that is about to be made; the tenant gets its KEK with its
  // first object. Errc::unavailable when the store is out of reach, or holds no KEK while the
  // database has objects that a KEK wrapped: it was lost, and a new one would hide that.
  NewKeys make(const tenancy::Context& cx, std::string_view object);

  // Full, or for reception only while the store is out of reach. Errc::not_found when the object
  // has no key or its key was destroyed, which look alike; Errc::failed when its wrapping does not
  // open or its KEK is lost.
  Keys keys_for(const tenancy::Context& cx, std::string_view object);

  // The next version of the tenant's KEK, for what is wrapped from now on. Errc::not_found when the
  // tenant has none.
  KekVersion rotate(const tenancy::Context& cx);

  // Wraps by the newest version some of the data keys that an older one wraps, at most
  // kRewrapBatch; how many. What they sealed is not touched. Safe beside everything else; called
  // until `remaining` says 0. Errc::failed when a key does not unwrap: nothing of the batch is
  // changed then.
  std::size_t rewrap(const tenancy::Context& cx);
  std::int64_t remaining(const tenancy::Context& cx);

 private:
  db::Database& database_;
  KeyStore& store_;
  OnUnwrap on_unwrap_;
};

}  // namespace parvis::vault
