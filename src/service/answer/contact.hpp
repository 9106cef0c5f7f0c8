// A service of the town as a citizen reads it now: who, where, when, open or not. Pure.
#pragma once

#include "answer/answer.hpp"
#include "base/time.hpp"
#include "directory/service.hpp"

namespace parvis::answer {

// now: wall clock of the town. hours: today's first, then the ordinary week, a line each.
Contact contact_of(const directory::Service& service, LocalTime now);

}  // namespace parvis::answer
