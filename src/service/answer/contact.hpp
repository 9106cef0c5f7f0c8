// A service of the town as a citizen reads it now: who, where, when, open or not. Pure.
#pragma once

#include <string>
#include <string_view>

#include "answer/answer.hpp"
#include "base/time.hpp"
#include "directory/service.hpp"

namespace parvis::answer {

// now: wall clock of the town. hours: today's first, then the ordinary week, a line each.
Contact contact_of(const directory::Service& service, LocalTime now);

// Its hours on a day: "de 9 h à 12 h", "fermée (jour férié : Noël)".
std::string hours_on(const directory::Service& service, CivilDate day);

// Who it is, whether it is open (or `hours`, where told instead), and how to call it: by the number
// whose label, up to a comma, has a word of what was asked, else by the first.
std::string in_brief(const Contact& contact, std::string_view asked = {},
                     std::string_view hours = {});

}  // namespace parvis::answer
