// French words for search: folded, elisions cut off, stop words known, Snowball stems.
// Pure; every function may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::text {

struct Word {
  std::string folded;     // "identite": letters and digits of fold(text), elision cut off
  std::size_t begin = 0;  // place in fold(text), bytes
  std::size_t end = 0;
};

// The words of a text, in order. "l'état" gives "etat", "C.N.I." gives "cni", "1er" stays whole,
// "12 000" gives "12000". A word longer than kWordBytes is cut.
std::vector<Word> words(std::string_view text);
inline constexpr std::size_t kWordBytes = 60;

bool is_stop_word(std::string_view folded);  // articles, pronouns, auxiliaries, politeness

// Snowball French stem of a folded word ("demandes" → "demand").
std::string stem(std::string_view folded);
// Two stems of one family, where the stemmer leaves two: "renonc" and "renonci" (renoncer,
// renonciation), "inscrir" and "inscriv". They begin alike for most of their length.
bool akin(std::string_view stem, std::string_view other);

// Stems of the words that are not stop words, in order: what is indexed and searched.
std::vector<std::string> terms(std::string_view text);

// A stable 32-bit name of a term (FNV-1a), for compact forward indexes.
std::uint32_t term_hash(std::string_view term);

// Sentences of a plain text, in order; an abbreviation ("art. 4", "M. X") does not end one.
std::vector<std::string> sentences(std::string_view text);

}  // namespace parvis::text
