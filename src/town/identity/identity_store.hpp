// SQL for accounts, sessions and attempts. Who may ask is for accounts.hpp and sessions.hpp, which
// others call. Each function is for one tenant and in the caller's transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "identity/account.hpp"

namespace parvis::identity {

inline constexpr std::size_t kAccountsMax = 10'000;  // of a tenant

// ── accounts ──

struct Credentials {
  std::string account;
  Secret<std::string> password_hash;  // PHC
  Instant password_changed_at;
  bool enabled;
};

// Errc::conflict when another account of the tenant has the login, Errc::too_large past
// kAccountsMax.
void insert_account(db::Tx& tx, std::string_view tenant, const Account& account,
                    const Secret<std::string>& password_hash);
std::vector<Account> accounts(db::Tx& tx, std::string_view tenant);  // by name, then login
std::optional<Account> account_of(db::Tx& tx, std::string_view tenant, std::string_view id);
std::optional<Account> account_with_login(db::Tx& tx, std::string_view tenant,
                                          std::string_view login);
std::optional<Credentials> credentials_with_login(db::Tx& tx, std::string_view tenant,
                                                  std::string_view login);
std::optional<Credentials> credentials_of(db::Tx& tx, std::string_view tenant, std::string_view id);

// A new password.
void set_password_hash(db::Tx& tx, std::string_view tenant, std::string_view id,
                       const Secret<std::string>& password_hash, Instant now);
// The same password at another cost; nothing when it was changed since `from` was read.
void replace_password_hash(db::Tx& tx, std::string_view tenant, std::string_view id,
                           const Secret<std::string>& from, const Secret<std::string>& to);
// The daily mail about deadlines: whether it is wanted, and the day of the last one.
void set_digest(db::Tx& tx, std::string_view tenant, std::string_view id, bool wanted);
std::optional<CivilDate> digest_day(db::Tx& tx, std::string_view tenant, std::string_view id);
void set_digest_day(db::Tx& tx, std::string_view tenant, std::string_view id, CivilDate day);
void set_disabled(db::Tx& tx, std::string_view tenant, std::string_view id,
                  std::optional<Instant> at);

// ── sessions ──

struct Session {
  std::string id;  // hash of the token: names the session to its agent, and opens nothing
  std::string account;
  Instant created_at;
  Instant last_seen_at;
  Instant expires_at;  // whatever the agent does
  bool operator==(const Session&) const = default;
};

void insert_session(db::Tx& tx, std::string_view tenant, const Session& session);
std::optional<Session> session_with(db::Tx& tx, std::string_view tenant, std::string_view id);
std::vector<Session> sessions_of(db::Tx& tx, std::string_view tenant,
                                 std::string_view account);  // the newest first
void set_last_seen(db::Tx& tx, std::string_view tenant, std::string_view id, Instant now);
// False when there was none, or not of this account.
bool delete_session(db::Tx& tx, std::string_view tenant, std::string_view account,
                    std::string_view id);
// All of an account but one ("" for none); how many.
std::int64_t delete_sessions(db::Tx& tx, std::string_view tenant, std::string_view account,
                             std::string_view except);
// Those that expired, or were last seen, before.
std::int64_t delete_old_sessions(db::Tx& tx, std::string_view tenant, Instant expired,
                                 Instant last_seen);

// ── attempts ──

struct Tried {
  std::int64_t count = 0;
  Instant oldest;  // of those counted
};

// Those of a subject after `since`; not those later than `until`, which a wrong clock wrote.
Tried tried(db::Tx& tx, std::string_view tenant, std::string_view subject, Instant since,
            Instant until);
void insert_attempt(db::Tx& tx, std::string_view tenant, std::string_view subject,
                    std::string_view id, Instant now);
// One attempt on a subject, or all of them ("").
void delete_attempts(db::Tx& tx, std::string_view tenant, std::string_view subject,
                     std::string_view id);
// Those outside the window.
std::int64_t delete_old_attempts(db::Tx& tx, std::string_view tenant, Instant since, Instant until);

// ── networks ──

bool network_known(db::Tx& tx, std::string_view tenant, std::string_view account,
                   std::string_view network, Instant since);
void remember_network(db::Tx& tx, std::string_view tenant, std::string_view account,
                      std::string_view network, Instant now);
void forget_networks(db::Tx& tx, std::string_view tenant, std::string_view account);
std::int64_t delete_old_networks(db::Tx& tx, std::string_view tenant, Instant since);

}  // namespace parvis::identity
