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

// Says yes, whatever else: "oui je m'engage". folded: text::fold.
bool agrees(std::string_view folded);

// The folded text is one of these.
bool said_as(std::string_view folded, std::initializer_list<std::string_view> ways);

}  // namespace parvis::dialogue
