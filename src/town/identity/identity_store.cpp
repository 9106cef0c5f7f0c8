#include "identity/identity_store.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace parvis::identity {
namespace {

using db::Row;
using db::Tx;

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

std::string joined(const std::vector<Role>& roles) {
  std::string out;
  for (const Role role : roles) out.append(out.empty() ? "" : " ").append(name(role));
  return out;
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

std::vector<Role> roles_from(std::string_view words) {  // a role of a newer program is none
  std::vector<Role> out;
  for (const std::string& word : split(words))
    if (const auto role = role_named(word)) out.push_back(*role);
  return out;
}

// id, login, name, roles, services, communes, created_at, password_changed_at, disabled_at, digest
Account account_from(const Row& row) {
  return {.id = std::string(row.text(0)),
          .login = Personal(std::string(row.text(1))),
          .name = Personal(std::string(row.text(2))),
          .roles = roles_from(row.text(3)),
          .services = split(row.text(4)),
          .communes = split(row.text(5)),
          .created_at = instant(row.integer(6)),
          .password_changed_at = instant(row.integer(7)),
          .disabled_at =
              row.is_null(8) ? std::nullopt : std::optional<Instant>(instant(row.integer(8))),
          .digest = row.integer(9) != 0};
}

Credentials credentials_from(
    const Row& row) {  // id, password_hash, password_changed_at, disabled_at
  return {std::string(row.text(0)), Secret(std::string(row.text(1))), instant(row.integer(2)),
          row.is_null(3)};
}

Session session_from(const Row& row) {  // id, account, created_at, last_seen_at, expires_at
  return {std::string(row.text(0)), std::string(row.text(1)), instant(row.integer(2)),
          instant(row.integer(3)), instant(row.integer(4))};
}

}  // namespace

void insert_account(Tx& tx, std::string_view tenant, const Account& account,
                    const Secret<std::string>& password_hash) {
  std::int64_t count = 0;
  tx.each("select count(*) from identity_account where tenant = $1", {tenant},
          [&](const Row& row) { count = row.integer(0); });
  if (count >= static_cast<std::int64_t>(kAccountsMax))
    throw Error(Errc::too_large, "a tenant has 10000 accounts at most, disabled ones included");
  if (tx.run("insert into identity_account (tenant, id, login, name, roles, services, communes, "
             "password_hash, created_at, password_changed_at) "
             "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
             "on conflict (tenant, login) do nothing",
             {tenant, account.id, account.login.read(), account.name.read(), joined(account.roles),
              joined(account.services), joined(account.communes), password_hash.reveal(),
              stored(account.created_at), stored(account.password_changed_at)}) == 0)
    throw Error(Errc::conflict, "this e-mail has an account already");
}

std::vector<Account> accounts(Tx& tx, std::string_view tenant) {
  std::vector<Account> all;
  tx.each(
      "select id, login, name, roles, services, communes, created_at, password_changed_at, "
      "disabled_at, digest from identity_account where tenant = $1 order by name, login",
      {tenant}, [&](const Row& row) { all.push_back(account_from(row)); });
  return all;
}

std::optional<Account> account_of(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Account> found;
  tx.each(
      "select id, login, name, roles, services, communes, created_at, password_changed_at, "
      "disabled_at, digest from identity_account where tenant = $1 and id = $2",
      {tenant, id}, [&](const Row& row) { found = account_from(row); });
  return found;
}

std::optional<Account> account_with_login(Tx& tx, std::string_view tenant, std::string_view login) {
  std::optional<Account> found;
  tx.each(
      "select id, login, name, roles, services, communes, created_at, password_changed_at, "
      "disabled_at, digest from identity_account where tenant = $1 and login = $2",
      {tenant, login}, [&](const Row& row) { found = account_from(row); });
  return found;
}

std::optional<Credentials> credentials_with_login(Tx& tx, std::string_view tenant,
                                                  std::string_view login) {
  std::optional<Credentials> found;
  tx.each(
      "select id, password_hash, password_changed_at, disabled_at from identity_account "
      "where tenant = $1 and login = $2",
      {tenant, login}, [&](const Row& row) { found = credentials_from(row); });
  return found;
}

std::optional<Credentials> credentials_of(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Credentials> found;
  tx.each(
      "select id, password_hash, password_changed_at, disabled_at from identity_account where "
      "tenant = $1 and id = $2",
      {tenant, id}, [&](const Row& row) { found = credentials_from(row); });
  return found;
}

void set_password_hash(Tx& tx, std::string_view tenant, std::string_view id,
                       const Secret<std::string>& password_hash, Instant now) {
  tx.run(
      "update identity_account set password_hash = $3, password_changed_at = $4 "
      "where tenant = $1 and id = $2",
      {tenant, id, password_hash.reveal(), stored(now)});
}

void set_digest(Tx& tx, std::string_view tenant, std::string_view id, bool wanted) {
  tx.run("update identity_account set digest = $3 where tenant = $1 and id = $2",
         {tenant, id, std::int64_t{wanted}});
}

std::optional<CivilDate> digest_day(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<CivilDate> day;
  tx.each("select digest_day from identity_account where tenant = $1 and id = $2", {tenant, id},
          [&](const Row& row) { day = parse_iso_date(row.text(0)); });
  return day;
}

void set_digest_day(Tx& tx, std::string_view tenant, std::string_view id, CivilDate day) {
  tx.run("update identity_account set digest_day = $3 where tenant = $1 and id = $2",
         {tenant, id, format_iso_date(day)});
}

void replace_password_hash(Tx& tx, std::string_view tenant, std::string_view id,
                           const Secret<std::string>& from, const Secret<std::string>& to) {
  tx.run(
      "update identity_account set password_hash = $4 "
      "where tenant = $1 and id = $2 and password_hash = $3",
      {tenant, id, from.reveal(), to.reveal()});
}

void set_disabled(Tx& tx, std::string_view tenant, std::string_view id, std::optional<Instant> at) {
  tx.run("update identity_account set disabled_at = $3 where tenant = $1 and id = $2",
         {tenant, id, at ? db::Value(stored(*at)) : db::Value()});
}

void insert_session(Tx& tx, std::string_view tenant, const Session& session) {
  tx.run(
      "insert into identity_session (tenant, id, account, created_at, last_seen_at, expires_at) "
      "values ($1, $2, $3, $4, $5, $6)",
      {tenant, session.id, session.account, stored(session.created_at),
       stored(session.last_seen_at), stored(session.expires_at)});
}

std::optional<Session> session_with(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Session> found;
  tx.each(
      "select id, account, created_at, last_seen_at, expires_at from identity_session "
      "where tenant = $1 and id = $2",
      {tenant, id}, [&](const Row& row) { found = session_from(row); });
  return found;
}

std::vector<Session> sessions_of(Tx& tx, std::string_view tenant, std::string_view account) {
  std::vector<Session> all;
  tx.each(
      "select id, account, created_at, last_seen_at, expires_at from identity_session "
      "where tenant = $1 and account = $2 order by created_at desc, id",
      {tenant, account}, [&](const Row& row) { all.push_back(session_from(row)); });
  return all;
}

void set_last_seen(Tx& tx, std::string_view tenant, std::string_view id, Instant now) {
  tx.run(
      "update identity_session set last_seen_at = $3 "
      "where tenant = $1 and id = $2 and last_seen_at < $3",
      {tenant, id, stored(now)});
}

bool delete_session(Tx& tx, std::string_view tenant, std::string_view account,
                    std::string_view id) {
  return tx.run("delete from identity_session where tenant = $1 and account = $2 and id = $3",
                {tenant, account, id}) > 0;
}

std::int64_t delete_sessions(Tx& tx, std::string_view tenant, std::string_view account,
                             std::string_view except) {
  return tx.run("delete from identity_session where tenant = $1 and account = $2 and id <> $3",
                {tenant, account, except});
}

std::int64_t delete_old_sessions(Tx& tx, std::string_view tenant, Instant expired,
                                 Instant last_seen) {
  return tx.run(
      "delete from identity_session "
      "where tenant = $1 and (expires_at <= $2 or last_seen_at <= $3)",
      {tenant, stored(expired), stored(last_seen)});
}

Tried tried(Tx& tx, std::string_view tenant, std::string_view subject, Instant since,
            Instant until) {
  Tried out;
  tx.each(
      "select count(*), min(at) from identity_attempt "
      "where tenant = $1 and subject = $2 and at > $3 and at <= $4",
      {tenant, subject, stored(since), stored(until)},
      [&](const Row& row) { out = {row.integer(0), instant(row.integer(1))}; });
  return out;
}

void insert_attempt(Tx& tx, std::string_view tenant, std::string_view subject, std::string_view id,
                    Instant now) {
  tx.run("insert into identity_attempt (tenant, subject, id, at) values ($1, $2, $3, $4)",
         {tenant, subject, id, stored(now)});
}

void delete_attempts(Tx& tx, std::string_view tenant, std::string_view subject,
                     std::string_view id) {
  tx.run("delete from identity_attempt where tenant = $1 and subject = $2 and (id = $3 or $3 = '')",
         {tenant, subject, id});
}

std::int64_t delete_old_attempts(Tx& tx, std::string_view tenant, Instant since, Instant until) {
  return tx.run("delete from identity_attempt where tenant = $1 and (at <= $2 or at > $3)",
                {tenant, stored(since), stored(until)});
}

bool network_known(Tx& tx, std::string_view tenant, std::string_view account,
                   std::string_view network, Instant since) {
  bool known = false;
  tx.each(
      "select 1 from identity_network "
      "where tenant = $1 and account = $2 and network = $3 and last_at > $4",
      {tenant, account, network, stored(since)}, [&](const Row&) { known = true; });
  return known;
}

void remember_network(Tx& tx, std::string_view tenant, std::string_view account,
                      std::string_view network, Instant now) {
  tx.run(
      "insert into identity_network (tenant, account, network, last_at) values ($1, $2, $3, $4) "
      "on conflict (tenant, account, network) do update set last_at = excluded.last_at",
      {tenant, account, network, stored(now)});
}

void forget_networks(Tx& tx, std::string_view tenant, std::string_view account) {
  tx.run("delete from identity_network where tenant = $1 and account = $2", {tenant, account});
}

std::int64_t delete_old_networks(Tx& tx, std::string_view tenant, Instant since) {
  return tx.run("delete from identity_network where tenant = $1 and last_at <= $2",
                {tenant, stored(since)});
}

}  // namespace parvis::identity
