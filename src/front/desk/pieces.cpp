#include "desk/pieces.hpp"

#include <algorithm>
#include <iterator>

#include "casework/receipt.hpp"
#include "procedure/items.hpp"

namespace parvis::desk {

using casework::Act;
using casework::PieceState;

std::vector<Piece> pieces_of(const casework::Opened& opened) {
  std::vector<Piece> out;
  for (const casework::Piece& file : opened.pieces) {
    if (!file.given) continue;
    const procedure::Field* asked = casework::file_question(*opened.definition, file.field);
    out.push_back({.label = asked != nullptr ? procedure::told_apart(*opened.definition,
                                                                     opened.answers, file.field)
                                             : std::string("Envoyé depuis"),
                   .state = file.field.empty() ? Piece::State::sent : Piece::State::with_form,
                   .at = file.created_at,
                   .file = file});
  }
  for (const casework::Happened& event : opened.events) {
    if (event.act == Act::ask_pieces)
      for (const std::string& label : casework::pieces_in(event))
        out.push_back({.label = label,
                       .state = Piece::State::asked,
                       .at = event.at,
                       .term = parse_iso_date(string_at(event.more, "term").value_or(""))});
    // What is given is all that was asked for (workflow.hpp).
    if (event.act == Act::give_pieces)
      for (Piece& piece : out)
        if (piece.state == Piece::State::asked) {
          piece.state = Piece::State::given;
          piece.at = event.at;
        }
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
