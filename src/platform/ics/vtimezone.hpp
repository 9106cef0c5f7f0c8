// The VTIMEZONE of a zone, for the years that some events need. Inside the room.
#pragma once

#include "base/time.hpp"
#include "ics/libical.hpp"

namespace parvis::ics {

// Says when the clocks of `zone` change from a year before `first` to `last`: by a yearly rule when
// the changes follow one, else one by one.
OwnedComponent vtimezone(const Zone& zone, Instant first, Instant last);

}  // namespace parvis::ics
