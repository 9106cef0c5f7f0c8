#include "vault/keyring.hpp"

#include "base/error.hpp"

namespace parvis::vault {
namespace {

// A wrapping is bound to the object, so that a data key moved to another row does not unwrap.
std::string place_of(std::string_view object) { return crypto::joined({"data key", object}); }

[[noreturn]] void lost_kek() {
  throw Error(Errc::unavailable,
              "the tenant's key is lost: put the file of keys back, or restore it from a backup");
}

}  // namespace

Keyring::Keyring(db::Database& database, KeyStore& store, OnUnwrap on_unwrap)
    : database_(database), store_(store), on_unwrap_(std::move(on_unwrap)) {}

NewKeys Keyring::make(const tenancy::Context& cx, std::string_view object) {
  if (!store_.current(cx.tenant)) {
    // Who makes the first at the same time has the key before the row that is counted here.
    if (remaining(cx) > 0 && !store_.current(cx.tenant)) lost_kek();
    store_.ensure(cx.tenant);
  }
  const crypto::Key data = crypto::Key::random();
  return {Keys::full(cx.tenant, std::string(object), data),
          {.tenant = cx.tenant,
           .object = std::string(object),
           .wrapped = store_.wrap(cx.tenant, data, place_of(object))}};
}

Keys Keyring::keys_for(const tenancy::Context& cx, std::string_view object) {
  const auto row =
      database_.read(cx.tenant, [&](db::Tx& tx) { return data_key_of(tx, cx.tenant, object); });
  if (!row || row->destroyed_at) throw Error(Errc::not_found, "there is no such object");
  const auto data = [&]() -> std::optional<crypto::Key> {
    try {
      return store_.unwrap(cx.tenant, row->wrapped, place_of(object));
    } catch (const Error& e) {
      if (e.code() == Errc::unavailable) return std::nullopt;
      if (e.code() == Errc::not_found) throw Error(Errc::failed, e.detail());  // not the object
      throw;
    }
  }();
  if (!data) return Keys::reception_only(cx.tenant, std::string(object));
  if (on_unwrap_) on_unwrap_(cx, *row);
  return Keys::full(cx.tenant, std::string(object), *data);
}

KekVersion Keyring::rotate(const tenancy::Context& cx) { return store_.rotate(cx.tenant); }

std::size_t Keyring::rewrap(const tenancy::Context& cx) {
  const auto newest = store_.current(cx.tenant);
  if (!newest) return 0;
  const auto old = database_.read(cx.tenant, [&](db::Tx& tx) {
    return data_keys_not_under(tx, cx.tenant, *newest, kRewrapBatch);
  });
  std::vector<Wrapped> fresh;
  for (const DataKey& key : old) {
    const std::string place = place_of(key.object);
    const crypto::Key data = store_.unwrap(cx.tenant, key.wrapped, place);
    if (on_unwrap_) on_unwrap_(cx, key);
    fresh.push_back(store_.wrap(cx.tenant, data, place));
  }
  return database_.write(cx.tenant, [&](db::Tx& tx) {
    std::size_t done = 0;
    for (std::size_t i = 0; i < old.size(); ++i)
      if (replace_wrapping(tx, old[i], fresh[i])) ++done;
    return done;
  });
}

std::int64_t Keyring::remaining(const tenancy::Context& cx) {
  const KekVersion newest = store_.current(cx.tenant).value_or(KekVersion{});
  return database_.read(
      cx.tenant, [&](db::Tx& tx) { return count_data_keys_not_under(tx, cx.tenant, newest); });
}

}  // namespace parvis::vault
