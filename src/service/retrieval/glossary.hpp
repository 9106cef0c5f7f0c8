// What a message in another language asks about, in the words of the French administration.
//
// Known are the notions of data/glossary.txt, in English, Spanish, Portuguese, Romanian, Turkish,
// Ukrainian and Arabic. Which language it is need not be known: it is the one in which most of the
// message is understood, so "dog" is never Turkish in an English sentence. A word that means
// something else in French stands there in a phrase that makes it clear, or not at all.
//
// Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parvis::retrieval {

// The French words for what a message names, in its order, each once, with a space between them:
// "I lost my passport" gives "perte passeport". Where two notions begin at the same word the longer
// one counts. An article or a possessive may stand inside a form. Empty when the message names
// nothing that is known. Of the first kGlossaryBytes.
std::string french_words(std::string_view text);
inline constexpr std::size_t kGlossaryBytes = 4096;

}  // namespace parvis::retrieval
