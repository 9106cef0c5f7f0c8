// The server is killed again and again while citizens write to it; then what it acknowledged is
// compared with what it has.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/scratch.hpp"

namespace parvis::app {

struct Messages {
  int killed = 0;
  int conversations = 0;
  int acknowledged = 0;        // messages with their answer
  int repeated = 0;            // sent again, since no answer came
  std::size_t lost = 0;        // acknowledged, and not there as it was acknowledged
  std::size_t duplicated = 0;  // there more than once, or answered more than once
};

// Something is imported in the home, which has KilledServer::kConfig.
Messages drill_messages(Scratch& scratch, std::uint64_t seed);

}  // namespace parvis::app
