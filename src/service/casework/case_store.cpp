#include "casework/case_store.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

// What is never due comes last in a list.
constexpr std::string_view kNever = "9999-12-31";
std::optional<CivilDate> due_in(std::string_view text) {
  return text == kNever ? std::nullopt : parse_iso_date(text);
}

}  // namespace

// Makes cases of rows, in the order of the columns that every select here names.
struct CaseRows {
  static Case of(const std::string& tenant, const Row& row) {
    Case made;
    made.tenant_ = tenant;
    made.id_ = row.text(0);
    made.commune_ = row.text(1);
    made.procedure_ = row.text(2);
    made.version_ = static_cast<int>(row.integer(3));
    made.service_ = row.text(4);
    made.state_ = state_named(row.text(5)).value_or(State::closed);
    made.reference_ = row.text(6);
    made.sealed_ = row.blob(7);
    made.created_at_ = instant(row.integer(8));
    made.saved_at_ = instant(row.integer(9));
    if (!row.is_null(10)) made.deposited_at_ = instant(row.integer(10));
    made.due_ = due_in(row.text(11));
    return made;
  }

  // hashes: of what opens it.
  static std::optional<Case> by_id(Tx& tx, const std::string& tenant, std::string_view id,
                                   std::array<std::string, 2>* hashes = nullptr) {
    std::optional<Case> found;
    // An id that no statement could take looks like any other that is not there.
    if (id.size() != 2 * kIdBytes || !crypto::from_hex(id)) return found;
    tx.each(
        "select id, commune, procedure, version, service, state, reference, answers, created_at, "
        "saved_at, deposited_at, due, token_hash, link_hash from casework_case "
        "where tenant = $1 and id = $2",
        {tenant, id}, [&](const Row& row) {
          found = of(tenant, row);
          if (hashes != nullptr) *hashes = {std::string(row.text(12)), std::string(row.text(13))};
        });
    return found;
  }
};

feed::Topic Case::topic() const { return {tenant_, object()}; }
std::string Case::object() const { return object_of(id_); }

vault::Address answers_address(std::string_view id) {
  return {.table = "casework_case", .column = "answers", .row = id};
}

std::string new_id() { return crypto::random_hex(kIdBytes); }
Secret<std::string> new_token() { return Secret(crypto::random_hex(kTokenBytes)); }
std::string object_of(std::string_view id) { return std::string("case/").append(id); }

Error gone() {
  return {Errc::not_found,
          "Ce dossier n’existe pas ou n’existe plus. Vérifiez le lien, ou demandez-en un autre "
          "avec la référence du dossier."};
}

void insert(Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
            const Secret<std::string>& token) {
  tx.run(
      "insert into casework_case (tenant, id, commune, procedure, version, service, token_hash, "
      "state, answers, created_at, saved_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
      {cx.tenant, fresh.id, cx.commune, fresh.procedure, fresh.version, fresh.service,
       crypto::sha256_hex(token.reveal()), name(State::draft), db::Blob(fresh.sealed),
       stored(cx.now)});
}

Case case_for_citizen(Tx& tx, const tenancy::Context& cx, std::string_view id,
                      std::string_view token) {
  // A token has 256 random bits: its hash needs no salt and no slowness.
  const std::string hash = crypto::sha256_hex(token);
  std::array<std::string, 2> known;
  auto found = CaseRows::by_id(tx, cx.tenant, id, &known);
  const bool opens = crypto::equal_in_constant_time(known[0], hash) ||
                     crypto::equal_in_constant_time(known[1], hash);
  if (!found || !opens) throw gone();
  return std::move(*found);
}

Case case_for_agent(Tx& tx, const tenancy::Context& cx, std::string_view id,
                    const std::vector<std::string>& services) {
  auto found = CaseRows::by_id(tx, cx.tenant, id);
  if (!found || found->state() == State::draft ||
      (!services.empty() && std::ranges::find(services, found->service()) == services.end()))
    throw gone();
  return std::move(*found);
}

Case case_for_system(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  auto found = CaseRows::by_id(tx, cx.tenant, id);
  if (!found) throw gone();
  return std::move(*found);
}

std::optional<Case> case_with_reference(Tx& tx, const tenancy::Context& cx,
                                        std::string_view reference) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::optional<Case> found;
  tx.each(
      "select id, commune, procedure, version, service, state, reference, answers, created_at, "
      "saved_at, deposited_at, due from casework_case where tenant = $1 and reference = $2",
      {cx.tenant, reference}, [&](const Row& row) { found = CaseRows::of(cx.tenant, row); });
  return found;
}

void set_answers(Tx& tx, const Case& row, std::string_view sealed, Instant now) {
  tx.run("update casework_case set answers = $3, saved_at = $4 where tenant = $1 and id = $2",
         {row.tenant(), row.id(), db::Blob(sealed), stored(now)});
}

bool set_deposited(Tx& tx, const Case& row, std::string_view reference, State state,
                   std::string_view sealed, Instant now) {
  bool taken = false;
  tx.each("select 1 from casework_case where tenant = $1 and reference = $2",
          {row.tenant(), reference}, [&](const Row&) { taken = true; });
  if (taken) return false;
  tx.run(
      "update casework_case set reference = $3, state = $4, answers = $5, deposited_at = $6, "
      "saved_at = $6 where tenant = $1 and id = $2",
      {row.tenant(), row.id(), reference, name(state), db::Blob(sealed), stored(now)});
  return true;
}

void set_state(Tx& tx, const Case& row, State state, std::optional<CivilDate> due, Instant now) {
  const std::string date = due ? format_iso_date(*due) : std::string(kNever);
  tx.run(
      "update casework_case set state = $3, due = $4, saved_at = $5 where tenant = $1 and id = $2",
      {row.tenant(), row.id(), name(state), date, stored(now)});
}

void set_version(Tx& tx, const Case& row, int version, std::string_view service) {
  tx.run(
      "update casework_case set version = $3, service = $4, "
      "begun_version = case when begun_version = 0 then version else begun_version end "
      "where tenant = $1 and id = $2",
      {row.tenant(), row.id(), version, service});
}

void set_service(Tx& tx, const Case& row, std::string_view service, Instant now) {
  tx.run("update casework_case set service = $3, saved_at = $4 where tenant = $1 and id = $2",
         {row.tenant(), row.id(), service, stored(now)});
}

void set_link(Tx& tx, const Case& row, const Secret<std::string>& token) {
  tx.run("update casework_case set link_hash = $3 where tenant = $1 and id = $2",
         {row.tenant(), row.id(), crypto::sha256_hex(token.reveal())});
}

bool is_quiet(Tx& tx, const Case& row) {
  bool quiet = false;
  tx.each("select 1 from casework_quiet where tenant = $1 and case_id = $2",
          {row.tenant(), row.id()}, [&](const Row&) { quiet = true; });
  return quiet;
}

void set_quiet(Tx& tx, const Case& row, bool quiet, Instant now) {
  if (quiet)
    tx.run(
        "insert into casework_quiet (tenant, case_id, since) values ($1, $2, $3) "
        "on conflict (tenant, case_id) do nothing",
        {row.tenant(), row.id(), stored(now)});
  else
    tx.run("delete from casework_quiet where tenant = $1 and case_id = $2",
           {row.tenant(), row.id()});
}

bool take_reminder(Tx& tx, const Case& row, std::string_view key, Instant now) {
  CHECK(!key.empty() && key.size() <= kReminderKeyMax);
  return tx.run(
             "insert into casework_reminder (tenant, case_id, key, at) values ($1, $2, $3, $4) "
             "on conflict (tenant, case_id, key) do nothing",
             {row.tenant(), row.id(), key, stored(now)}) > 0;
}

void erase_rows(Tx& tx, const Case& row) {
  tx.run("delete from casework_reminder where tenant = $1 and case_id = $2",
         {row.tenant(), row.id()});
  tx.run("delete from casework_quiet where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
  tx.run("delete from casework_handover where tenant = $1 and case_id = $2",
         {row.tenant(), row.id()});
  tx.run("delete from casework_case where tenant = $1 and id = $2", {row.tenant(), row.id()});
}

namespace {

// One state of one service (or of all) is a walk along an index; a page of several is made of as
// many walks, each of `limit` rows at most.
std::vector<Line> walk(Tx& tx, const std::string& tenant, State state, std::string_view service,
                       const Filter& filter, std::size_t limit) {
  std::vector<Line> found;
  const auto line = [&](const Row& row) {
    found.push_back({.id = std::string(row.text(0)),
                     .reference = std::string(row.text(1)),
                     .procedure = std::string(row.text(2)),
                     .service = std::string(row.text(3)),
                     .commune = std::string(row.text(4)),
                     .state = state,
                     .deposited_at = instant(row.integer(5)),
                     .due = due_in(row.text(6))});
  };
  const std::string after = filter.after_due;
  if (service.empty())
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due from casework_case "
        "where tenant = $1 and state = $2 and ($3 = '' or procedure = $3) and "
        "(due > $4 or (due = $4 and id > $5)) "
        "order by due, id limit $6",
        {tenant, name(state), filter.procedure, after, filter.after_id,
         static_cast<std::int64_t>(limit)},
        line);
  else
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due from casework_case "
        "where tenant = $1 and service = $7 and state = $2 and ($3 = '' or procedure = $3) and "
        "(due > $4 or (due = $4 and id > $5)) "
        "order by due, id limit $6",
        {tenant, name(state), filter.procedure, after, filter.after_id,
         static_cast<std::int64_t>(limit), service},
        line);
  return found;
}

}  // namespace

std::string due_key(const Line& line) {
  return line.due ? format_iso_date(*line.due) : std::string(kNever);
}

std::vector<Line> list(Tx& tx, const tenancy::Context& cx, const Filter& filter,
                       std::size_t limit) {
  limit = std::min(limit, kListMax);
  std::vector<State> states = filter.states;
  if (states.empty()) states = {State::received, State::examined, State::awaiting};
  std::vector<Line> all;
  for (const State state : states) {
    if (state == State::draft) continue;  // nobody's but the citizen's
    const std::vector<std::string> every = {""};
    for (const std::string& service : filter.services.empty() ? every : filter.services)
      std::ranges::move(walk(tx, cx.tenant, state, service, filter, limit),
                        std::back_inserter(all));
  }
  const auto key = [](const Line& line) { return std::pair(due_key(line), line.id); };
  std::ranges::sort(all, {}, key);
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::vector<DraftVersion> versions_of_drafts(Tx& tx, const tenancy::Context& cx) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<DraftVersion> found;
  tx.each(
      "select distinct procedure, version from casework_case where tenant = $1 and state = $2 "
      "order by procedure, version",
      {cx.tenant, name(State::draft)}, [&](const Row& row) {
        found.push_back({std::string(row.text(0)), static_cast<int>(row.integer(1))});
      });
  return found;
}

std::vector<Case> drafts_idle_since(Tx& tx, const tenancy::Context& cx, const DraftVersion& version,
                                    Instant before, std::size_t limit) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<Case> found;
  tx.each(
      "select id, commune, procedure, version, service, state, reference, answers, created_at, "
      "saved_at, deposited_at, due from casework_case where tenant = $1 and state = $2 and "
      "procedure = $3 and version = $4 and saved_at < $5 order by saved_at, id limit $6",
      {cx.tenant, name(State::draft), version.procedure, version.version, stored(before),
       static_cast<std::int64_t>(limit)},
      [&](const Row& row) { found.push_back(CaseRows::of(cx.tenant, row)); });
  return found;
}

}  // namespace parvis::casework
