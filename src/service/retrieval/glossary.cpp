#include "retrieval/glossary.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "retrieval/glossary_words.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

using namespace std::string_view_literals;

// Letters that fold() keeps and that people do not: the dotless i, the last letters of Arabic
// words, and the stroke that only lengthens one.
constexpr std::array kLetters = {std::pair{"ı"sv, "i"sv}, std::pair{"ة"sv, "ه"sv},
                                 std::pair{"ى"sv, "ي"sv}, std::pair{"ـ"sv, ""sv}};

void simplify(std::string& word) {
  for (const auto& [from, to] : kLetters)
    for (std::size_t at = word.find(from); at != std::string::npos; at = word.find(from, at))
      word.replace(at, from.size(), to);
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> out;
  for (text::Word& word : text::words(text)) {
    simplify(word.folded);
    if (!word.folded.empty()) out.push_back(std::move(word.folded));
  }
  return out;
}

// What Arabic writes before a word and in one with it: "and", "so", "in", "for", "like", "the".
constexpr std::array kPrefixes = {"ال"sv, "وال"sv, "بال"sv, "لل"sv, "فال"sv, "كال"sv, "ولل"sv,
                                  "و"sv,  "ب"sv,   "ل"sv,   "ف"sv,  "وب"sv,  "ول"sv,  "وبال"sv};
constexpr std::size_t kStemBytes = 6;  // three Arabic letters must remain

bool is_arabic(std::string_view word) {
  return word.starts_with("\xD8") || word.starts_with("\xD9");
}

// The word itself, then what remains without each of the prefixes.
std::vector<std::string_view> readings(std::string_view word) {
  std::vector<std::string_view> out = {word};
  if (!is_arabic(word)) return out;
  for (const std::string_view prefix : kPrefixes)
    if (word.starts_with(prefix) && word.size() >= prefix.size() + kStemBytes)
      out.push_back(word.substr(prefix.size()));
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
  bool fits(std::string_view reading, std::size_t language) const {
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

// A word is inflected when it is long enough for its endings not to make another word of it. Then
// its last letter is itself one when final_letters() has it: "довідка" is "довідк" with an ending.
Pattern pattern_of(std::string word, bool beginning, bool inflected, std::size_t language) {
  if (beginning) return {std::move(word), Pattern::As::beginning};
  const std::size_t least = is_arabic(word) ? 3 : 4;  // letters; Arabic writes few vowels
  if (!inflected && letters(word) < least) return {std::move(word), Pattern::As::whole};
  const std::string_view last = last_letter(word);
  if (letters(word) <= least || !final_letters(language).contains(last))
    return {std::move(word), Pattern::As::inflected};
  word.resize(word.size() - last.size());
  return {std::move(word), Pattern::As::stem};
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

// By the first pattern.
using Index = std::unordered_map<std::string_view, std::vector<const Form*>>;

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
    for (const Form& form : forms) out[form.words[0].word].push_back(&form);
    return out;
  }();
  return all;
}

bool longer(const Form* a, const Form* b) {
  if (a == nullptr || b == nullptr) return b == nullptr && a != nullptr;
  return std::pair(a->words.size(), a->bytes) > std::pair(b->words.size(), b->bytes);
}

using Readings = std::vector<std::vector<std::string_view>>;

// Articles and possessives, one of which may stand between two words of a form: "cancel my
// contract".
constexpr std::string_view kBetween =
    "a an the my our your his her their this el la los las un una mi mis su sus o os as um uma meu "
    "minha seu sua bir мій мою моє мого моєї свій свою своє свого своєї";

bool may_stand_between(const std::vector<std::string_view>& readings) {
  static const auto all = [] {
    std::unordered_set<std::string> out;
    for (std::string& word : folded_words(kBetween)) out.insert(std::move(word));
    return out;
  }();
  return all.contains(std::string(readings[0]));
}

// How many words the form takes up from `at` on; 0 when it does not stand there.
std::size_t length_at(const Form& form, const Readings& all, std::size_t at,
                      std::string_view first) {
  if (!form.words[0].fits(first, form.language)) return 0;
  std::size_t next = at + 1;
  for (std::size_t i = 1; i < form.words.size(); ++i) {
    auto here = [&] {
      return std::ranges::any_of(all[next], [&](std::string_view reading) {
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
};

Match longest_at(const Readings& all, std::size_t at, std::size_t language) {
  Match best;
  for (const std::string_view reading : all[at])
    for (std::size_t bytes = 2; bytes <= reading.size(); ++bytes) {
      if (bytes < reading.size() && inside_letter(reading[bytes])) continue;
      const auto found = index().find(reading.substr(0, bytes));
      if (found == index().end()) continue;
      for (const Form* form : found->second) {
        if (form->language != language || !longer(form, best.form)) continue;
        if (const std::size_t length = length_at(*form, all, at, reading); length > 0)
          best = {form, length};
      }
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
    const auto [form, length] = longest_at(all, at, language);
    if (form != nullptr) out.french.push_back(form->french);
    const std::size_t next = at + std::max<std::size_t>(length, 1);
    for (; at < next; ++at)
      if (form != nullptr) out.bytes += all[at][0].size();
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
