// What the parts of Cases share: gates, keys and definition of one call, a case as it is opened,
// pieces that are handed in. Inside the room.
#pragma once

#include <memory>
#include <vector>

#include "base/error.hpp"
#include "casework/cases.hpp"
#include "vault/keyring.hpp"

namespace parvis::casework {

// As it stands in this transaction.
Opened opened(db::Tx& tx, const Case& row, const vault::Keys& keys,
              std::shared_ptr<const procedure::Definition> definition);

// The gate comes first, so that nobody makes the key store work for a case of others; each
// transaction that uses the keys passes it again.
vault::Keys keys_of(vault::Keyring& keyring, const tenancy::Context& cx, const Case& row);

// What the transactions of one call share, got before them.
struct Ready {
  vault::Keys keys;
  std::shared_ptr<const procedure::Definition> definition;
};
template <typename Gate>
Ready ready(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
            const tenancy::Context& cx, const Gate& gate) {
  const Case row = database.read(cx.tenant, gate);
  auto definition = catalogue.of(row.tenant(), row.procedure(), row.version());
  if (!definition) throw Error(Errc::failed, "the démarche of this case is not in the database");
  return {keys_of(keyring, cx, row), std::move(definition)};
}

inline auto citizen(const tenancy::Context& cx, std::string_view id, std::string_view token) {
  return [&cx, id, token](db::Tx& tx) { return case_for_citizen(tx, cx, id, token); };
}
inline auto staff(const tenancy::Context& cx, const Author& agent, std::string_view id) {
  return [&cx, &agent, id](db::Tx& tx) { return case_for_agent(tx, cx, id, agent); };
}

// All of it is there, and nobody has looked: whoever sent it counts on it.
bool awaits_look(db::Tx& tx, const Case& row, const Piece& piece);
Error still_looking();
Error deposited_already();

// Hands in the pieces that `wanted` says, and refuses to while one is looked at; those that were
// neither handed in nor wanted go: uploads that never ended, refused ones, answers to a question
// that is asked no more.
template <typename Wanted>
json::array hand_in(db::Tx& tx, const Case& row, const vault::Keys& keys,
                    std::vector<Piece>& pieces, const Wanted& wanted) {
  json::array given;
  for (Piece& piece : pieces) {
    if (piece.given) continue;
    if (wanted(piece) && awaits_look(tx, row, piece)) throw still_looking();
    if (!piece.answers() || !wanted(piece)) {
      erase_piece(tx, row, piece);
      continue;
    }
    piece.given = true;
    update_piece(tx, row, keys, piece);
    given.push_back(answer_of(piece));
  }
  std::erase_if(pieces, [](const Piece& piece) { return !piece.given; });
  return given;
}

}  // namespace parvis::casework
