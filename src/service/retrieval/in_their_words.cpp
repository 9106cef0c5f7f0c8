#include "retrieval/in_their_words.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <set>

#include "retrieval/anchors.hpp"
#include "text/tokens.hpp"

// The file as it is in the source tree.
__asm__(
    ".section .rodata\n"
    "parvis_phrasings_foreign: .incbin \"" PARVIS_DATA
    "/phrasings_foreign.jsonl\"\nparvis_phrasings_foreign_end: .byte 0\n"
    ".global parvis_phrasings_foreign, parvis_phrasings_foreign_end\n"
    ".previous\n");
extern "C" const char parvis_phrasings_foreign[], parvis_phrasings_foreign_end[];

namespace parvis::retrieval {
namespace {

constexpr std::size_t kRun = 4;      // letters
constexpr double kLength = 0.5;      // how much a page with many phrasings gives way
constexpr std::size_t kWords = 100;  // of a question; what follows is not read

// The runs of four letters of each word, with a mark before its first: of a shorter one, all of it.
std::set<std::uint32_t> runs_of(std::string_view text) {
  std::set<std::uint32_t> out;
  const std::vector<text::Word> words = text::words(text);
  for (std::size_t w = 0; w < std::min(words.size(), kWords); ++w) {
    const std::string word = "^" + words[w].folded;
    std::vector<std::size_t> letters;  // where each begins
    for (std::size_t i = 0; i < word.size(); ++i)
      if ((static_cast<unsigned char>(word[i]) & 0xC0U) != 0x80U) letters.push_back(i);
    letters.push_back(word.size());
    const std::size_t count = letters.size() - 1;
    for (std::size_t i = 0; i + kRun <= std::max(count, kRun); ++i) {
      const std::size_t end = letters[std::min(i + kRun, count)];
      out.insert(text::term_hash(std::string_view(word).substr(letters[i], end - letters[i])));
    }
  }
  return out;
}

}  // namespace

InTheirWords::InTheirWords(const Phrasings& said) {
  for (const auto& [id, all] : said) {
    std::set<std::uint32_t> runs;
    for (const std::string& each : all) runs.merge(runs_of(each));
    const auto page = static_cast<std::uint32_t>(ids_.size());
    for (const std::uint32_t run : runs) postings_.push_back({run, page});
    ids_.push_back(id);
    length_.push_back(static_cast<std::uint32_t>(runs.size()));
  }
  std::ranges::sort(postings_);
}

std::vector<InTheirWords::Asked> InTheirWords::asked(std::string_view question,
                                                     std::size_t limit) const {
  const auto pages = static_cast<double>(ids_.size());
  const double mean = static_cast<double>(postings_.size()) / std::max(pages, 1.0);
  std::vector<double> score(ids_.size());
  for (const std::uint32_t run : runs_of(question)) {
    const auto with = std::ranges::equal_range(postings_, run, {}, &Posting::run);
    const auto n = static_cast<double>(with.size());
    const double rarity = std::log1p((pages - n + 0.5) / (n + 0.5));
    for (const Posting& each : with)
      score[each.page] += rarity / (1 + kLength * length_[each.page] / mean);
  }
  std::vector<Asked> out;
  for (std::size_t page = 0; page < score.size(); ++page)
    if (score[page] > 0) out.push_back({ids_[page], score[page]});
  const std::size_t n = std::min(limit, out.size());
  std::ranges::partial_sort(out, out.begin() + static_cast<std::ptrdiff_t>(n), {},
                            [](const Asked& a) { return std::pair(-a.score, a.id); });
  out.resize(n);
  return out;
}

const InTheirWords* InTheirWords::of(std::string_view language) {
  const auto at = std::ranges::find(kTongues, language);
  if (at == kTongues.end()) return nullptr;
  struct Tongue {
    std::once_flag once;
    Phrasings said;
    std::optional<InTheirWords> words;
  };
  static std::array<Tongue, kTongues.size()> all;
  Tongue& tongue = all[static_cast<std::size_t>(at - kTongues.begin())];
  std::call_once(tongue.once, [&] {
    tongue.said =
        read_phrasings({parvis_phrasings_foreign, parvis_phrasings_foreign_end}, language);
    tongue.words.emplace(tongue.said);
    for (auto& [id, said] : tongue.said) said = {};  // the ids stay
  });
  return &*tongue.words;
}

}  // namespace parvis::retrieval
