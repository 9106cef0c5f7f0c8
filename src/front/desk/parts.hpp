// Parts that a case's page and the forms of its acts share. Inside the room. Pure.
#pragma once

#include <string>

#include "desk/case_pages.hpp"

namespace parvis::desk {

std::string at_words(Instant at, Zone zone);  // "samedi 28 novembre 2026, à 14 h 32"
std::string service_name(const Shown& shown, const std::string& id);
html::Html state_line(const Shown& shown);  // state, deadline, service, commune, in tags and words
html::Html answers(const casework::Opened& opened);
// One thing that happened, as an item of a timeline.
html::Html happened(const Shown& shown, const casework::Happened& event);

}  // namespace parvis::desk
