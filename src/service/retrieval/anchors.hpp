// How others ask for a document: the words of the links that lead to it ("en cas de perte du
// passeport"), and phrasings: how citizens put what it answers ("jai paumé mon passeport").
//
// Both name a document in words that its own text may lack; they are searched and embedded beside
// it. A town writes those of its own sheets with them (Document::asked). Phrasings are written by
// hand for each national sheet, from its title, introduction and headings alone
// (data/phrasings.jsonl: lines {"id", "said"}); an id that is not imported is ignored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.hpp"

namespace parvis::retrieval {

// Texts that count as absent, folded: the questions a set is measured with, which would find
// themselves.
using Without = std::set<std::string, std::less<>>;
std::string comparable(std::string_view text);  // folded, punctuation and spaces evened out

// Each link of `document` to another sheet, first those in its text, then those in its lists of
// related questions and sheets: the words of the link and the id of the other. A dossier's own list
// gives the titles of its sheets, which say nothing new, and is left out.
enum class LinkPlace : std::uint8_t { text, list };
void each_link(
    const knowledge::Document& document,
    const std::function<void(std::string_view words, std::string_view id, LinkPlace place)>& fn);

// Of the national sheets, by id; in the file's order. Immutable; thread-safe.
using Phrasings = std::map<std::string, std::vector<std::string>, std::less<>>;
const Phrasings& phrasings();
std::string phrasings_digest();  // an index holds them as they were when it was made
// Lines that are not {"id": text, "said": [text…]} are left out, and those whose "language" is
// another; without it, it is French.
Phrasings read_phrasings(std::string_view jsonl, std::string_view language = "fr");

// Collected from all documents of a base, then asked for each. Not thread-safe while reading.
class Anchors {
 public:
  // Both outlive it. phrasings: of this base; empty when there are none.
  Anchors(const Phrasings& phrasings, const Without& without);

  void read(const knowledge::Document& document);

  // Distinct texts, cleaned, at most kAnchors: phrasings, then links.
  std::vector<std::string> of(std::string_view id) const;
  // Documents with a link to it in their text: their authors send readers there. A list of related
  // questions is the same on all sheets of a dossier and tells nothing.
  std::uint32_t links_in(std::string_view id) const;

 private:
  struct About {
    std::uint32_t links = 0;
    std::vector<std::string> words;
  };
  const Phrasings& phrasings_;
  const Without& without_;
  std::map<std::string, About, std::less<>> of_;
};

// The name of an anchor's vector: it is embedded as a question, and the same words may be a
// passage.
std::uint64_t anchor_hash(std::string_view text);

inline constexpr std::size_t kAnchors = 40;        // of one document: a page that all link to
inline constexpr std::size_t kAnchorBytes = 1000;  // of one of them; a longer one is left out

}  // namespace parvis::retrieval
