#include "retrieval/glossary.hpp"

#include <algorithm>
#include <array>
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

struct Pattern {
  std::string word;
  bool beginning = false;
  bool fits(std::string_view reading) const {
    return beginning ? reading.starts_with(word) : reading == word;
  }
};

struct Form {
  std::vector<Pattern> words;
  std::size_t bytes = 0;
  std::string_view french;
};

template <typename Each>
void split(std::string_view text, std::string_view by, Each each) {
  while (!text.empty()) {
    const std::size_t at = std::min(text.find(by), text.size());
    if (at > 0) each(text.substr(0, at));
    text.remove_prefix(std::min(at + by.size(), text.size()));
  }
}

Form form_of(std::string_view written, std::string_view french) {
  Form form{.words = {}, .french = french};
  split(written, " ", [&](std::string_view word) {
    for (std::string& folded : folded_words(word)) {
      form.bytes += folded.size();
      form.words.push_back({.word = std::move(folded)});
    }
    if (!form.words.empty()) form.words.back().beginning = word.ends_with('*');
  });
  return form;
}

// By the first pattern.
using Index = std::unordered_map<std::string_view, std::vector<const Form*>>;

const Index& index() {
  static const auto forms = [] {
    std::vector<Form> out;
    for (const Notion& notion : notions())
      for (const std::string_view language : notion.forms)
        split(language, ", ", [&](std::string_view written) {
          if (Form form = form_of(written, notion.french); !form.words.empty())
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

bool fits(const Form& form, const Readings& all, std::size_t at, std::string_view first) {
  if (form.words.size() > all.size() - at || !form.words[0].fits(first)) return false;
  for (std::size_t i = 1; i < form.words.size(); ++i)
    if (std::ranges::none_of(all[at + i],
                             [&](std::string_view reading) { return form.words[i].fits(reading); }))
      return false;
  return true;
}

bool inside_letter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

const Form* longest_at(const Readings& all, std::size_t at) {
  const Form* best = nullptr;
  for (const std::string_view reading : all[at])
    for (std::size_t bytes = 2; bytes <= reading.size(); ++bytes) {
      if (bytes < reading.size() && inside_letter(reading[bytes])) continue;
      const auto found = index().find(reading.substr(0, bytes));
      if (found == index().end()) continue;
      for (const Form* form : found->second)
        if (longer(form, best) && fits(*form, all, at, reading)) best = form;
    }
  return best;
}

}  // namespace

std::string french_words(std::string_view text) {
  const std::vector<std::string> words = folded_words(text::utf8_prefix(text, kGlossaryBytes));
  Readings all;
  all.reserve(words.size());
  for (const std::string& word : words) all.push_back(readings(word));
  std::string out;
  std::unordered_set<std::string_view> said;
  for (std::size_t at = 0; at < all.size();) {
    const Form* form = longest_at(all, at);
    if (form == nullptr) {
      ++at;
      continue;
    }
    split(form->french, " ", [&](std::string_view word) {
      if (!said.insert(word).second) return;
      if (!out.empty()) out += ' ';
      out += word;
    });
    at += form->words.size();
  }
  return out;
}

}  // namespace parvis::retrieval
