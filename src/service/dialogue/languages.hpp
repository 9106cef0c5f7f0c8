// The agent's sentences in the languages it recognises. The answer itself is the official French
// text; these say so, and what to do. They state no fact but the number of help. Pure.
#pragma once

#include <string_view>

#include "text/language.hpp"

namespace parvis::dialogue {

struct Sentences {
  text::Language language;
  std::string_view code;
  std::string_view prevails;    // "here is the official sheet, in French; the French text prevails"
  std::string_view unsure;      // nothing is sure: other words, French, the town hall
  std::string_view words_only;  // only French is understood at the moment
  std::string_view danger;      // call 112
  std::string_view person;      // whom to speak to
};

// For a foreign language that is not one of these: those in English.
const Sentences& sentences(text::Language language);

}  // namespace parvis::dialogue
