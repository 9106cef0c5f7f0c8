#include "casework/case_work.hpp"

#include "casework/answers.hpp"
#include "casework/story.hpp"

namespace parvis::casework {

using db::Tx;

Opened opened(Tx& tx, const Case& row, const vault::Keys& keys,
              std::shared_ptr<const procedure::Definition> definition) {
  json::object answers = answers_of(row, keys);
  const bool draft = row.state() == State::draft;  // nothing happens to a draft
  std::vector<Piece> pieces = pieces_of(tx, row, keys);
  // What is deposited stays as it was deposited.
  if (draft) put_pieces(*definition, pieces, answers);
  return {.id = row.id(),
          .reference = row.reference(),
          .commune = row.commune(),
          .service = row.service(),
          .state = row.state(),
          .definition = std::move(definition),
          .answers = std::move(answers),
          .created_at = row.created_at(),
          .saved_at = row.saved_at(),
          .deposited_at = row.deposited_at(),
          .due = row.due(),
          .events = draft ? std::vector<Happened>() : events_of(tx, row, keys),
          .pieces = std::move(pieces),
          .reminders = !is_quiet(tx, row),
          .entry = entry_of(tx, row),
          .papers = draft ? std::vector<std::int64_t>() : papers_of(tx, row)};
}

vault::Keys keys_of(vault::Keyring& keyring, const tenancy::Context& cx, const Case& row) {
  try {
    return keyring.keys_for(cx, row.object());
  } catch (const Error& e) {
    if (e.code() == Errc::not_found) throw gone();  // erased since
    throw;
  }
}

bool awaits_look(Tx& tx, const Case& row, const Piece& piece) {
  return !piece.given && (piece.state == PieceState::checking || is_whole(tx, row, piece));
}
Error still_looking() { return {Errc::invalid, std::string(kStillLooking)}; }

Error deposited_already() {
  return {Errc::conflict, "Cette demande est déjà déposée. Suivez-la avec sa référence."};
}

}  // namespace parvis::casework
