#include "text/tokens.hpp"

#include <libstemmer.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>

#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::text {
namespace {

using namespace std::string_view_literals;

constexpr std::array kElisions = {"l"sv,      "d"sv,      "j"sv,      "m"sv,     "t"sv,
                                  "s"sv,      "n"sv,      "c"sv,      "qu"sv,    "jusqu"sv,
                                  "lorsqu"sv, "puisqu"sv, "quelqu"sv, "quoiqu"sv};

// Words that carry no subject: function words, forms of être, avoir, faire, vouloir, pouvoir,
// devoir, and the politeness with which people write to an administration.
constexpr std::string_view kStopWords =
    " a ai aie ait ainsi alors apres as au aucun aucune aura aurai aurait aussi autre autres aux "
    "avais avait avant avec avez aviez avoir avons ayant beaucoup bien bonjour bonsoir c ca car ce "
    "ceci cela celle celles celui ces cet cette ceux chez ci comme comment cordialement d dans de "
    "depuis des dois doit doivent donc dont du elle elles en encore entre es est et etaient etait "
    "etant ete etes etre eu eux fais faire fait faut fois font ici il ils j jai je jusqu l la "
    "laquelle le lequel les lesquels leur leurs lors lorsqu lui m ma madame mais me meme memes "
    "merci mes mesdames messieurs mettre mon monsieur n ne ni nos notre nous on ont ou par parce "
    "pas peu peut peuvent peux plus plusieurs pour pouvez pourquoi pourrait pouvoir puis puisqu "
    "puisque qu quand que quel quelle quelles quels qui quoi quoiqu s sa sais salut sans savoir se "
    "sera serait serais ses si sommes son sont sous souhaite souhaiterais souhaiterai suis sur svp "
    "plait t ta te tel telle tes toi ton toujours tous tout toute toutes tres trop tu un une va "
    "vais veux veut voici voila voudrais voudrai vos votre vous vouloir y ";

const std::unordered_set<std::string_view>& stop_words() {
  static const auto set = [] {
    std::unordered_set<std::string_view> all;
    std::string_view rest = kStopWords;
    while (!rest.empty()) {
      const std::size_t at = rest.find(' ');
      if (at > 0) all.insert(rest.substr(0, at));
      if (at == std::string_view::npos) break;
      rest.remove_prefix(at + 1);
    }
    return all;
  }();
  return set;
}

bool is_word_character(UChar32 c) { return c >= 0 && (u_isalnum(c) != 0); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

std::vector<Word> words(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<Word> out;
  const auto size = static_cast<std::int32_t>(folded.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(folded.data(), i, size, c);
    if (!is_word_character(c)) continue;
    std::int32_t end = i;
    while (i < size) {
      U8_NEXT(folded.data(), i, size, c);
      if (!is_word_character(c)) break;
      end = i;
    }
    if (c >= 0 && !is_word_character(c)) i = end;  // the separator is looked at again
    std::string_view word(folded.data() + begin, static_cast<std::size_t>(end - begin));
    const bool elided = end < size && folded[static_cast<std::size_t>(end)] == '\'';
    if (elided && std::ranges::find(kElisions, word) != kElisions.end()) continue;
    const auto b = static_cast<std::size_t>(begin), e = static_cast<std::size_t>(end);
    // "C.N.I.": single letters joined by dots are one word. "12 000": groups of three digits too.
    if (!out.empty()) {
      Word& last = out.back();
      const std::string_view between = std::string_view(folded).substr(last.end, b - last.end);
      const bool initials = between == "." && word.size() == 1 && !is_digit(word[0]) &&
                            last.end - last.begin == 2 * last.folded.size() - 1;
      const bool thousands =
          (between == " " || between == ".") && word.size() == 3 && all_digits(word) &&
          all_digits(last.folded) && last.folded.size() <= 9 &&
          (last.folded.size() <= 3 || last.end - last.begin > last.folded.size());
      if (initials || thousands) {
        last.folded.append(word);
        last.end = e;
        continue;
      }
    }
    out.push_back({std::string(utf8_prefix(word, kWordBytes)), b, e});
  }
  return out;
}

bool is_stop_word(std::string_view folded) { return stop_words().contains(folded); }

bool akin(std::string_view stem, std::string_view other) {
  constexpr std::size_t kLeast = 5;  // letters: "mari" and "mariag" are two things
  const auto alike =
      static_cast<std::size_t>(std::ranges::mismatch(stem, other).in1 - stem.begin());
  return stem == other || (alike >= kLeast && 4 * alike >= 3 * std::max(stem.size(), other.size()));
}

std::string stem(std::string_view folded) {
  // libstemmer keeps its result in the stemmer: one a thread.
  thread_local const std::unique_ptr<sb_stemmer, StemmerDeleter> stemmer(
      sb_stemmer_new("french", "UTF_8"));
  CHECK(stemmer != nullptr);
  const sb_symbol* result =
      sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(folded.data()),
                      static_cast<int>(folded.size()));
  if (result == nullptr) return std::string(folded);
  return {reinterpret_cast<const char*>(result),
          static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

std::vector<std::string> terms(std::string_view text) {
  std::vector<std::string> out;
  for (const Word& word : words(text))
    if (!is_stop_word(word.folded)) out.push_back(stem(word.folded));
  return out;
}

std::uint32_t term_hash(std::string_view term) {
  std::uint32_t hash = 2166136261U;
  for (const char c : term) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

std::vector<std::string> sentences(std::string_view text) {
  static constexpr std::array kAbbreviations = {"art"sv, "al"sv, "m"sv,   "mme"sv, "mlle"sv,
                                                "etc"sv, "ex"sv, "n"sv,   "no"sv,  "tel"sv,
                                                "p"sv,   "cf"sv, "env"sv, "st"sv,  "ste"sv};
  std::vector<std::string> out;
  std::size_t begin = 0;
  auto flush = [&](std::size_t end) {
    std::string_view piece = text.substr(begin, end - begin);
    const auto blank = [](char c) { return c == ' ' || c == '\n'; };
    while (!piece.empty() && blank(piece.front())) piece.remove_prefix(1);
    while (!piece.empty() && blank(piece.back())) piece.remove_suffix(1);
    if (!piece.empty()) out.emplace_back(piece);
    begin = end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      flush(i + 1);
      continue;
    }
    if (c != '.' && c != '!' && c != '?') continue;
    if (i + 1 < text.size() && text[i + 1] != ' ' && text[i + 1] != '\n') continue;
    if (c == '.') {
      std::size_t start = i;
      while (start > begin && text[start - 1] != ' ' && text[start - 1] != '(') --start;
      const std::string last = fold(text.substr(start, i - start));
      const bool initial = last.size() == 1;
      if (initial || std::ranges::find(kAbbreviations, last) != kAbbreviations.end()) {
        if (last != "etc" ||
            (i + 2 < text.size() && !std::isupper(static_cast<unsigned char>(text[i + 2]))))
          continue;
      }
    }
    flush(i + 1);
  }
  flush(text.size());
  return out;
}

}  // namespace parvis::text
