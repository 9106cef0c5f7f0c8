// Phrases of folded words looked for in a text, as rules are written down. Pure.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parvis::answer {

// Words of a text: folded, elisions cut off ("l'école" → "ecole"); "quelqu'un", in any spelling, is
// the one word "quelquun".
std::vector<std::string> folded_words(std::string_view text);

enum class Spelling {
  exact,
  loose,      // small words may stand between: "combien [vais-]je payer", "quel [est le] prix"
  careful,    // one slip in a word of 6 letters or more, two from 9; the first letter stands
  forgiving,  // the same from 4 letters on: among few words that look like no others
};

struct Place {
  std::size_t begin = 0;  // first word
  std::size_t end = 0;    // after the last
};

// Where one of the alternatives stands in a row: "word word|word*|…". A * ends a word by its
// beginning; alone it is any word; _ is nothing or one word.
std::optional<Place> find_phrase(const std::vector<std::string>& words,
                                 std::string_view alternatives,
                                 Spelling spelling = Spelling::exact);
// How many words the longest alternative takes that stands at the first word; 0 when none does.
std::size_t phrase_at_start(const std::vector<std::string>& words, std::string_view alternatives);
inline bool starts_with_phrase(const std::vector<std::string>& words,
                               std::string_view alternatives) {
  return phrase_at_start(words, alternatives) > 0;
}

// Whether the words are nothing but phrases of the tables, one after the other; false for none.
bool only_phrases(const std::vector<std::string>& words,
                  std::initializer_list<std::string_view> tables);

inline bool has_phrase(const std::vector<std::string>& words, std::string_view alternatives,
                       Spelling spelling = Spelling::exact) {
  return find_phrase(words, alternatives, spelling).has_value();
}

}  // namespace parvis::answer
