// What citizens write in another spelling than the sheets', put in theirs. Pure.
#pragma once

#include <string>
#include <string_view>

namespace parvis::dialogue {

// The short forms of text messages as words: "g perdu, jfé koi" is "j'ai perdu, je fais quoi". What
// is written otherwise stays as it is.
std::string spelled_out(std::string_view text);

// For a search: what sheets know by its kind, with its kind after it ("un canapé" and
// "encombrants"), or instead of a name that tells nothing else ("ma clio" is "ma voiture").
std::string with_kind(std::string_view text);

// For a search: without a day of the week that only tells when ("il est mort dimanche"). One that
// is spoken of stays ("se marier un dimanche", "la collecte du jeudi").
std::string without_bare_days(std::string_view text);

}  // namespace parvis::dialogue
