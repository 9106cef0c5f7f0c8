#include "desk/pieces.hpp"

#include <algorithm>
#include <iterator>

#include "casework/receipt.hpp"
#include "procedure/values.hpp"

namespace parvis::desk {

using casework::Act;

std::vector<Piece> pieces_of(const casework::Opened& opened) {
  std::vector<Piece> out;
  for (const procedure::Step& step : opened.definition->steps)
    for (const procedure::Page& page : step.pages)
      for (const procedure::Field& field : page.fields) {
        const json::value* value = opened.answers.if_contains(field.id);
        if (field.type != procedure::Type::file || value == nullptr) continue;
        if (std::string names = procedure::shown(field, *value); !names.empty())
          out.push_back({.label = field.name + "\u00a0: " + names,
                         .state = Piece::State::with_form,
                         .at = opened.deposited_at.value_or(opened.saved_at),
                         .term = {}});
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

}  // namespace parvis::desk
