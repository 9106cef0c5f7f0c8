// What the tests of this room share: two towns, who acts, and an account. Passwords are cheap here.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/accounts.hpp"
#include "identity/sessions.hpp"
#include "support/items.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::identity {

using support::error_of;

inline const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
inline constexpr crypto::PasswordCost kCheap{.memory_kib = 64, .passes = 1, .lanes = 1};
inline const Secret<std::string> kPassword("cheval correct batterie");
inline const Secret<std::string> kOther("agrafe bleue du jardin");
inline const Personal<std::string> kHome("192.0.2.1"), kElsewhere("198.51.100.7");
inline constexpr std::string_view kLogin = "martine@ville.fr";

inline tenancy::Context context(Instant now = kNow, std::string tenant = "demo") {
  return {.tenant = std::move(tenant),
          .commune = "",
          .actor = tenancy::Actor::visitor(),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "r1",
          .now = now};
}

inline tenancy::Context as_system(Instant now = kNow, std::string tenant = "demo") {
  tenancy::Context cx = context(now, std::move(tenant));
  cx.actor = tenancy::Actor::system("test");
  return cx;
}

inline tenancy::Context as_agent(const Account& account, std::string tenant = "demo") {
  tenancy::Context cx = context(kNow, std::move(tenant));
  cx.actor = tenancy::Actor::agent(account.id, account.name);
  return cx;
}

class House : public support::EachEngine {
 protected:
  House() {
    database_.write([](db::Tx& tx) {
      for (const char* id : {"demo", "other"})
        tenancy::create_tenant(tx, {.id = id, .name = "Val d’Orle"}, kNow);
      tenancy::add_commune(tx, "demo", {"99001", "bourg", "Bourg", {}});
    });
  }

  static NewAccount martine() { return {.login = std::string(kLogin), .name = "Martine Dupont"}; }
  Account create(const NewAccount& asked = martine(), const std::string& tenant = "demo") {
    return accounts_.create(as_system(kNow, tenant), asked, kPassword);
  }
  std::vector<Session> sessions(const Account& account) {  // ended ones too
    return database_.read([&](db::Tx& tx) { return sessions_of(tx, "demo", account.id); });
  }

  db::Database database_{config()};
  Accounts accounts_{database_, {.cost = kCheap}};
  Sessions sessions_{database_, {.cost = kCheap}};
};

}  // namespace parvis::identity
