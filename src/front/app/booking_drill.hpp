// The bookings of `drill kill9 --work bookings`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "app/killing.hpp"

namespace parvis::app {

struct BookingsFound {
  int acknowledged = 0;  // booked, moved or cancelled, and told so
  int refused = 0;       // told that somebody else was first
  int repeated = 0;      // sent again
  int lost = 0;          // not as it was told
  int duplicated = 0;    // two that stand at the same time of the same seat
};

// A town with one agenda of one seat, open day and night: its folder.
std::filesystem::path booking_town(Scratch& scratch);

// Citizens book, move and cancel while the server is killed; then everything they were told is
// compared with what it has. The scratch has booking_town imported and KilledServer::kConfig.
BookingsFound drill_bookings(Scratch& scratch, std::uint64_t seed, int kills);

}  // namespace parvis::app
