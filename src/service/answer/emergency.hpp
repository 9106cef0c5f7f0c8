// Danger comes before everything: by rule, then by meaning (intent/classifier). Pure and
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "answer/answer.hpp"
#include "intent/classifier.hpp"

namespace parvis::answer {

// The answer to a message that tells of a danger now (15, 17, 18, 112, 114, 115, 119, 3919, 3114),
// or nothing. question: cleaned text. The rules are phrases of people in danger, matched word by
// word with a misspelling allowed in each longer word: a mere mention ("numéro d'urgence", "permis
// de chasse perdu") is no phrase of theirs.
std::optional<Answer> emergency(std::string_view question);

// What else can be done, to who was told a danger and says that nobody answers the call: "la police
// répond pas". Nothing when that is not said, or somebody is said not to answer any more.
std::optional<Answer> nobody_answers(std::string_view question);

// The message without the turns of phrase that only look like danger ("en danger de redoubler"):
// what is to be heard by meaning.
std::string without_what_looks_dangerous(std::string_view question);

// What was heard by meaning, which may be a mistake, and says so. Nothing for a kind that is no
// danger.
std::optional<Answer> emergency(intent::Kind heard);

}  // namespace parvis::answer
