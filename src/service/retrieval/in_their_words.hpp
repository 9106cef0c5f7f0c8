// Which pages people ask for in words like a question's, in its own language.
//
// How people who write in seven languages put what each national sheet answers
// (data/phrasings_foreign.jsonl: lines {"id", "language", "said"}; written by hand from titles and
// summaries), searched by BM25 over runs of four letters (McNamee and Mayfield 2004: as good as
// stemming, in any language), so that the endings of Turkish or Ukrainian and the articles of
// Arabic need no rules. The vector of a question in another language tells what it is near to; this
// tells which words it has.
//
// Read at the first question of a language: that one takes a tenth of a second more, and 2 MB stay.
// Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "retrieval/anchors.hpp"

namespace parvis::retrieval {

inline constexpr std::array<std::string_view, 7> kTongues = {"ar", "en", "es", "pt",
                                                             "ro", "tr", "uk"};  // ISO 639-1

// Phrasings of one language. Immutable.
class InTheirWords {
 public:
  // said: by the id of the page; ids outlive it.
  explicit InTheirWords(const Phrasings& said);

  struct Asked {
    std::string_view id;
    double score = 0;
  };
  // The pages that are asked for in words like these, best first, each once.
  std::vector<Asked> asked(std::string_view question, std::size_t limit) const;

  // Of a language of kTongues; null for another.
  static const InTheirWords* of(std::string_view language);

 private:
  std::vector<std::string_view> ids_;
  struct Posting {
    std::uint32_t run;  // term_hash of four letters
    std::uint32_t page;
    friend auto operator<=>(const Posting&, const Posting&) = default;
  };
  std::vector<Posting> postings_;      // sorted, each once
  std::vector<std::uint32_t> length_;  // of a page: how many runs it has
};

}  // namespace parvis::retrieval
