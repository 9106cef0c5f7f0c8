// What citizens write in another spelling than the sheets', put in theirs. Pure.
#pragma once

#include <string>
#include <string_view>

namespace parvis::dialogue {

// The short forms of text messages as words: "g perdu, jfé koi" is "j'ai perdu, je fais quoi". What
// is written otherwise stays as it is.
std::string spelled_out(std::string_view text);

// For a search: a thing that has a name of its own or that sheets know by its kind, with its kind
// after it: "j'ai vendu ma clio" and "voiture".
std::string with_kind(std::string_view text);

}  // namespace parvis::dialogue
