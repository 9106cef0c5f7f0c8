// A service of the town as a citizen reads it now: who, where, when, open or not. Pure.
#pragma once

#include "answer/answer.hpp"
#include "base/time.hpp"
#include "directory/service.hpp"

namespace parvis::answer {

// now: wall clock of the town. hours: today's first, then the ordinary week, a line each.
Contact contact_of(const directory::Service& service, LocalTime now);

// Its hours on a day: "de 9 h à 12 h", "fermée (jour férié : Noël)".
std::string hours_on(const directory::Service& service, CivilDate day);

}  // namespace parvis::answer
