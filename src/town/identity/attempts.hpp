// How often a password may be tried. What was tried is in the database: a restart forgets nothing,
// and several servers count together.
//
// An attempt counts against its login and against its network, and one of them spent is enough to
// refuse. From a network where the account has signed in lately it counts against the two together
// and nothing else: whoever tries an agent's e-mail from elsewhere, or other logins from the town
// hall's single address, does not keep that agent out. An attempt that succeeds is taken back.
//
// Each function runs in the caller's transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::identity {

inline constexpr std::int64_t kAttempts = 10;  // that fail, in kAttemptWindow
inline constexpr std::chrono::minutes kAttemptWindow{15};
inline constexpr std::chrono::days kNetworkKept{30};  // after the last sign-in from it

// An attempt and what it counts against, as hashes. They hide a login from who reads the table, and
// an address from who does not try them all: rows last no longer than the window.
struct Attempt {
  std::string id;  // random
  std::string login, network, both;
};
// `login` is what was typed. `address`: an IPv4 address, or an IPv6 one of which the first 64 bits
// count; what is neither counts whole, and an empty one (a Unix socket) not at all.
Attempt sign_in_attempt(std::string_view login, const Personal<std::string>& address);
// Of a signed-in agent who changes their password.
Attempt change_attempt(std::string_view account);

// Counts an attempt before its password is looked at, so that many at once are no way around. The
// time to wait when it may not be made: then nothing is counted. `account` is empty when no account
// has the login; it costs the same.
std::optional<std::chrono::seconds> begin_attempt(db::Tx& tx, std::string_view tenant,
                                                  const Attempt& attempt, std::string_view account,
                                                  Instant now);
// The attempt was right: what counted against the login is forgotten, and the network remembered.
void succeed(db::Tx& tx, std::string_view tenant, const Attempt& attempt, std::string_view account,
             Instant now);

// What no longer counts; how many rows.
std::int64_t forget_attempts(db::Tx& tx, std::string_view tenant, Instant now);

}  // namespace parvis::identity
