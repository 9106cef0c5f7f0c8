#include "desk/pieces.hpp"

#include <algorithm>
#include <iterator>

#include "casework/asks.hpp"
#include "casework/receipt.hpp"
#include "procedure/items.hpp"

namespace parvis::desk {

using casework::PieceState;

std::vector<Piece> pieces_of(const casework::Opened& opened) {
  const std::vector<casework::Ask> asks = casework::asks_of(opened.events);
  std::vector<Piece> out;
  for (const casework::Piece& file : opened.pieces) {
    if (!file.given) continue;
    const procedure::Field* question = casework::file_question(*opened.definition, file.field);
    const casework::Ask* ask = casework::find_ask(asks, file.ask);
    const bool back =
        ask != nullptr && std::ranges::find(ask->pieces, file.id) == ask->pieces.end();
    out.push_back({.label = question != nullptr ? procedure::told_apart(*opened.definition,
                                                                        opened.answers, file.field)
                            : ask != nullptr    ? ask->label
                                                : "Envoyé depuis",
                   .state = back                 ? Piece::State::sent_back
                            : file.field.empty() ? Piece::State::sent
                                                 : Piece::State::with_form,
                   .at = file.created_at,
                   .file = file});
  }
  for (const casework::Ask& ask : asks) {
    if (ask.state == casework::Ask::State::given && !ask.pieces.empty()) continue;  // its files
    out.push_back({.label = ask.label,
                   .state = ask.awaited()                               ? Piece::State::asked
                            : ask.state == casework::Ask::State::waived ? Piece::State::waived
                                                                        : Piece::State::given,
                   .at = ask.since,
                   .term = ask.awaited() ? ask.term : std::nullopt,
                   .said = ask.said});
  }
  std::vector<Piece> ordered;
  for (const bool waited : {true, false})
    std::ranges::copy_if(out, std::back_inserter(ordered), [&](const Piece& piece) {
      return (piece.state == Piece::State::asked) == waited;
    });
  return ordered;
}

bool can_be_opened(const casework::Piece& file) { return file.state == PieceState::kept; }

std::string standing(const casework::Piece& file) {
  switch (file.state) {
    case PieceState::kept:
      return "Contrôlé, peut être ouvert";
    case PieceState::waiting:
      return "Attend l’antivirus\u00a0: ne peut pas encore être ouvert";
    case PieceState::receiving:
    case PieceState::checking:
      return "En cours de contrôle\u00a0: ne peut pas encore être ouvert";
    case PieceState::refused:
      break;
  }
  return file.said.empty() ? std::string("Refusé au contrôle")
                           : "Refusé au contrôle\u00a0: " + file.said;
}

std::string type_words(const casework::Piece& file) {
  if (file.type == "application/pdf") return "PDF";
  if (file.type == "image/jpeg") return "Image JPEG";
  if (file.type == "image/png") return "Image PNG";
  return file.type.empty() ? std::string("Type inconnu") : file.type;
}

}  // namespace parvis::desk
