#include "answer/phrases.hpp"

#include <algorithm>
#include <array>

#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kLongest = 24;  // letters; longer words are compared exactly

// Insertions, deletions, replacements and swaps between two short words.
std::size_t slips(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongest + 1>, kLongest + 1> d{};
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

bool word_matches(std::string_view word, std::string_view pattern, Spelling spelling) {
  if (pattern == "*") return true;
  const bool beginning = pattern.ends_with('*');
  if (beginning) pattern.remove_suffix(1);
  if (beginning ? word.starts_with(pattern) : word == pattern) return true;
  const std::size_t shortest = spelling == Spelling::forgiving ? 4
                               : spelling == Spelling::careful ? 6
                                                               : kLongest;
  if (pattern.size() < shortest || word.empty() || word[0] != pattern[0] ||
      word.size() > kLongest || pattern.size() > kLongest)
    return false;
  if (beginning) word = word.substr(0, pattern.size());
  return slips(word, pattern) <= (pattern.size() < 9 ? 1U : 2U);
}

bool small(std::string_view word) {
  static constexpr std::array kSmall = {"le"sv,  "la"sv,   "les"sv, "un"sv,   "une"sv,
                                        "je"sv,  "il"sv,   "on"sv,  "elle"sv, "t"sv,
                                        "est"sv, "vais"sv, "va"sv};
  return std::ranges::find(kSmall, word) != kSmall.end();
}

// The word after the row that begins at `at`; kNone when it does not stand there.
std::size_t row_end(const std::vector<std::string>& words, std::size_t at, std::string_view row,
                    Spelling spelling) {
  const std::size_t begin = at;
  while (!row.empty()) {
    const std::size_t end = std::min(row.find(' '), row.size());
    const std::string_view pattern = row.substr(0, end);
    row.remove_prefix(std::min(end + 1, row.size()));
    if (pattern == "_") {
      const std::size_t without = row_end(words, at, row, spelling);
      return without != kNone || at >= words.size() ? without
                                                    : row_end(words, at + 1, row, spelling);
    }
    while (spelling == Spelling::loose && at > begin && at < words.size() &&
           !word_matches(words[at], pattern, spelling) && small(words[at]))
      ++at;
    if (at >= words.size() || !word_matches(words[at], pattern, spelling)) return kNone;
    ++at;
  }
  return at;
}

}  // namespace

std::vector<std::string> folded_words(std::string_view text) {
  std::string whole = text::fold(text);
  constexpr std::array kSomebody = {"quelqu'un"sv, "quelqu un"sv, "quelqun"sv, "qqun"sv, "qqn"sv};
  for (const std::string_view each : kSomebody)
    for (std::size_t at = whole.find(each); at != std::string::npos; at = whole.find(each, at))
      whole.replace(at, each.size(), "quelquun");
  std::vector<std::string> out;
  for (text::Word& word : text::words(whole)) out.push_back(std::move(word.folded));
  return out;
}

std::optional<Place> find_phrase(const std::vector<std::string>& words,
                                 std::string_view alternatives, Spelling spelling) {
  while (!alternatives.empty()) {
    const std::size_t bar = std::min(alternatives.find('|'), alternatives.size());
    const std::string_view row = alternatives.substr(0, bar);
    const bool open = row.starts_with('*') || row.starts_with('_');
    for (std::size_t at = 0; at < words.size(); ++at) {
      // However it is spelt, a word begins as its pattern does.
      if (!open && !words[at].starts_with(row.substr(0, 1))) continue;
      if (const std::size_t end = row_end(words, at, row, spelling); end != kNone)
        return Place{at, end};
    }
    alternatives.remove_prefix(std::min(bar + 1, alternatives.size()));
  }
  return std::nullopt;
}

std::size_t phrase_at_start(const std::vector<std::string>& words, std::string_view alternatives) {
  std::size_t longest = 0;
  while (!words.empty() && !alternatives.empty()) {
    const std::size_t bar = std::min(alternatives.find('|'), alternatives.size());
    if (const std::size_t end = row_end(words, 0, alternatives.substr(0, bar), Spelling::exact);
        end != kNone)
      longest = std::max(longest, end);
    alternatives.remove_prefix(std::min(bar + 1, alternatives.size()));
  }
  return longest;
}

bool only_phrases(const std::vector<std::string>& words,
                  std::initializer_list<std::string_view> tables) {
  std::size_t at = 0;
  while (at < words.size()) {
    const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(at),
                                        words.end());
    std::size_t taken = 0;
    for (const std::string_view table : tables)
      taken = std::max(taken, phrase_at_start(rest, table));
    if (taken == 0) return false;
    at += taken;
  }
  return !words.empty();
}

}  // namespace parvis::answer
