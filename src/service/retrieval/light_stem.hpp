// Light stems of Turkish, Ukrainian and Arabic: what a word keeps in all its cases.
//
// Snowball knows no Ukrainian; its Turkish needs the diacritics that people leave out, and its
// Arabic takes the first letter of words such as "car" for a prefix. A stem is compared with
// another one only: it is no word, and letters that change in a word are one in it.
//
// Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace parvis::retrieval {

// Of a word as the glossary folds it, by its letters: Arabic and Cyrillic ones, else Turkish. Empty
// when the word is too short to be told from others without its endings: fewer than three letters
// remain (Arabic), four (Ukrainian) or five (Turkish).
std::string light_stem(std::string_view folded);

bool is_arabic(std::string_view word);
bool is_cyrillic(std::string_view word);

}  // namespace parvis::retrieval
