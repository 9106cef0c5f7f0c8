// The agent's sentences in the languages it recognises. The answer itself is the official French
// text; these say so, and what to do. They state no fact but the number of help. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialogue/hear.hpp"
#include "text/language.hpp"

namespace parvis::dialogue {

struct Sentences {
  text::Language language;
  std::string_view code;
  std::string_view prevails;    // "here is the official sheet, in French; the French text prevails"
  std::string_view doubtful;    // after it: the page may be another than the one wanted
  std::string_view unsure;      // nothing is sure: other words, French, the town hall
  std::string_view words_only;  // only French is understood at the moment
  std::string_view danger;      // call 112
  std::string_view person;      // whom to speak to
  std::string_view hello;       // what it is, and that a question may be asked
  std::string_view welcome;     // after thanks
};

// What a message asks of a subject, where the words of its language are clear.
struct ForeignAsk {
  std::string_view french;  // "combien ça coûte", or empty
  bool reach = false;       // the phone, the hours of a service
  bool brief = false;       // a few words, or a few more where `french` says what they ask
  bool child = false;       // of a child
  bool student = false;     // of somebody who studies
  bool overseas = false;    // by somebody who is no European, as far as it tells
  std::size_t end = 0;      // of a brief question that it begins with, else of all
};
ForeignAsk foreign_ask(std::string_view text, text::Language language);

struct ForeignMessage {
  std::string text;
  text::LanguageGuess language;
  ForeignAsk asked;
};

// A greeting, thanks or a wish for a person in words that only this language has: one word of them
// is enough, which is too short to guess a language from.
struct Courtesy {
  const Sentences* sentences = nullptr;
  Act act = Act::greeting;
};
std::optional<Courtesy> courtesy(std::string_view text);

// For a foreign language that is not one of these: those in English.
const Sentences& sentences(text::Language language);

}  // namespace parvis::dialogue
