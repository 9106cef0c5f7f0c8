// Which language a message is in, well enough on the few misspelt words that people type.
//
// Three witnesses are weighed: the script; words that people of each language use when they ask an
// administration for something (language_words.hpp); and the letter statistics of cld2, which knows
// some eighty languages, and which on a few words takes French without accents for English or
// Catalan. French has the benefit of the doubt: a foreign language needs more than one borrowed
// word, and cld2 alone never makes a message English. Figures: docs/measurements.md.
//
// Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace parvis::text {

enum class Language : std::uint8_t {
  unknown,  // too little to tell, or two as likely: to be treated as French
  french,
  english,
  arabic,
  spanish,
  portuguese,
  turkish,
  ukrainian,
  romanian,
  other,  // surely not French, and none of these
};

struct LanguageGuess {
  Language language = Language::unknown;
  // ISO 639-1 of `language`; for `other` that of cld2 or of the script, lower case, "" when no one
  // knows. Lives as long as the program.
  std::string_view code;
  // That it is `language`, 0 to 1: it orders guesses, and kLanguageSure parts those that are told
  // from "unknown", whose confidence is 0. It is not a measured frequency.
  double confidence = 0;
  bool operator==(const LanguageGuess&) const = default;
};

// Of the first kLanguageBytes. Addresses, numbers and initials in capitals say nothing. A message
// in two languages is of the one that says more, or unknown. Not seen: Arabic or Russian in Latin
// letters, regional languages of France.
LanguageGuess language_of(std::string_view text);
inline constexpr std::size_t kLanguageBytes = 4096;
inline constexpr double kLanguageSure = 0.6;

// Neither French nor unknown: a language to be answered with the notice that French prevails.
bool is_foreign(Language language);

}  // namespace parvis::text
