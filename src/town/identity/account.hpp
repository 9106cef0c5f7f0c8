// An account of a public agent: who signs in, by which e-mail, and what they answer for. Pure
// values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"

namespace parvis::identity {

inline constexpr std::size_t kIdBytes = 16;       // random, written in hexadecimal
inline constexpr std::size_t kLoginMax = 254;     // bytes: RFC 5321
inline constexpr std::size_t kNameMax = 200;      // bytes
inline constexpr std::size_t kServicesMax = 200;  // of an account
inline constexpr std::size_t kServiceIdMax = 128;
inline constexpr std::size_t kCommunesMax = 500;  // of an account

// What an account may do. An account has one role at least, and may have several: none contains
// another.
enum class Role : std::uint8_t {
  agent,    // answers citizens for their services
  manager,  // sees how these services answer, and shares out the work
  admin,    // accounts, settings
};

// As stored and given, with what agents read.
struct RoleName {
  Role role;
  std::string_view name;
  std::string_view words;
};
inline constexpr std::array<RoleName, 3> kRoles = {{
    {Role::agent, "agent", "Agent"},
    {Role::manager, "manager", "Responsable de service"},
    {Role::admin, "admin", "Administrateur"},
}};
std::string_view name(Role role);
std::optional<Role> role_named(std::string_view name);

struct NewAccount {
  std::string login;  // an e-mail; large letters count as small ones
  std::string name;   // as colleagues and citizens read it
  std::vector<Role> roles = {Role::agent};
  std::vector<std::string> services = {};  // ids of the directory; empty: all of the tenant's
  std::vector<std::string> communes = {};  // INSEE codes; empty: all of the tenant's
};

struct Account {
  std::string id;
  Personal<std::string> login;
  Personal<std::string> name;
  std::vector<Role> roles;
  std::vector<std::string> services, communes;  // as in NewAccount
  Instant created_at;
  Instant password_changed_at;
  std::optional<Instant> disabled_at;
  bool digest = true;  // wants the daily mail about deadlines

  bool has(Role role) const;
  bool answers_for(std::string_view service) const;
};

// The one way in which a login is written: small letters, no space around. nullopt when it is not
// an e-mail address of plain characters (local part, @, a domain with a dot).
std::optional<std::string> login_from(std::string_view text);

// The account that a request asks for, in order and without doubles. Errc::invalid says which part
// is wrong. Whether its communes and services exist is for the caller, who knows them.
Account account_from(const NewAccount& asked, std::string id, Instant now);

}  // namespace parvis::identity
