// The name of a case that people say on the phone: "KILU-BAFO-7". Four syllables of a consonant and
// a vowel, then a check character that tells any one letter that is wrong and any two neighbours
// that changed places. It opens nothing: the citizen's token does. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parvis::casework {

// From random bits; 70^4 of them (24 million) differ, so whoever stores one looks for its like.
std::string reference_of(std::uint32_t random);

// As it is written, whatever the case, spaces and dashes ("kilu bafo 7"); nothing when the check
// character is not right.
std::optional<std::string> read_reference(std::string_view typed);

}  // namespace parvis::casework
