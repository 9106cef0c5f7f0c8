#include "identity/accounts.hpp"

#include <array>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "identity/identity_store.hpp"
#include "identity/password_policy.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::identity {
namespace {

using db::Tx;

Error no_account() { return {Errc::not_found, "there is no such account"}; }

// Looked up each time: a role taken back, or an account disabled, counts at once.
void require_administrator(Tx& tx, const tenancy::Context& cx) {
  if (cx.actor.kind == tenancy::Actor::Kind::system) return;
  if (cx.actor.kind == tenancy::Actor::Kind::agent) {
    const auto own = account_of(tx, cx.tenant, cx.actor.account);
    if (own && !own->disabled_at && own->has(Role::admin)) return;
  }
  throw no_account();
}

Account account_for(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  require_administrator(tx, cx);
  auto found = account_of(tx, cx.tenant, id);
  if (!found) throw no_account();
  return *std::move(found);
}

void require_communes(Tx& tx, const tenancy::Context& cx, const Account& account) {
  for (const std::string& insee : account.communes)
    if (!tenancy::commune_of(tx, cx.tenant, insee))
      throw Error(Errc::invalid, "the commune " + insee + " is not one of the tenant's");
}

void require_sound(const Secret<std::string>& password, const Account& account,
                   std::string_view town) {
  const std::array<std::string_view, 3> personal = {account.login.read(), account.name.read(),
                                                    town};
  if (const auto fault = password_fault(password, personal))
    throw Error(Errc::invalid, std::string(detail(*fault)));
}

std::string town_name(Tx& tx, const tenancy::Context& cx) {
  const auto tenant = tenancy::tenant_of(tx, cx.tenant);
  if (!tenant) throw Error(Errc::not_found, "there is no such tenant");
  return tenant->name;
}

}  // namespace

Accounts::Accounts(db::Database& database, Passwords passwords)
    : database_(database), passwords_(std::move(passwords)) {}

Account Accounts::create(const tenancy::Context& cx, const NewAccount& asked,
                         const Secret<std::string>& password) {
  Account account = account_from(asked, crypto::random_hex(kIdBytes), cx.now);
  const std::string town = database_.read(cx.tenant, [&](Tx& tx) {
    require_administrator(tx, cx);
    require_communes(tx, cx, account);
    return town_name(tx, cx);
  });
  require_sound(password, account, town);
  const Secret<std::string> hash(crypto::hash_password(password, passwords_.cost));
  database_.write(cx.tenant, [&](Tx& tx) {
    require_administrator(tx, cx);
    insert_account(tx, cx.tenant, account, hash);
  });
  return account;
}

std::vector<Account> Accounts::list(const tenancy::Context& cx) {
  return database_.read(cx.tenant, [&](Tx& tx) {
    require_administrator(tx, cx);
    return accounts(tx, cx.tenant);
  });
}

std::optional<Account> Accounts::with_login(const tenancy::Context& cx, std::string_view login) {
  const auto written = login_from(login);
  return database_.read(cx.tenant, [&](Tx& tx) -> std::optional<Account> {
    require_administrator(tx, cx);
    if (!written) return std::nullopt;
    return account_with_login(tx, cx.tenant, *written);
  });
}

void Accounts::disable(const tenancy::Context& cx, std::string_view account) {
  database_.write(cx.tenant, [&](Tx& tx) {
    const Account found = account_for(tx, cx, account);
    if (!found.disabled_at) set_disabled(tx, cx.tenant, found.id, cx.now);
    delete_sessions(tx, cx.tenant, found.id, "");
    forget_networks(tx, cx.tenant, found.id);
  });
}

void Accounts::enable(const tenancy::Context& cx, std::string_view account) {
  database_.write(cx.tenant, [&](Tx& tx) {
    set_disabled(tx, cx.tenant, account_for(tx, cx, account).id, std::nullopt);
  });
}

void Accounts::set_password(const tenancy::Context& cx, std::string_view account,
                            const Secret<std::string>& password) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  database_.read(cx.tenant, [&](Tx& tx) {
    return require_sound(password, account_for(tx, cx, account), town_name(tx, cx));
  });
  const Secret<std::string> hash(crypto::hash_password(password, passwords_.cost));
  database_.write(cx.tenant, [&](Tx& tx) {
    const std::string id = account_for(tx, cx, account).id;
    set_password_hash(tx, cx.tenant, id, hash, cx.now);
    delete_sessions(tx, cx.tenant, id, "");
  });
}

void Accounts::set_digest(const tenancy::Context& cx, std::string_view account, bool wanted) {
  database_.write(cx.tenant, [&](Tx& tx) {
    const bool own = cx.actor.kind == tenancy::Actor::Kind::agent && cx.actor.account == account;
    const auto found = account_of(tx, cx.tenant, account);
    if (!own || !found || found->disabled_at) require_administrator(tx, cx);
    if (!found) throw no_account();
    identity::set_digest(tx, cx.tenant, found->id, wanted);
  });
}

std::int64_t Accounts::end_sessions(const tenancy::Context& cx, std::string_view account) {
  return database_.write(cx.tenant, [&](Tx& tx) {
    return delete_sessions(tx, cx.tenant, account_for(tx, cx, account).id, "");
  });
}

}  // namespace parvis::identity
