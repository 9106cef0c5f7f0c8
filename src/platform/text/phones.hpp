// Phone numbers in a text. Inside the room: personal.hpp says what is found.
#pragma once

#include <cstddef>

#include "text/cells.hpp"

namespace parvis::text {

struct Phone {
  std::size_t end = 0;   // one past its last cell; 0: none begins here
  bool service = false;  // 08: anybody's to call, nobody's own
};

Phone phone_at(const Cells& cells, std::size_t begin);

}  // namespace parvis::text
