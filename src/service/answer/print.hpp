// An answer for a terminal. Pure.
#pragma once

#include <string>

#include "answer/answer.hpp"

namespace parvis::answer {

// Lead, parts, choices, contact, notices, then the sources; plain text, a line each.
std::string render_text(const Answer& answer);

}  // namespace parvis::answer
