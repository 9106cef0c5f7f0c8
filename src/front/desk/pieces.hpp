// The pieces of a case, whoever gives them and however: what came with the form, what was asked for
// since, and what of it is there. The one place that says so. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/cases.hpp"

namespace parvis::desk {

struct Piece {
  enum class State : std::uint8_t {
    with_form,  // a file of the answers
    asked,      // waited for; for the second time, `said` tells why
    given,      // asked for, and there
    sent,       // a file that came since, on line or by mail
    sent_back,  // one that did not do
    waived,     // asked for, and needed no more
  };
  std::string label;  // the question's, or what was asked for
  State state = State::asked;
  Instant at{};                                        // asked or given
  std::optional<CivilDate> term = std::nullopt;        // asked
  std::optional<casework::Piece> file = std::nullopt;  // with_form, sent, sent_back
  std::string said = {};                               // why
};
// Those that are waited for first. Files that were not handed in are their citizen's alone.
std::vector<Piece> pieces_of(const casework::Opened& opened);

// How a file stands, for an agent: "Peut être ouvert", and what is missing else.
std::string standing(const casework::Piece& file);
bool can_be_opened(const casework::Piece& file);
std::string type_words(const casework::Piece& file);  // "PDF"

}  // namespace parvis::desk
