// Signing in, and what a signed-in agent may do with their sessions. A session is reached with its
// token and no other way; only the token's hash is kept. An unknown login, a wrong password and a
// disabled account get the same answer after the same work.
//
// Thread-safe. Besides what each says: the errors of the database. A password is checked outside of
// any transaction and takes crypto::kPasswordMemoryKib meanwhile: no more of them at once than
// there are workers.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "identity/account.hpp"
#include "identity/attempts.hpp"
#include "identity/identity_store.hpp"
#include "identity/password_policy.hpp"
#include "identity/passwords.hpp"
#include "tenancy/context.hpp"

namespace parvis::identity {

inline constexpr std::size_t kTokenBytes = 32;      // random, written in hexadecimal
inline constexpr std::chrono::minutes kIdle{30};    // without a request of the agent's
inline constexpr std::chrono::hours kAbsolute{10};  // whatever the agent does
// A session is written at most so often; so one may end that much before kIdle.
inline constexpr std::chrono::minutes kSeenGrain{1};
// A session from further in the future was written by a wrong clock, and is none.
inline constexpr std::chrono::minutes kClockSkew{5};
inline constexpr std::size_t kSessionsPerAccount = 10;  // the oldest ends when another begins

// A public agent with a live session; made by Sessions only. True at the moment it was asked for:
// ask again for each request, and every minute in a stream.
class Agent {
 public:
  const std::string& id() const { return account_.id; }  // of the account
  const Personal<std::string>& name() const { return account_.name; }
  const Account& account() const { return account_; }
  bool has(Role role) const { return account_.has(role); }
  bool answers_for(std::string_view service) const { return account_.answers_for(service); }
  tenancy::Actor actor() const { return tenancy::Actor::agent(account_.id, account_.name); }

  const Session& session() const { return session_; }
  Instant idle_at() const;  // when the session ends unless the agent does something

 private:
  friend class Sessions;
  Agent(Account account, Session session)
      : account_(std::move(account)), session_(std::move(session)) {}
  Account account_;
  Session session_;
};

struct SignedIn {
  Secret<std::string> token;  // given once, and kept nowhere
  Agent agent;
};

struct SignInRefusal {
  enum class Why : std::uint8_t { refused, too_many };
  Why why = Why::refused;
  std::chrono::seconds wait{0};  // too_many: when to come back
};

struct ChangeRefusal {
  enum class Why : std::uint8_t { wrong_password, too_many, unfit, signed_out };
  Why why;
  std::chrono::seconds wait{0};             // too_many
  std::optional<PasswordFault> fault = {};  // unfit
};

// What a request says about the agent: a stream that checks its access again is nobody's activity.
enum class Activity : std::uint8_t { person, machine };

class Sessions {
 public:
  explicit Sessions(db::Database& database, Passwords passwords = {});

  // A new session, whatever the browser had before. `address`: of who asks.
  std::expected<SignedIn, SignInRefusal> sign_in(const tenancy::Context& cx, std::string_view login,
                                                 const Secret<std::string>& password,
                                                 const Personal<std::string>& address);

  // Whose session it is at cx.now; nullopt when it is missing, over, ended, another tenant's, or
  // its account is disabled.
  std::optional<Agent> session_of(const tenancy::Context& cx, std::string_view token,
                                  Activity activity);

  void sign_out(const tenancy::Context& cx, std::string_view token);

  std::vector<Session> list(const tenancy::Context& cx, const Agent& agent);  // the newest first
  // False when the agent has no such session. One's own too.
  bool end(const tenancy::Context& cx, const Agent& agent, std::string_view session);
  std::int64_t end_others(const tenancy::Context& cx, const Agent& agent);  // how many

  // Ends the agent's other sessions. Wrong current passwords have a budget, as at the sign-in.
  std::expected<void, ChangeRefusal> change_password(const tenancy::Context& cx, const Agent& agent,
                                                     const Secret<std::string>& current,
                                                     const Secret<std::string>& next);

 private:
  db::Database& database_;
  const Passwords passwords_;
  const Secret<std::string> nobody_;  // a hash that no password has, for logins without account
};

// Retention: erases what no longer counts of cx.tenant (sessions, attempts, networks); how many
// rows. Only the system may (CHECK).
std::int64_t expire(db::Database& database, const tenancy::Context& cx);

}  // namespace parvis::identity
