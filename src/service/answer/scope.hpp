// What a town hall's desk does not answer, where the words are clear: weather, recipes, sport,
// code, opinions on politics. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parvis::answer {

// A polite sentence with the next step, when the question is clearly outside; else nothing: the
// confidence decides.
std::optional<std::string> out_of_scope(std::string_view question);

// The service of the town whose hours, phone or address the question asks for ("la déchèterie"):
// its words, or nothing when the question asks for something else.
std::optional<std::string> asks_for_contact(std::string_view question);
// Asks when, where or how somebody is reached, whoever it is.
bool asks_to_reach(std::string_view question);

// What only the town could tell of itself, and no page of rights does: its works, feasts, accounts
// ("qui a sculpté la statue", "l'heure du feu d'artifice").
bool of_the_towns_life(std::string_view question);

}  // namespace parvis::answer
