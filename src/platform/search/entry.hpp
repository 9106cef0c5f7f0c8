// One document as the index sees it. The index knows words, vectors and groups; what a document is
// stays with its owner, who gives a key and gets keys back.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace parvis::search {

// Where a word stands. Weight = how many times it counts in BM25; chosen in docs/measurements.md.
enum class Field : std::uint8_t { title, summary, headings, body, anchors };
inline constexpr std::size_t kFields = 5;
inline constexpr std::array<std::uint32_t, kFields> kFieldWeights = {8, 3, 2, 1, 2};

struct Entry {
  std::string key;                         // unique in its index, at most 200 bytes
  std::array<std::string, kFields> field;  // plain text of each field
  std::vector<std::uint64_t> passages;     // text_hash of each passage to embed; the first is the
                                           // title with its summary
  std::vector<std::uint64_t> anchors;      // text_hash of each short text that others ask for it
                                           // with, to embed too
  std::vector<std::uint32_t> groups;       // outermost first: audience, theme, subtheme, dossier
  std::uint32_t links_in = 0;              // documents that point to this one
};

// Stable name of a text in the vector cache: the first 64 bits of its SHA-256.
std::uint64_t text_hash(std::string_view text);

inline constexpr std::size_t kIndexDocuments = 1'000'000;  // a larger index is refused

}  // namespace parvis::search
