#include "retrieval/glossary.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "retrieval/glossary_words.hpp"
#include "retrieval/light_stem.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using namespace std::string_view_literals;

// Letters that fold() keeps and that people do not: the dotless i, the last letters of Arabic
// words, Persian keyboards' for two of them, the stroke that only lengthens one, and a rare г.
constexpr std::array kLetters = {std::pair{"ı"sv, "i"sv}, std::pair{"ة"sv, "ه"sv},
                                 std::pair{"ى"sv, "ي"sv}, std::pair{"ی"sv, "ي"sv},
                                 std::pair{"ک"sv, "ك"sv}, std::pair{"ـ"sv, ""sv},
                                 std::pair{"ґ"sv, "г"sv}};

void simplify(std::string& word) {
  for (const auto& [from, to] : kLetters)
    for (std::size_t at = word.find(from); at != std::string::npos; at = word.find(from, at))
      word.replace(at, from.size(), to);
}

// Without the apostrophes inside Ukrainian words: "сім'я" is typed "сімя" as well.
std::string joined(std::string_view text) {
  static constexpr std::array kApostrophes = {"'"sv, "’"sv, "ʼ"sv, "`"sv};
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto* mark = std::ranges::find_if(
        kApostrophes, [&](std::string_view one) { return rest.starts_with(one); });
    if (mark != kApostrophes.end() && at >= 2 && is_cyrillic(text.substr(at - 2)) &&
        is_cyrillic(rest.substr(mark->size()))) {
      at += mark->size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> out;
  for (text::Word& word : text::words(joined(text))) {
    simplify(word.folded);
    if (!word.folded.empty()) out.push_back(std::move(word.folded));
  }
  return out;
}

// What Arabic writes before a word and in one with it: "and", "so", "in", "for", "like", "the".
constexpr std::array kPrefixes = {"ال"sv, "وال"sv, "بال"sv, "لل"sv, "فال"sv, "كال"sv, "ولل"sv,
                                  "و"sv,  "ب"sv,   "ل"sv,   "ف"sv,  "وب"sv,  "ول"sv,  "وبال"sv};
constexpr std::size_t kStemBytes = 6;  // three Arabic letters must remain

// One way to take a word of the message.
struct Reading {
  std::string_view word;
  std::string stem;
};

// A word that bears no ending is what it says: "teacher" of Arabic is not its "school".
Reading reading_of(std::string_view word) {
  Reading out = {word, light_stem(word)};
  if (out.stem == word) out.stem.clear();
  return out;
}

// The word itself, then what remains without each of the prefixes.
std::vector<Reading> readings(std::string_view word) {
  std::vector<Reading> out = {reading_of(word)};
  if (!is_arabic(word)) return out;
  for (const std::string_view prefix : kPrefixes)
    if (word.starts_with(prefix) && word.size() >= prefix.size() + kStemBytes)
      out.push_back(reading_of(word.substr(prefix.size())));
  return out;
}

template <typename Each>
void split(std::string_view text, std::string_view by, Each each) {
  while (!text.empty()) {
    const std::size_t at = std::min(text.find(by), text.size());
    if (at > 0) each(text.substr(0, at));
    text.remove_prefix(std::min(at + by.size(), text.size()));
  }
}

// Whether `rest` is an ending of each stage, or none, in their order.
bool is_ending(std::string_view rest, std::span<const std::string_view> stages) {
  if (rest.empty()) return true;
  if (stages.empty()) return false;
  bool found = is_ending(rest, stages.subspan(1));
  split(stages[0], " ", [&](std::string_view ending) {
    found = found ||
            (rest.starts_with(ending) && is_ending(rest.substr(ending.size()), stages.subspan(1)));
  });
  return found;
}

bool inside_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

struct Pattern {
  enum class As : std::uint8_t { whole, beginning, inflected, stem };  // a stem is no word yet
  std::string word;
  As as = As::whole;
  std::string light;  // its light_stem(), empty when it has none in its language

  bool fits(const Reading& reading, std::size_t language) const {
    return spells(reading.word, language) || (!light.empty() && light == reading.stem);
  }
  bool spells(std::string_view reading, std::size_t language) const {
    if (as == As::whole) return reading == word;
    if (!reading.starts_with(word)) return false;
    const std::string_view rest = reading.substr(word.size());
    if (as == As::stem && rest.empty()) return false;
    return as == As::beginning || is_ending(rest, endings(language));
  }
};

struct Form {
  std::vector<Pattern> words;
  std::size_t bytes = 0;
  std::string_view french;
  std::size_t language = 0;
};

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, std::not_fn(inside_letter)));
}

std::string_view last_letter(std::string_view word) {
  std::size_t at = word.size() - 1;
  while (at > 0 && inside_letter(word[at])) --at;
  return word.substr(at);
}

// A word of Turkish, Ukrainian or Arabic in its own letters; what is whole or a beginning has none.
std::string light_of(const std::string& word, std::size_t language) {
  const std::string_view name = kGlossaryLanguages[language];
  const bool own = name == "ar"   ? is_arabic(word)
                   : name == "uk" ? is_cyrillic(word)
                                  : name == "tr" && !is_arabic(word) && !is_cyrillic(word);
  return own ? light_stem(word) : std::string();
}

// A word is inflected when it is long enough for its endings not to make another word of it. Then
// its last letter is itself one when final_letters() has it: "довідка" is "довідк" with an ending.
Pattern pattern_of(std::string word, bool beginning, bool inflected, std::size_t language) {
  if (beginning) return {std::move(word), Pattern::As::beginning, {}};
  const std::size_t least = is_arabic(word) ? 3 : 4;  // letters; Arabic writes few vowels
  if (!inflected && letters(word) < least) return {std::move(word), Pattern::As::whole, {}};
  std::string light = light_of(word, language);
  const std::string_view last = last_letter(word);
  if (letters(word) <= least || !final_letters(language).contains(last))
    return {std::move(word), Pattern::As::inflected, std::move(light)};
  word.resize(word.size() - last.size());
  return {std::move(word), Pattern::As::stem, std::move(light)};
}

Form form_of(std::string_view written, std::string_view french, std::size_t language) {
  Form form{.words = {}, .french = french, .language = language};
  split(written, " ", [&](std::string_view word) {
    std::vector<std::string> parts = folded_words(word);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const char last = i + 1 == parts.size() ? word.back() : ' ';
      form.bytes += parts[i].size();
      form.words.push_back(pattern_of(std::move(parts[i]), last == '*', last == '~', language));
    }
  });
  return form;
}

// By the first pattern: its word, and its light stem.
using ByWord = std::unordered_map<std::string_view, std::vector<const Form*>>;
struct Index {
  ByWord by_word, by_stem;
};

const Index& index() {
  static const auto forms = [] {
    std::vector<Form> out;
    for (const Notion& notion : notions())
      for (std::size_t language = 0; language < notion.forms.size(); ++language)
        split(notion.forms[language], ", ", [&](std::string_view written) {
          if (Form form = form_of(written, notion.french, language); !form.words.empty())
            out.push_back(std::move(form));
        });
    return out;
  }();
  static const Index all = [] {
    Index out;
    for (const Form& form : forms) {
      const Pattern& first = form.words[0];
      out.by_word[first.word].push_back(&form);
      if (!first.light.empty()) out.by_stem[first.light].push_back(&form);
    }
    return out;
  }();
  return all;
}

using Readings = std::vector<std::vector<Reading>>;

// Articles and possessives, one of which may stand between two words of a form: "cancel my
// contract".
constexpr std::string_view kBetween =
    "a an the my our your his her their this el la los las un una mi mis su sus o os as um uma meu "
    "minha seu sua bir мій мою моє мого моєї свій свою своє свого своєї";

bool may_stand_between(const std::vector<Reading>& readings) {
  static const auto all = [] {
    std::unordered_set<std::string> out;
    for (std::string& word : folded_words(kBetween)) out.insert(std::move(word));
    return out;
  }();
  return all.contains(std::string(readings[0].word));
}

// How many words the form takes up from `at` on; 0 when it does not stand there.
std::size_t length_at(const Form& form, const Readings& all, std::size_t at, const Reading& first) {
  if (!form.words[0].fits(first, form.language)) return 0;
  std::size_t next = at + 1;
  for (std::size_t i = 1; i < form.words.size(); ++i) {
    auto here = [&] {
      return std::ranges::any_of(all[next], [&](const Reading& reading) {
        return form.words[i].fits(reading, form.language);
      });
    };
    if (next < all.size() && !here() && may_stand_between(all[next])) ++next;
    if (next == all.size() || !here()) return 0;
    ++next;
  }
  return next - at;
}

struct Match {
  const Form* form = nullptr;
  std::size_t length = 0;  // words of the text
  bool spelt = false;      // its first word, not its stem alone
};

// Of as many words, one that is spelt as the form is counts before one of the same stem.
bool longer(const Form& form, bool spelt, const Match& than) {
  if (than.form == nullptr) return true;
  return std::tuple(form.words.size(), spelt, form.bytes) >
         std::tuple(than.form->words.size(), than.spelt, than.form->bytes);
}

Match longest_at(const Readings& all, std::size_t at, std::size_t language) {
  Match best;
  const auto look = [&](const ByWord& forms, std::string_view key, const Reading& reading) {
    const auto found = forms.find(key);
    if (found == forms.end()) return;
    for (const Form* form : found->second) {
      if (form->language != language) continue;
      const bool spelt = form->words[0].spells(reading.word, language);
      if (!longer(*form, spelt, best)) continue;
      if (const std::size_t length = length_at(*form, all, at, reading); length > 0)
        best = {form, length, spelt};
    }
  };
  for (const Reading& reading : all[at]) {
    for (std::size_t bytes = 1; bytes <= reading.word.size(); ++bytes)
      if (bytes == reading.word.size() || !inside_letter(reading.word[bytes]))
        look(index().by_word, reading.word.substr(0, bytes), reading);
    if (!reading.stem.empty()) look(index().by_stem, reading.stem, reading);
  }
  return best;
}

// What a message says when it is taken for one language.
struct Understood {
  std::vector<std::string_view> french;  // of the notions, in order
  std::size_t bytes = 0;                 // of the message's words that name them
};

Understood understand(const Readings& all, std::size_t language) {
  Understood out;
  for (std::size_t at = 0; at < all.size();) {
    const Match match = longest_at(all, at, language);
    const Form* const form = match.form;
    if (form != nullptr) out.french.push_back(form->french);
    const std::size_t next = at + std::max<std::size_t>(match.length, 1);
    for (; at < next; ++at)
      if (form != nullptr) out.bytes += all[at][0].word.size();
  }
  return out;
}

}  // namespace

std::string french_words(std::string_view text) {
  const std::vector<std::string> words = folded_words(text::utf8_prefix(text, kGlossaryBytes));
  Readings all;
  all.reserve(words.size());
  for (const std::string& word : words) all.push_back(readings(word));
  Understood best;
  for (std::size_t language = 0; language < kGlossaryLanguages.size(); ++language)
    if (Understood now = understand(all, language); now.bytes > best.bytes) best = std::move(now);
  std::string out;
  std::unordered_set<std::string_view> said;
  for (const std::string_view french : best.french)
    split(french, " ", [&](std::string_view word) {
      if (!said.insert(word).second) return;
      if (!out.empty()) out += ' ';
      out += word;
    });
  return out;
}

}  // namespace parvis::retrieval
