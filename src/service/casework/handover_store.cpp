#include "casework/handover_store.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace parvis::casework {
namespace {

std::int64_t stored(Instant instant) { return instant.time_since_epoch().count(); }

std::string hash_of(std::string_view code) {
  return crypto::sha256_hex(std::string("parvis handover ").append(code));
}

crypto::Key key_of(const tenancy::Context& cx, std::string_view code) {
  return *crypto::Key::from_bytes(
      crypto::hkdf_sha256(code, cx.tenant, "parvis handover 1", crypto::kKeyBytes));
}

std::string place_of(const tenancy::Context& cx) {
  return crypto::joined({"casework_handover", cx.tenant});
}

}  // namespace

Secret<std::string> new_code() { return Secret(crypto::random_hex(kCodeBytes)); }

bool code_like(std::string_view text) {
  return text.size() == 2 * kCodeBytes && crypto::from_hex(text).has_value();
}

void hand_over(db::Tx& tx, const tenancy::Context& cx, const Secret<std::string>& code,
               const Handover& what) {
  CHECK(what.note.size() <= kHandoverNoteMax);
  const std::string plain = json::serialize(
      json::object{{"id", what.id}, {"token", what.token.reveal()}, {"note", what.note}});
  tx.run("delete from casework_handover where tenant = $1 and (case_id = $2 or expires_at < $3)",
         {cx.tenant, what.id, stored(cx.now)});
  tx.run(
      "insert into casework_handover (tenant, code_hash, case_id, sealed, expires_at) "
      "values ($1, $2, $3, $4, $5)",
      {cx.tenant, hash_of(code.reveal()), what.id,
       db::Blob(crypto::seal(key_of(cx, code.reveal()), place_of(cx), plain)),
       stored(cx.now + kHandoverLife)});
}

std::optional<Handover> take_over(db::Tx& tx, const tenancy::Context& cx, std::string_view code) {
  if (!code_like(code)) return std::nullopt;
  std::string sealed;
  tx.each(
      "delete from casework_handover where tenant = $1 and code_hash = $2 and expires_at >= $3 "
      "returning sealed",
      {cx.tenant, hash_of(code), stored(cx.now)},
      [&](const db::Row& row) { sealed = row.blob(0); });
  if (sealed.empty()) return std::nullopt;
  const auto plain = crypto::open(key_of(cx, code), place_of(cx), sealed);
  if (!plain) return std::nullopt;
  const auto value = parse_json(*plain);
  if (!value || !value->is_object()) return std::nullopt;
  const json::object& object = value->get_object();
  return Handover{.id = std::string(string_at(object, "id").value_or("")),
                  .token = Secret(std::string(string_at(object, "token").value_or(""))),
                  .note = std::string(string_at(object, "note").value_or(""))};
}

}  // namespace parvis::casework
