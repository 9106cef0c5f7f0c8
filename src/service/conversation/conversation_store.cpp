#include "conversation/conversation_store.hpp"

#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "text/normalise.hpp"

namespace parvis::conversation {
namespace {

using db::Row;
using db::Tx;

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t milliseconds) {
  return Instant(std::chrono::milliseconds(milliseconds));
}

}  // namespace

std::string_view name(Verdict verdict) {
  for (const VerdictName& each : kVerdicts)
    if (each.verdict == verdict) return each.name;
  return {};
}

std::optional<Verdict> verdict_named(std::string_view name) {
  for (const VerdictName& each : kVerdicts)
    if (each.name == name) return each.verdict;
  return std::nullopt;
}

Conversation::Conversation(std::string tenant, std::string id, std::string commune,
                           Instant created_at, Instant last_at)
    : tenant_(std::move(tenant)),
      id_(std::move(id)),
      commune_(std::move(commune)),
      created_at_(created_at),
      last_at_(last_at) {}

feed::Topic Conversation::topic() const { return {tenant_, object()}; }
std::string Conversation::object() const { return object_of(id_); }

std::string new_id() { return crypto::random_hex(kIdBytes); }
Secret<std::string> new_token() { return Secret(crypto::random_hex(kTokenBytes)); }
std::string object_of(std::string_view id) { return std::string("conversation/").append(id); }

Error gone() {
  return {Errc::not_found,
          "Cette conversation n’existe pas ou n’existe plus. Commencez-en une nouvelle."};
}

Conversation insert(Tx& tx, const tenancy::Context& cx, const std::string& id,
                    const Secret<std::string>& token) {
  tx.run(
      "insert into conversation_conversation (tenant, id, commune, token_hash, created_at, "
      "last_at) "
      "values ($1, $2, $3, $4, $5, $5)",
      {cx.tenant, id, cx.commune, crypto::sha256_hex(token.reveal()), stored(cx.now)});
  return {cx.tenant, id, cx.commune, cx.now, cx.now};
}

Conversation conversation_for(Tx& tx, const tenancy::Context& cx, std::string_view id,
                              std::string_view token) {
  // A token has 256 random bits: its hash needs no salt and no slowness. An id that no statement
  // could take looks like any other that is not there.
  const std::string hash = crypto::sha256_hex(token);
  std::optional<Conversation> found;
  if (id.size() == 2 * kIdBytes && crypto::from_hex(id))
    tx.each(
        "select id, commune, token_hash, created_at, last_at from conversation_conversation "
        "where tenant = $1 and id = $2",
        {cx.tenant, id}, [&](const Row& row) {
          if (crypto::equal_in_constant_time(row.text(2), hash))
            found = Conversation(cx.tenant, std::string(row.text(0)), std::string(row.text(1)),
                                 instant(row.integer(3)), instant(row.integer(4)));
        });
  if (!found) throw gone();
  return std::move(*found);
}

std::vector<Conversation> idle_since(Tx& tx, const tenancy::Context& cx, Instant before,
                                     std::size_t limit) {
  CHECK(cx.actor.kind == tenancy::Actor::Kind::system);
  std::vector<Conversation> found;
  tx.each(
      "select id, commune, created_at, last_at from conversation_conversation "
      "where tenant = $1 and last_at < $2 order by last_at, id limit $3",
      {cx.tenant, stored(before), static_cast<std::int64_t>(limit)}, [&](const Row& row) {
        found.push_back(Conversation(cx.tenant, std::string(row.text(0)), std::string(row.text(1)),
                                     instant(row.integer(2)), instant(row.integer(3))));
      });
  return found;
}

void set_last_at(Tx& tx, const Conversation& conversation, Instant now) {
  tx.run(
      "update conversation_conversation set last_at = $3 "
      "where tenant = $1 and id = $2 and last_at < $3",
      {conversation.tenant(), conversation.id(), stored(now)});
}

void set_verdict(Tx& tx, const Conversation& conversation, std::int64_t seq, Verdict verdict,
                 Instant now) {
  tx.run(
      "insert into conversation_feedback (tenant, conversation, seq, verdict, at) "
      "values ($1, $2, $3, $4, $5) on conflict (tenant, conversation, seq) "
      "do update set verdict = excluded.verdict, at = excluded.at",
      {conversation.tenant(), conversation.id(), seq, name(verdict), stored(now)});
}

std::map<std::int64_t, Verdict> verdicts(Tx& tx, const Conversation& conversation) {
  std::map<std::int64_t, Verdict> found;
  tx.each("select seq, verdict from conversation_feedback where tenant = $1 and conversation = $2",
          {conversation.tenant(), conversation.id()}, [&](const Row& row) {
            if (const auto verdict = verdict_named(row.text(1)))
              found.emplace(row.integer(0), *verdict);
          });
  return found;
}

void erase_rows(Tx& tx, const Conversation& conversation) {
  tx.run("delete from conversation_feedback where tenant = $1 and conversation = $2",
         {conversation.tenant(), conversation.id()});
  tx.run("delete from conversation_conversation where tenant = $1 and id = $2",
         {conversation.tenant(), conversation.id()});
}

}  // namespace parvis::conversation
