// What citizens write, as answers of a form and as names of démarches. Pure.
#pragma once

#include <expected>
#include <set>
#include <string>
#include <string_view>

#include "dialogue/filling.hpp"

namespace parvis::dialogue {

// A value of the field in what the citizen wrote; null: none; else what is wrong with it.
std::expected<json::value, std::string> value_in(const Draft& draft, const procedure::Field& field,
                                                 std::string_view text,
                                                 const json::object& answers);

// What opens a correction is cut off: "non, c'est le 12" → "le 12". Empty when it is none.
std::string corrected(std::string_view text);

// Begins with yes and takes nothing of it back: "oui je m'engage", and not "oui mais", "oui ?".
bool agrees(std::string_view text);

// Nothing but yes is said: "oui merci", "d'accord, envoyez". With a question mark it is asked
// whether all is well, and confirms() is false.
bool says_yes(std::string_view text);
bool confirms(std::string_view text);

// Without the marks of what was masked: "[adresse électronique masquée]" asks for no address.
std::string unmarked(std::string text);
// Without what was masked and the words that lead to it: ", mon numéro de sécu c'est […]" is no
// part of what is asked. The whole of it when that is all.
std::string without_masked(std::string_view text);
// What was typed was masked, and is kept nowhere: the text is no answer.
bool is_masked(std::string_view text);

// A name is asked for, and a sentence is said: "la directrice refuse", "je sais pas". What opens a
// name is none: "je m'appelle Ana".
bool is_sentence_for_name(const procedure::Field& field, std::string_view text);

// The folded text is one of these.
bool said_as(std::string_view folded, std::initializer_list<std::string_view> ways);

}  // namespace parvis::dialogue
