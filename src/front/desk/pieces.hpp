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
    asked,      // waited for
    given,      // asked for, and there
  };
  std::string label;
  State state = State::asked;
  Instant at{};                   // asked or given
  std::optional<CivilDate> term;  // asked
};
// Those that are waited for first.
std::vector<Piece> pieces_of(const casework::Opened& opened);

}  // namespace parvis::desk
