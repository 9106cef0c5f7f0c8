// The server is killed again and again while citizens deposit; then each deposit that it
// acknowledged is there, once.
#pragma once

#include <cstdint>

#include "app/killing.hpp"

namespace parvis::app {

struct Deposits {
  int acknowledged = 0;
  int repeated = 0;            // sent again, since no answer came
  std::size_t lost = 0;        // acknowledged, and not there as it was acknowledged
  std::size_t duplicated = 0;  // more cases than were asked for
};

// A town with one démarche, for the scratch; imported by its folder.
std::filesystem::path deposit_town(Scratch& scratch);

// deposit_town is imported in the home, which has KilledServer::kConfig.
Deposits drill_deposits(Scratch& scratch, std::uint64_t seed, int kills);

}  // namespace parvis::app
