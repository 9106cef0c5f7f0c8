#include "casework/access_store.hpp"

#include "casework/access.hpp"

namespace parvis::casework {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

}  // namespace

std::optional<Deposited> deposited_with(Tx& tx, const tenancy::Context& cx,
                                        std::string_view reference) {
  std::optional<Deposited> found;
  tx.each("select id, reference, commune from casework_case where tenant = $1 and reference = $2",
          {cx.tenant, reference}, [&](const Row& row) {
            found = Deposited{.id = std::string(row.text(0)),
                              .reference = std::string(row.text(1)),
                              .commune = std::string(row.text(2))};
          });
  return found;
}

void insert_link(Tx& tx, const Case& row, std::string_view hash, std::string_view browser,
                 std::string_view code, bool named, Instant now) {
  tx.run(
      "insert into casework_link (tenant, hash, case_id, browser, code, named, made_at) "
      "values ($1, $2, $3, $4, $5, $6, $7)",
      {row.tenant(), hash, row.id(), browser, code, std::int64_t{named}, stored(now)});
}

void erase_link(Tx& tx, const tenancy::Context& cx, std::string_view hash) {
  tx.run("delete from casework_link where tenant = $1 and hash = $2", {cx.tenant, hash});
}

std::int64_t links_since(Tx& tx, const Case& row, bool named, Instant since) {
  std::int64_t count = 0;
  tx.each(
      "select count(*) from casework_link where tenant = $1 and case_id = $2 and named = $3 and "
      "made_at > $4",
      {row.tenant(), row.id(), std::int64_t{named}, stored(since)},
      [&](const Row& each) { count = each.integer(0); });
  return count;
}

std::optional<LinkRow> link_with(Tx& tx, const tenancy::Context& cx, std::string_view hash,
                                 Instant since, std::int64_t tries) {
  std::optional<LinkRow> found;
  tx.each(
      "select c.id, c.reference, c.commune, l.browser, l.code from casework_link l "
      "join casework_case c on c.tenant = l.tenant and c.id = l.case_id "
      "where l.tenant = $1 and l.hash = $2 and l.used = 0 and l.tries < $3 and l.made_at > $4",
      {cx.tenant, hash, tries, stored(since)}, [&](const Row& row) {
        found = LinkRow{.of = {.id = std::string(row.text(0)),
                               .reference = std::string(row.text(1)),
                               .commune = std::string(row.text(2))},
                        .browser = std::string(row.text(3)),
                        .code = std::string(row.text(4))};
      });
  return found;
}

bool use_link(Tx& tx, const tenancy::Context& cx, std::string_view hash) {
  return tx.run("update casework_link set used = 1 where tenant = $1 and hash = $2 and used = 0",
                {cx.tenant, hash}) > 0;
}

void count_wrong(Tx& tx, const tenancy::Context& cx, std::string_view hash) {
  tx.run("update casework_link set tries = tries + 1 where tenant = $1 and hash = $2",
         {cx.tenant, hash});
}

void insert_session(Tx& tx, const tenancy::Context& cx, std::string_view hash,
                    std::string_view case_id) {
  tx.run(
      "insert into casework_session (tenant, hash, case_id, began_at, seen_at) "
      "values ($1, $2, $3, $4, $4)",
      {cx.tenant, hash, case_id, stored(cx.now)});
}

std::optional<SessionRow> session_with(Tx& tx, const std::string& tenant, std::string_view hash,
                                       std::string_view case_id) {
  std::optional<SessionRow> found;
  tx.each(
      "select began_at, seen_at from casework_session "
      "where tenant = $1 and hash = $2 and case_id = $3",
      {tenant, hash, case_id}, [&](const Row& row) {
        found = SessionRow{instant(row.integer(0)), instant(row.integer(1))};
      });
  return found;
}

void see_session(Tx& tx, const tenancy::Context& cx, std::string_view hash) {
  tx.run("update casework_session set seen_at = $3 where tenant = $1 and hash = $2",
         {cx.tenant, hash, stored(cx.now)});
}

void erase_session(Tx& tx, const tenancy::Context& cx, std::string_view hash,
                   std::string_view case_id) {
  tx.run("delete from casework_session where tenant = $1 and hash = $2 and case_id = $3",
         {cx.tenant, hash, case_id});
}

void crowd_out(Tx& tx, const tenancy::Context& cx, std::string_view case_id, std::size_t kept) {
  tx.run(
      "delete from casework_session where tenant = $1 and case_id = $2 and hash not in "
      "(select hash from casework_session where tenant = $1 and case_id = $2 "
      "order by began_at desc, hash limit $3)",
      {cx.tenant, case_id, static_cast<std::int64_t>(kept)});
}

std::int64_t wrong_codes(Tx& tx, const tenancy::Context& cx, std::string_view reference,
                         Instant since) {
  std::int64_t count = 0;
  tx.each(
      "select tries from casework_wrong_code "
      "where tenant = $1 and reference = $2 and since > $3",
      {cx.tenant, reference, stored(since)}, [&](const Row& row) { count = row.integer(0); });
  return count;
}

void add_wrong_code(Tx& tx, const tenancy::Context& cx, std::string_view reference, Instant since) {
  tx.run(
      "insert into casework_wrong_code (tenant, reference, tries, since) values ($1, $2, 1, $3) "
      "on conflict (tenant, reference) do update set "
      "tries = case when casework_wrong_code.since > $4 then casework_wrong_code.tries + 1 "
      "else 1 end, "
      "since = case when casework_wrong_code.since > $4 then casework_wrong_code.since "
      "else $3 end",
      {cx.tenant, reference, stored(cx.now), stored(since)});
}

void erase_old_access(Tx& tx, const tenancy::Context& cx) {
  tx.run("delete from casework_link where tenant = $1 and made_at < $2",
         {cx.tenant, stored(cx.now - kAskLife)});
  tx.run("delete from casework_session where tenant = $1 and (seen_at < $2 or began_at < $3)",
         {cx.tenant, stored(cx.now - kSessionIdle), stored(cx.now - kSessionLife)});
  tx.run("delete from casework_wrong_code where tenant = $1 and since < $2",
         {cx.tenant, stored(cx.now - kPaperPause)});
}

void erase_access(Tx& tx, const Case& row) {
  tx.run("delete from casework_link where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
  tx.run("delete from casework_session where tenant = $1 and case_id = $2",
         {row.tenant(), row.id()});
  tx.run("delete from casework_wrong_code where tenant = $1 and reference = $2",
         {row.tenant(), row.reference()});
}

}  // namespace parvis::casework
