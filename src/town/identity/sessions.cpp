#include "identity/sessions.hpp"

#include <array>

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::identity {
namespace {

using db::Tx;

bool live(const Session& session, Instant now) {
  return now < session.expires_at && now < session.last_seen_at + kIdle &&
         session.created_at <= now + kClockSkew && session.last_seen_at <= now + kClockSkew;
}

// The token has 256 random bits: its hash needs no salt and no slowness, and looking it up by an
// index tells nothing about it.
std::string session_id(std::string_view token) { return crypto::sha256_hex(token); }

Session new_session(const std::string& account, const Secret<std::string>& token, Instant now) {
  return {.id = session_id(token.reveal()),
          .account = account,
          .created_at = now,
          .last_seen_at = now,
          .expires_at = now + kAbsolute};
}

void make_room(Tx& tx, const tenancy::Context& cx, const std::string& account) {
  const std::vector<Session> all = sessions_of(tx, cx.tenant, account);
  for (std::size_t i = kSessionsPerAccount - 1; i < all.size(); ++i)
    delete_session(tx, cx.tenant, account, all[i].id);
}

void delete_ended(Tx& tx, const tenancy::Context& cx) {
  delete_old_sessions(tx, cx.tenant, cx.now, cx.now - kIdle);
}

// A password that is being checked may be changed, or its account disabled, before the check is
// over: then what was checked counts no longer.
bool unchanged(const Credentials& before, const std::optional<Credentials>& now) {
  return now && now->enabled && now->account == before.account &&
         now->password_changed_at == before.password_changed_at;
}

}  // namespace

Instant Agent::idle_at() const {
  return std::min(session_.last_seen_at + kIdle, session_.expires_at);
}

Sessions::Sessions(db::Database& database, Passwords passwords)
    : database_(database),
      passwords_(std::move(passwords)),
      nobody_(crypto::hash_password(Secret(crypto::random_hex(kTokenBytes)), passwords_.cost)) {}

std::expected<SignedIn, SignInRefusal> Sessions::sign_in(const tenancy::Context& cx,
                                                         std::string_view login,
                                                         const Secret<std::string>& password,
                                                         const Personal<std::string>& address) {
  // What is no e-mail has no account, and is counted and checked all the same.
  const std::string written = login_from(login).value_or("");
  const Attempt attempt = sign_in_attempt(written.empty() ? login : written, address);
  std::optional<Credentials> credentials;
  const auto wait = database_.write(cx.tenant, [&](Tx& tx) {
    credentials = credentials_with_login(tx, cx.tenant, written);
    return begin_attempt(tx, cx.tenant, attempt, credentials ? credentials->account : "", cx.now);
  });
  if (wait) return std::unexpected(SignInRefusal{SignInRefusal::Why::too_many, *wait});

  const Secret<std::string>& hash = credentials ? credentials->password_hash : nobody_;
  const bool right = passwords_.verify(password, hash.reveal());
  if (!right || !credentials || !credentials->enabled) return std::unexpected(SignInRefusal{});

  std::optional<Secret<std::string>> fresh;
  if (crypto::needs_rehash(hash.reveal(), passwords_.cost))
    fresh.emplace(crypto::hash_password(password, passwords_.cost));
  Secret<std::string> token(crypto::random_hex(kTokenBytes));
  const Session session = new_session(credentials->account, token, cx.now);
  auto account = database_.write(cx.tenant, [&](Tx& tx) -> std::optional<Account> {
    if (!unchanged(*credentials, credentials_with_login(tx, cx.tenant, written)))
      return std::nullopt;
    if (fresh) replace_password_hash(tx, cx.tenant, session.account, hash, *fresh);
    succeed(tx, cx.tenant, attempt, session.account, cx.now);
    delete_ended(tx, cx);
    make_room(tx, cx, session.account);
    insert_session(tx, cx.tenant, session);
    return account_of(tx, cx.tenant, session.account);
  });
  if (!account) return std::unexpected(SignInRefusal{});
  return SignedIn{std::move(token), Agent(*std::move(account), session)};
}

std::optional<Agent> Sessions::session_of(const tenancy::Context& cx, std::string_view token,
                                          Activity activity) {
  if (token.size() != 2 * kTokenBytes) return std::nullopt;
  const std::string id = session_id(token);
  std::optional<Agent> agent = database_.read(cx.tenant, [&](Tx& tx) -> std::optional<Agent> {
    auto session = session_with(tx, cx.tenant, id);
    if (!session || !live(*session, cx.now)) return std::nullopt;
    auto account = account_of(tx, cx.tenant, session->account);
    if (!account || account->disabled_at) return std::nullopt;
    return Agent(*std::move(account), *std::move(session));
  });
  if (agent && activity == Activity::person &&
      cx.now >= agent->session_.last_seen_at + kSeenGrain) {
    database_.write(cx.tenant, [&](Tx& tx) { set_last_seen(tx, cx.tenant, id, cx.now); });
    agent->session_.last_seen_at = cx.now;
  }
  return agent;
}

void Sessions::sign_out(const tenancy::Context& cx, std::string_view token) {
  const std::string id = session_id(token);
  database_.write(cx.tenant, [&](Tx& tx) {
    if (const auto session = session_with(tx, cx.tenant, id))
      delete_session(tx, cx.tenant, session->account, id);
  });
}

std::vector<Session> Sessions::list(const tenancy::Context& cx, const Agent& agent) {
  std::vector<Session> all =
      database_.read(cx.tenant, [&](Tx& tx) { return sessions_of(tx, cx.tenant, agent.id()); });
  std::erase_if(all, [&](const Session& session) { return !live(session, cx.now); });
  return all;
}

bool Sessions::end(const tenancy::Context& cx, const Agent& agent, std::string_view session) {
  return database_.write(
      cx.tenant, [&](Tx& tx) { return delete_session(tx, cx.tenant, agent.id(), session); });
}

std::int64_t Sessions::end_others(const tenancy::Context& cx, const Agent& agent) {
  return database_.write(cx.tenant, [&](Tx& tx) {
    return delete_sessions(tx, cx.tenant, agent.id(), agent.session().id);
  });
}

std::expected<void, ChangeRefusal> Sessions::change_password(const tenancy::Context& cx,
                                                             const Agent& agent,
                                                             const Secret<std::string>& current,
                                                             const Secret<std::string>& next) {
  using Why = ChangeRefusal::Why;
  const Attempt attempt = change_attempt(agent.id());
  std::optional<Credentials> credentials;
  std::string town;
  const auto wait = database_.write(cx.tenant, [&](Tx& tx) {
    credentials = credentials_of(tx, cx.tenant, agent.id());
    const auto tenant = tenancy::tenant_of(tx, cx.tenant);
    town = tenant ? tenant->name : "";
    return begin_attempt(tx, cx.tenant, attempt, agent.id(), cx.now);
  });
  if (wait) return std::unexpected(ChangeRefusal{.why = Why::too_many, .wait = *wait});
  if (!credentials || !credentials->enabled)
    return std::unexpected(ChangeRefusal{.why = Why::signed_out});
  if (!passwords_.verify(current, credentials->password_hash.reveal()))
    return std::unexpected(ChangeRefusal{.why = Why::wrong_password});
  const std::array<std::string_view, 3> personal = {agent.account().login.read(),
                                                    agent.name().read(), town};
  const auto fault = password_fault(next, personal);
  const Secret<std::string> hash(fault ? std::string()
                                       : crypto::hash_password(next, passwords_.cost));
  const bool changed = database_.write(cx.tenant, [&](Tx& tx) {
    // The session may have been ended, and the password changed, while this one was checked.
    const auto session = session_with(tx, cx.tenant, agent.session().id);
    if (!session || session->account != agent.id() || !live(*session, cx.now) ||
        !unchanged(*credentials, credentials_of(tx, cx.tenant, agent.id())))
      return false;
    succeed(tx, cx.tenant, attempt, agent.id(), cx.now);
    if (fault) return true;
    set_password_hash(tx, cx.tenant, agent.id(), hash, cx.now);
    delete_sessions(tx, cx.tenant, agent.id(), agent.session().id);
    return true;
  });
  if (!changed) return std::unexpected(ChangeRefusal{.why = Why::signed_out});
  if (fault) return std::unexpected(ChangeRefusal{.why = Why::unfit, .wait = {}, .fault = fault});
  return {};
}

std::int64_t expire(db::Database& database, const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  return database.write(cx.tenant, [&](Tx& tx) {
    return delete_old_sessions(tx, cx.tenant, cx.now, cx.now - kIdle) +
           forget_attempts(tx, cx.tenant, cx.now);
  });
}

}  // namespace parvis::identity
