#include "retrieval/light_stem.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace parvis::retrieval {
namespace {

using namespace std::string_view_literals;

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Endings, longest first.
using Endings = std::vector<std::string_view>;

Endings endings_of(std::string_view spaced) {
  Endings out;
  while (!spaced.empty()) {
    const std::size_t at = std::min(spaced.find(' '), spaced.size());
    if (at > 0) out.push_back(spaced.substr(0, at));
    spaced.remove_prefix(std::min(at + 1, spaced.size()));
  }
  std::ranges::sort(out, std::ranges::greater(), &std::string_view::size);
  return out;
}

// Cuts the longest of the endings that leaves `least` letters; whether there is one.
bool cut(std::string_view& word, const Endings& endings, std::size_t least) {
  for (const std::string_view ending : endings) {
    if (!word.ends_with(ending)) continue;
    const std::string_view rest = word.substr(0, word.size() - ending.size());
    if (letters(rest) < least) continue;
    word = rest;
    return true;
  }
  return false;
}

bool starts_with_any(std::string_view word, std::span<const std::string_view> all) {
  return std::ranges::any_of(all, [&](std::string_view one) { return word.starts_with(one); });
}

// Two bytes a letter, in Arabic and Cyrillic alike.
constexpr std::size_t kLetter = 2;

std::string arabic(std::string_view word) {
  static constexpr std::size_t kLeast = 3;
  static constexpr std::array kArticles = {"وال"sv, "بال"sv, "كال"sv, "فال"sv,
                                           "ولل"sv, "ال"sv,  "لل"sv};
  // Whose it is, the plural, who did it; a word bears several: "my cars" two.
  static const Endings endings = endings_of("ها هم هن كم كن نا ني تم وا ات ون ين ان يه ه ي ك ت ا");
  for (const std::string_view article : kArticles)
    if (word.starts_with(article) && word.size() >= article.size() + kLeast * kLetter) {
      word.remove_prefix(article.size());
      break;
    }
  while (cut(word, endings, kLeast)) {
  }
  if (letters(word) < kLeast) return {};
  // Who does it is said by the first letter: "I renew", "she renews", "we renew".
  static constexpr std::array kPersons = {"ا"sv, "ت"sv, "ن"sv};
  if (letters(word) > kLeast && starts_with_any(word, kPersons))
    return "ي" + std::string(word.substr(kLetter));
  return std::string(word);
}

constexpr std::array kVowels = {"а"sv, "у"sv, "ю"sv, "я"sv, "о"sv, "е"sv, "і"sv, "и"sv, "є"sv};

bool is_one_of(std::string_view letter, std::span<const std::string_view> all) {
  return std::ranges::find(all, letter) != all.end();
}

std::string_view last_letter(std::string_view word) { return word.substr(word.size() - kLetter); }

std::string ukrainian(std::string_view word) {
  static constexpr std::size_t kLeast = 4;
  static const Endings reflexive = endings_of("ся сь");
  // With й as и and ї as і, as fold() writes them: of nouns, of adjectives, of verbs.
  static const Endings endings = endings_of(
      "а у ю я о е і и є ь ові еві єві ом ем єм ою ею єю ів еи ам ям ами ями ах ях "
      "ии ого ому оі іи их іх им ім ими іми "
      "еш єш иш іш емо ємо имо ете єте ите уть ють ать ять ить іть "
      "ити ати яти іти ути оти ив ила ило или ав ала ало али яв яла яло яли іла іло іли ув ула "
      "уло ули ола оло оли "
      "іі ія ію ією іє лю лять лимо лиш");
  static const Endings themes = endings_of("увати ував увала ували ую уєш ує уємо уєте ують");
  cut(word, reflexive, kLeast);
  if (!cut(word, themes, kLeast + 1)) cut(word, endings, kLeast);
  static const Endings soft = endings_of("ь і");
  cut(word, soft, kLeast);
  if (letters(word) < kLeast) return {};
  std::string stem(word);
  const auto end_as = [&](std::string_view from, std::string_view to) {
    if (stem.ends_with(from) && letters(stem) > kLeast)
      stem.replace(stem.size() - from.size(), from.size(), to);
  };
  end_as("нн", "н");  // "навчання", "навчань"
  end_as("ок", "к");  // "податок", "податку"
  end_as("ец", "ц");  // "українець", "українця"
  end_as("ц", "к");   // "довідка", "довідці"
  end_as("з", "г");   // "допомога", "допомозі"
  end_as("с", "х");
  // "договір", "договору"; "вечір", "вечора": a vowel that one consonant closes.
  static constexpr std::array kChanging = {"е"sv, "і"sv};
  const std::size_t vowel = stem.size() - 2 * kLetter;
  if (!is_one_of(last_letter(stem), kVowels) &&
      is_one_of(std::string_view(stem).substr(vowel, kLetter), kChanging))
    stem.replace(vowel, kLetter, "о");
  return stem;
}

// Those after which "di" is "ti".
bool is_voiceless(char c) { return "cfhkpst"sv.contains(c); }

std::string turkish(std::string_view word) {
  static constexpr std::size_t kLeast = 5;
  // As they are typed without diacritics.
  static const Endings verbs = endings_of(
      "mak mek dim dum dik duk di du dilar diler dular iyor uyor iyorum uyorum iyoruz uyoruz "
      "iyorlar uyorlar yor yorum yoruz acak ecek acagim ecegim acagiz ecegiz mis mus misim misiz "
      "mali meli maliyim meliyim abilir ebilir abilirim ebilirim abiliriz ebiliriz yabilirim "
      "yebilirim yabiliriz yebiliriz digim dugum digimi maliyiz meliyiz mam mem mayi meyi");
  static const Endings hard = endings_of("tim tum tik tuk ti tu tilar tiler tigim tugum");
  static const Endings cases = endings_of(
      "i u yi yu ni nu a e ya ye na ne da de ta te nda nde dan den tan ten ndan nden in un nin nun "
      "yla yle la le si su sini sunu sina sine sinda sinde sindan sinden sinin sunun");
  static const Endings whose = endings_of("m im um miz muz imiz umuz niz nuz iniz unuz");
  static const Endings plural = endings_of("lar ler");
  static const Endings vowels = endings_of("a e i o u");
  std::string_view rest = word;
  const bool cut_hard = cut(rest, hard, kLeast) && is_voiceless(rest.back());
  if (cut_hard || (rest = word, cut(rest, verbs, kLeast))) {
    word = rest;
  } else {
    cut(word, cases, kLeast);
    cut(word, whose, kLeast);
    cut(word, plural, kLeast);
  }
  cut(word, vowels, kLeast);
  if (word.size() < kLeast) return {};
  std::string stem(word);
  // "kimlik", "kimligi"; "kitap", "kitabi".
  if (stem.back() == 'g') stem.back() = 'k';
  if (stem.back() == 'b') stem.back() = 'p';
  if (stem.back() == 'd') stem.back() = 't';
  return stem;
}

}  // namespace

bool is_arabic(std::string_view word) {
  return word.starts_with("\xD8") || word.starts_with("\xD9");
}

bool is_cyrillic(std::string_view word) {
  return word.starts_with("\xD0") || word.starts_with("\xD1") || word.starts_with("\xD2");
}

std::string light_stem(std::string_view folded) {
  if (is_arabic(folded)) return arabic(folded);
  if (is_cyrillic(folded)) return ukrainian(folded);
  return turkish(folded);
}

}  // namespace parvis::retrieval
