// Accounts of agents, from the outside: making, listing and disabling them. Only the system (the
// command line) and agents with the role admin may: to others there is no account at all.
//
// Thread-safe. Besides what each says: Errc::not_found when there is no such account in the tenant
// or the actor may not, and the errors of the database. A password is hashed outside of any
// transaction and takes crypto::kPasswordMemoryKib meanwhile.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "identity/account.hpp"
#include "identity/passwords.hpp"
#include "tenancy/context.hpp"

namespace parvis::identity {

class Accounts {
 public:
  explicit Accounts(db::Database& database, Passwords passwords = {});

  // Errc::invalid: the account, a commune that is not the tenant's, or the password
  // (password_fault()) is not as it must be. Errc::conflict: the login has an account. Services are
  // taken as they are: the directory is another room's.
  Account create(const tenancy::Context& cx, const NewAccount& asked,
                 const Secret<std::string>& password);

  std::vector<Account> list(const tenancy::Context& cx);  // by name, disabled ones too
  std::optional<Account> with_login(const tenancy::Context& cx, std::string_view login);

  // Ends every session at once, and no other begins. The account stays: what its agent wrote keeps
  // an author.
  void disable(const tenancy::Context& cx, std::string_view account);
  void enable(const tenancy::Context& cx, std::string_view account);  // the password is as it was

  // For who forgot it: ends every session. The system's own (CHECK): an administrator neither
  // chooses nor knows a colleague's password (ASVS 6.4.6).
  void set_password(const tenancy::Context& cx, std::string_view account,
                    const Secret<std::string>& password);

  // Whether the account gets the daily mail about deadlines: its own agent's to say, too.
  void set_digest(const tenancy::Context& cx, std::string_view account, bool wanted);

  std::int64_t end_sessions(const tenancy::Context& cx, std::string_view account);  // how many

 private:
  db::Database& database_;
  const Passwords passwords_;
};

}  // namespace parvis::identity
