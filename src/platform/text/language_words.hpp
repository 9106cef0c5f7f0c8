// Words that tell a language in Latin letters, or Ukrainian from Russian. Inside the room: what
// language.cpp weighs. Immutable and thread-safe.
#pragma once

#include <array>
#include <string_view>

namespace parvis::text {

enum class Tongue { french, english, spanish, portuguese, turkish, romanian, italian, german };
inline constexpr std::size_t kTongues = 8;

// What a word says for each tongue. A word of several tongues says less for each.
struct Weights {
  std::array<double, kTongues> all{};  // words of grammar weigh 1, others kTopicWeight
  std::array<double, kTongues> grammar{};
  bool known = false;
};
inline constexpr double kTopicWeight = 0.7;

// `folded` as fold() makes it, with the dotless i as i; an apostrophe may stand in it ("don't").
Weights weights_of(std::string_view folded);

enum class Slavic { neither, ukrainian, russian };
Slavic slavic_word(std::string_view lower);  // Cyrillic, lower case

}  // namespace parvis::text
