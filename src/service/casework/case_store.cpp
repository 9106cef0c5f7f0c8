#include "casework/case_store.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "casework/access.hpp"
#include "casework/access_store.hpp"
#include "casework/counter_store.hpp"
#include "casework/find.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {

using db::Row;
using db::Tx;

namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

std::optional<CivilDate> due_in(std::string_view text) {
  return text == kNever ? std::nullopt : parse_iso_date(text);
}

bool has(const auto& list, const auto& one) {
  return list.empty() || std::ranges::find(list, one) != list.end();
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

  // As insert stored it.
  static Case begun(const tenancy::Context& cx, const NewCase& fresh) {
    Case made;
    made.tenant_ = cx.tenant;
    made.id_ = fresh.id;
    made.commune_ = cx.commune;
    made.procedure_ = fresh.procedure;
    made.version_ = fresh.version;
    made.service_ = fresh.service;
    made.sealed_ = fresh.sealed;
    made.created_at_ = made.saved_at_ = cx.now;
    return made;
  }

  // As insert_deposited and set_deposited stored it.
  static Case deposited(Case made, std::string_view reference, State state,
                        std::optional<CivilDate> due, Instant now) {
    made.state_ = state;
    made.reference_ = reference;
    made.saved_at_ = now;
    made.deposited_at_ = now;
    made.due_ = due;
    return made;
  }
  static Case with_answers(Case made, std::string sealed) {
    made.sealed_ = std::move(sealed);
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

std::optional<Case> insert_deposited(Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
                                     const Secret<std::string>& token, std::string_view reference,
                                     State state, std::optional<CivilDate> due) {
  // Nothing is read: on PostgreSQL two deposits that read and write one page of an index conflict.
  const std::string date = due ? format_iso_date(*due) : std::string(kNever);
  const bool inserted =
      tx.run(
          "insert into casework_case (tenant, id, commune, procedure, version, service, "
          "token_hash, state, answers, created_at, saved_at, reference, deposited_at, due) "
          "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $10, $12) "
          "on conflict (tenant, reference) do nothing",
          {cx.tenant, fresh.id, cx.commune, fresh.procedure, fresh.version, fresh.service,
           crypto::sha256_hex(token.reveal()), name(state), db::Blob(fresh.sealed), stored(cx.now),
           reference, date}) > 0;
  if (!inserted) return std::nullopt;
  return CaseRows::deposited(CaseRows::begun(cx, fresh), reference, state, due, cx.now);
}

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

Case insert(Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
            const Secret<std::string>& token) {
  tx.run(
      "insert into casework_case (tenant, id, commune, procedure, version, service, token_hash, "
      "state, answers, created_at, saved_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
      {cx.tenant, fresh.id, cx.commune, fresh.procedure, fresh.version, fresh.service,
       crypto::sha256_hex(token.reveal()), name(State::draft), db::Blob(fresh.sealed),
       stored(cx.now)});
  return CaseRows::begun(cx, fresh);
}

Case case_for_citizen(Tx& tx, const tenancy::Context& cx, std::string_view id,
                      std::string_view token) {
  // A token has 256 random bits: its hash needs no salt and no slowness.
  const std::string hash = crypto::sha256_hex(token);
  std::array<std::string, 2> known;
  auto found = CaseRows::by_id(tx, cx.tenant, id, &known);
  if (!found) throw gone();
  const bool lately = !found->deposited_at() || cx.now < *found->deposited_at() + kDepositedLately;
  const bool opens = crypto::equal_in_constant_time(known[0], hash) ||
                     (crypto::equal_in_constant_time(known[1], hash) && lately) ||
                     session_opens(tx, *found, hash, cx.now);
  if (!opens) throw gone();
  return std::move(*found);
}

Case case_for_agent(Tx& tx, const tenancy::Context& cx, std::string_view id, const Author& agent) {
  auto found = CaseRows::by_id(tx, cx.tenant, id);
  if (!found || found->state() == State::draft ||
      !answers_for(agent, found->service(), found->commune()))
    throw gone();
  return std::move(*found);
}

bool answers_for(const Author& agent, std::string_view service, std::string_view commune) {
  return has(agent.services, service) && has(agent.communes, commune);
}

Case draft_for_agent(Tx& tx, const tenancy::Context& cx, std::string_view id, const Author& agent) {
  auto found = CaseRows::by_id(tx, cx.tenant, id);
  const auto entry = found ? entry_of(tx, *found) : std::nullopt;
  if (!entry || entry->account != agent.id || found->state() != State::draft ||
      !answers_for(agent, found->service(), found->commune()))
    throw gone();
  return std::move(*found);
}

Case case_for_system(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  auto found = CaseRows::by_id(tx, cx.tenant, id);
  if (!found) throw gone();
  return std::move(*found);
}

std::optional<Case> case_by_link(Tx& tx, const tenancy::Context& cx, std::string_view id,
                                 std::string_view token) {
  const std::string hash = crypto::sha256_hex(token);
  std::array<std::string, 2> known;
  auto found = CaseRows::by_id(tx, cx.tenant, id, &known);
  const bool names = found && (crypto::equal_in_constant_time(known[0], hash) ||
                               crypto::equal_in_constant_time(known[1], hash));
  return names ? std::move(found) : std::nullopt;
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

Case set_deposited(Tx& tx, const Case& row, std::string_view reference, State state,
                   const std::string& sealed, std::optional<CivilDate> due, Instant now) {
  const std::string date = due ? format_iso_date(*due) : std::string(kNever);
  tx.run(
      "update casework_case set reference = $3, state = $4, answers = $5, deposited_at = $6, "
      "saved_at = $6, due = $7 where tenant = $1 and id = $2",
      {row.tenant(), row.id(), reference, name(state), db::Blob(sealed), stored(now), date});
  return CaseRows::deposited(CaseRows::with_answers(row, sealed), reference, state, due, now);
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

void set_words(Tx& tx, const Case& row, const std::vector<std::string>& digests, Instant now) {
  CHECK(digests.size() <= kWordsMax);
  // A statement takes eight, the last again and again where there are fewer.
  constexpr std::size_t kAtOnce = 8;
  for (std::size_t at = 0; at < digests.size(); at += kAtOnce) {
    const auto word = [&](std::size_t i) {
      return db::Blob(digests[std::min(at + i, digests.size() - 1)]);
    };
    tx.run(
        "insert into casework_find (tenant, deposited_at, id, word) values ($1, $2, $3, $4), "
        "($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7), ($1, $2, $3, $8), ($1, $2, $3, $9), "
        "($1, $2, $3, $10), ($1, $2, $3, $11) on conflict do nothing",
        {row.tenant(), stored(row.deposited_at().value_or(now)), row.id(), word(0), word(1),
         word(2), word(3), word(4), word(5), word(6), word(7)});
  }
}

std::int64_t words_stored(Tx& tx, const tenancy::Context& cx, std::string_view id) {
  std::int64_t count = 0;
  tx.each("select count(*) from casework_find where tenant = $1 and id = $2", {cx.tenant, id},
          [&](const Row& row) { count = row.integer(0); });
  return count;
}

void erase_rows(Tx& tx, const Case& row) {
  tx.run("delete from casework_reminder where tenant = $1 and case_id = $2",
         {row.tenant(), row.id()});
  tx.run("delete from casework_quiet where tenant = $1 and case_id = $2", {row.tenant(), row.id()});
  tx.run("delete from casework_find where tenant = $1 and id = $2", {row.tenant(), row.id()});
  tx.run("delete from casework_handover where tenant = $1 and case_id = $2",
         {row.tenant(), row.id()});
  erase_counter(tx, row);
  erase_access(tx, row);
  tx.run("delete from casework_case where tenant = $1 and id = $2", {row.tenant(), row.id()});
}

namespace {

// The columns of a line, in the order that every list names.
Line line_of(const Row& row) {
  return {.id = std::string(row.text(0)),
          .reference = std::string(row.text(1)),
          .procedure = std::string(row.text(2)),
          .service = std::string(row.text(3)),
          .commune = std::string(row.text(4)),
          .state = state_named(row.text(7)).value_or(State::closed),
          .deposited_at = instant(row.integer(5)),
          .due = due_in(row.text(6))};
}

std::string from_due(const Filter& filter) {
  return filter.due_from ? format_iso_date(*filter.due_from) : std::string();
}
// Without an end of the range, what is never due belongs to it, unless it has a beginning.
std::string to_due(const Filter& filter) {
  if (filter.due_to) return format_iso_date(*filter.due_to);
  return filter.due_from ? std::string("9999-12-30") : std::string(kNever);
}

// One state of one service or démarche (or of all) is a walk along an index; a page of several is
// made of as many walks, each of `limit` rows at most. Rows are compared as pairs: PostgreSQL then
// begins where the page before ended instead of reading up to there.
std::vector<Line> walk(Tx& tx, const std::string& tenant, State state, std::string_view service,
                       std::string_view commune, const Filter& filter, std::size_t limit) {
  std::vector<Line> found;
  const auto line = [&](const Row& row) { found.push_back(line_of(row)); };
  // Behind the page before, or at the beginning of the range.
  std::string due = from_due(filter), id;
  if (filter.after_due >= due && !filter.after_due.empty()) {
    due = filter.after_due;
    id = filter.after_id;
  }
  const std::string last = to_due(filter);
  const auto most = static_cast<std::int64_t>(limit);
  const std::string& procedure = filter.procedure;
  if (service.empty() && procedure.empty())
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due, state "
        "from casework_case where tenant = $1 and state = $2 and (due, id) > ($3, $4) and "
        "due <= $5 and ($7 = '' or commune = $7) order by due, id limit $6",
        {tenant, name(state), due, id, last, most, commune}, line);
  else if (procedure.empty())
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due, state "
        "from casework_case where tenant = $1 and service = $7 and state = $2 and "
        "(due, id) > ($3, $4) and due <= $5 and ($8 = '' or commune = $8) "
        "order by due, id limit $6",
        {tenant, name(state), due, id, last, most, service, commune}, line);
  else if (service.empty())
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due, state "
        "from casework_case where tenant = $1 and procedure = $7 and state = $2 and "
        "(due, id) > ($3, $4) and due <= $5 and ($8 = '' or commune = $8) "
        "order by due, id limit $6",
        {tenant, name(state), due, id, last, most, procedure, commune}, line);
  else
    tx.each(
        "select id, reference, procedure, service, commune, deposited_at, due, state "
        "from casework_case where tenant = $1 and procedure = $7 and state = $2 and "
        "(due, id) > ($3, $4) and due <= $5 and service = $8 and ($9 = '' or commune = $9) "
        "order by due, id limit $6",
        {tenant, name(state), due, id, last, most, procedure, service, commune}, line);
  return found;
}

// What a search finds is few: the filter looks at each.
bool passes(const Filter& filter, const Line& line) {
  const std::string due = line.due ? format_iso_date(*line.due) : std::string(kNever);
  return line.state != State::draft && has(filter.services, line.service) &&
         has(filter.communes, line.commune) && has(filter.states, line.state) &&
         (filter.procedure.empty() || filter.procedure == line.procedure) &&
         due >= from_due(filter) && due <= to_due(filter);
}

// How many cases have a word, counted up to kRareEnough.
constexpr std::int64_t kRareEnough = 500;
std::int64_t how_many(Tx& tx, const std::string& tenant, const std::string& digest) {
  std::int64_t count = 0;
  tx.each(
      "select count(*) from (select 1 from casework_find where tenant = $1 and word = $2 "
      "limit $3) counted",
      {tenant, db::Blob(digest), kRareEnough}, [&](const Row& row) { count = row.integer(0); });
  return count;
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
      for (const std::string& commune : filter.communes.empty() ? every : filter.communes)
        std::ranges::move(walk(tx, cx.tenant, state, service, commune, filter, limit),
                          std::back_inserter(all));
  }
  const auto key = [](const Line& line) { return std::pair(due_key(line), line.id); };
  std::ranges::sort(all, {}, key);
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::size_t count(Tx& tx, const tenancy::Context& cx, const Author& agent, const Filter& filter) {
  std::int64_t all = 0;
  tx.each(
      "select service, state, commune, count(*) from casework_case where tenant = $1 and procedure "
      "= $2 and "
      "due >= $3 and due <= $4 group by service, state, commune",
      {cx.tenant, filter.procedure, from_due(filter), to_due(filter)}, [&](const Row& row) {
        const auto state = state_named(row.text(1));
        const std::string service(row.text(0)), commune(row.text(2));
        if (state && *state != State::draft && has(filter.states, *state) &&
            has(filter.services, service) && has(agent.services, service) &&
            has(filter.communes, commune) && has(agent.communes, commune))
          all += row.integer(3);
      });
  return static_cast<std::size_t>(all);
}

Page with_words(Tx& tx, const tenancy::Context& cx, const Filter& filter,
                const std::vector<std::string>& digests, std::size_t limit) {
  Page page;
  if (digests.empty()) return page;
  limit = std::min(limit, kListMax);
  // The rarest word leads, the others are looked up.
  std::vector<std::string> words = digests;
  words.resize(std::min(words.size(), kAskedMax));
  if (words.size() > 1) {
    std::vector<std::pair<std::int64_t, std::string>> counted;
    for (std::string& word : words)
      counted.emplace_back(how_many(tx, cx.tenant, word), std::move(word));
    std::ranges::sort(counted);
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = std::move(counted[i].second);
  }
  const auto word = [&](std::size_t i) { return db::Blob(words[std::min(i, words.size() - 1)]); };
  constexpr std::int64_t kLast = std::int64_t{1} << 53;  // after any case
  std::int64_t at = filter.after_deposited ? stored(*filter.after_deposited) : kLast;
  std::string id = filter.after_deposited ? filter.after_id : std::string();
  const std::size_t enough = words.size() > 1 ? 3 * kLooked : kLooked;
  for (std::size_t looked = 0;;) {
    std::size_t some = 0;
    bool full = false;
    const auto most = static_cast<std::int64_t>(looked == 0 ? limit + 1 : enough / 4);
    // Each case of the first word comes back, with its row when it has the others too. `offset 0`
    // has PostgreSQL look each up by its key: joined, the list of a frequent word is read whole.
    tx.each(
        "select f.id, c.reference, c.procedure, c.service, c.commune, f.deposited_at, c.due, "
        "c.state from (select f.deposited_at, f.id, "
        "($6 = $2 or exists (select 1 from casework_find g where g.tenant = f.tenant and "
        "g.word = $6 and g.deposited_at = f.deposited_at and g.id = f.id limit 1 offset 0)) "
        "and ($7 = $6 or exists (select 1 from casework_find g where g.tenant = f.tenant and "
        "g.word = $7 and g.deposited_at = f.deposited_at and g.id = f.id limit 1 offset 0)) "
        "and ($8 = $7 or exists (select 1 from casework_find g where g.tenant = f.tenant and "
        "g.word = $8 and g.deposited_at = f.deposited_at and g.id = f.id limit 1 offset 0)) "
        "as has_all from casework_find f where f.tenant = $1 and f.word = $2 and "
        "(f.deposited_at, f.id) < ($3, $4) order by f.deposited_at desc, f.id desc limit $5) f "
        "left join casework_case c on c.tenant = $1 and c.id = case when f.has_all then f.id end "
        "order by f.deposited_at desc, f.id desc",
        {cx.tenant, word(0), at, id, most, word(1), word(2), word(3)}, [&](const Row& row) {
          if (full) return;
          ++some;
          if (!row.is_null(1)) {
            const Line line = line_of(row);
            if (passes(filter, line)) {
              if (page.lines.size() == limit) {  // there is more, from here on
                full = true;
                return;
              }
              page.lines.push_back(line);
            }
          }
          at = row.integer(5);
          id = row.text(0);
        });
    looked += some;
    if (!full && some < static_cast<std::size_t>(most)) return page;
    if (full || looked >= enough) break;
  }
  page.next = filter;
  page.next->after_deposited = instant(at);
  page.next->after_id = id;
  return page;
}

Page with_reference(Tx& tx, const tenancy::Context& cx, const Filter& filter,
                    std::string_view reference) {
  Page page;
  tx.each(
      "select id, reference, procedure, service, commune, deposited_at, due, state "
      "from casework_case where tenant = $1 and reference = $2",
      {cx.tenant, reference}, [&](const Row& row) {
        if (Line line = line_of(row); passes(filter, line)) page.lines.push_back(std::move(line));
      });
  return page;
}

std::vector<Line> with_papers(Tx& tx, const tenancy::Context& cx, const Author& agent) {
  // Of a service each, so that the letters of others do not fill the page.
  const std::vector<std::string> every = {""};
  std::vector<std::pair<std::int64_t, Line>> found;
  for (const std::string& service : agent.services.empty() ? every : agent.services)
    tx.each(
        "select c.id, c.reference, c.procedure, c.service, c.commune, c.deposited_at, c.due, "
        "c.state, p.at from casework_paper p "
        "join casework_case c on c.tenant = p.tenant and c.id = p.case_id "
        "where p.tenant = $1 and ($2 = '' or c.service = $2) order by p.at, p.seq limit $3",
        {cx.tenant, service, static_cast<std::int64_t>(kLooked)}, [&](const Row& row) {
          Line line = line_of(row);
          if (has(agent.communes, line.commune))
            found.emplace_back(row.integer(8), std::move(line));
        });
  std::ranges::sort(found, {},
                    [](const auto& each) { return std::pair(each.first, each.second.id); });
  std::vector<Line> lines;
  for (auto& [at, line] : found)
    if (lines.size() < kListMax && std::ranges::find(lines, line.id, &Line::id) == lines.end())
      lines.push_back(std::move(line));
  return lines;
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

namespace {

constexpr std::string_view kAfterAnyDue = "~";

std::vector<Case> idle_since(Tx& tx, const tenancy::Context& cx, State state,
                             const DraftVersion& version, Instant before, std::size_t limit,
                             std::string_view due_before = kAfterAnyDue) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<Case> found;
  tx.each(
      "select id, commune, procedure, version, service, state, reference, answers, created_at, "
      "saved_at, deposited_at, due from casework_case where tenant = $1 and state = $2 and "
      "procedure = $3 and version = $4 and saved_at < $5 and due < $7 "
      "order by saved_at, id limit $6",
      {cx.tenant, name(state), version.procedure, version.version, stored(before),
       static_cast<std::int64_t>(limit), due_before},
      [&](const Row& row) { found.push_back(CaseRows::of(cx.tenant, row)); });
  return found;
}

}  // namespace

std::vector<Case> drafts_idle_since(Tx& tx, const tenancy::Context& cx, const DraftVersion& version,
                                    Instant before, std::size_t limit) {
  return idle_since(tx, cx, State::draft, version, before, limit);
}

std::vector<Case> over_since(Tx& tx, const tenancy::Context& cx, const DraftVersion& version,
                             Instant before, std::size_t limit) {
  std::vector<Case> found;
  for (const State state : {State::accepted, State::refused, State::settled, State::withdrawn,
                            State::transferred, State::closed})
    if (found.size() < limit)
      std::ranges::move(idle_since(tx, cx, state, version, before, limit - found.size()),
                        std::back_inserter(found));
  return found;
}

std::vector<Case> out_of_time_since(Tx& tx, const tenancy::Context& cx, const DraftVersion& version,
                                    Instant before, std::size_t limit) {
  const std::string day = format_iso_date(CivilDate(std::chrono::floor<std::chrono::days>(before)));
  std::vector<Case> found = idle_since(tx, cx, State::received, version, before, limit, day);
  std::ranges::move(idle_since(tx, cx, State::examined, version, before, limit - found.size(), day),
                    std::back_inserter(found));
  return found;
}

}  // namespace parvis::casework
