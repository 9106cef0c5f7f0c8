#include "answer/nearby.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "answer/lead_text.hpp"

namespace parvis::answer {
namespace {

constexpr double kNearest = 0.9;     // from there on a passage is as near as the nearest
constexpr std::size_t kQuoted = 60;  // words
constexpr std::size_t kFirstWords = 8;
constexpr int kHeard = 2;  // words of the question

// The first words of a plain text (Words::plain), a space after the last one.
std::string_view beginning(std::string_view plain) {
  std::size_t end = 0;
  for (std::size_t words = 0; words <= kFirstWords && end < plain.size(); ++words)
    end = std::min(plain.find(' ', end), plain.size() - 1) + 1;
  return plain.substr(0, end);
}

bool readable(const Piece& piece) {
  return piece.whole && (piece.kind == Piece::Kind::prose || piece.kind == Piece::Kind::notice ||
                         (piece.kind == Piece::Kind::list && !piece.text.starts_with("- ")));
}

// How far it can be quoted.
std::size_t readable_end(const Section& section, const Nearby& near) {
  std::size_t end = near.first, length = 0;
  for (; end < near.end && readable(section.pieces[end]); ++end) {
    length += section.pieces[end].words;
    if (length > kQuoted) break;
  }
  return end;
}

// Words of the question that a third of the sections have at most.
std::uint64_t rare(const std::vector<Relevance>& relevance) {
  std::array<std::size_t, 64> sections{};
  for (const Relevance& one : relevance)
    for (std::size_t bit = 0; bit < sections.size(); ++bit) sections[bit] += one.heard >> bit & 1;
  std::uint64_t out = 0;
  for (std::size_t bit = 0; bit < sections.size(); ++bit)
    if (3 * sections[bit] <= relevance.size()) out |= std::uint64_t{1} << bit;
  return out;
}

}  // namespace

std::vector<Nearby> nearby(std::span<const PassageHit> hits, const std::vector<Section>& all,
                           Words& words) {
  std::vector<Nearby> out;
  for (std::size_t number = 0; number < hits.size(); ++number) {
    const PassageHit& hit = hits[number];
    const std::string& passage = words.plain(hit.text);
    const std::string_view first = beginning(passage);
    for (std::size_t at = 0; at < all.size(); ++at) {
      const std::vector<Piece>& pieces = all[at].pieces;
      // A piece with fewer words than that is known by the next one.
      const auto begins = [&](const Piece& piece) {
        const std::string& plain = words.plain(piece.text);
        if (plain.contains(first)) return true;
        const bool last = &piece == &pieces.back();
        return !last && !plain.empty() && passage.starts_with(plain) &&
               passage.substr(plain.size() - 1)
                   .contains(beginning(words.plain((&piece + 1)->text)));
      };
      const auto begin = std::ranges::find_if(pieces, begins);
      if (begin == pieces.end()) continue;
      Nearby near{at, static_cast<std::size_t>(begin - pieces.begin()), 0, hit.score, number};
      near.end = near.first + 1;
      while (near.end < pieces.size() &&
             passage.contains(beginning(words.plain(pieces[near.end].text))))
        ++near.end;
      out.push_back(near);
    }
  }
  return out;
}

std::optional<Nearby> quoted(const std::vector<Nearby>& near, const std::vector<Section>& all,
                             const std::vector<Relevance>& relevance,
                             const std::vector<AskedTerm>& asked, Words& words) {
  const std::uint64_t telling = rare(relevance);
  std::optional<Nearby> best;
  std::pair<int, double> most;
  for (Nearby one : near) {
    const Section& section = all[one.section];
    if (one.score < kNearest || section.warning) continue;
    one.end = readable_end(section, one);
    std::uint64_t heard = relevance[one.section].headed;
    for (std::size_t i = one.first; i < one.end; ++i)
      heard |= heard_in(section.pieces[i].text, asked, words);
    if (one.first == one.end || leans_back(section.pieces[one.first].text)) continue;
    // Of a branch that the question does not name, more of its words are wanted.
    const bool named = std::ranges::all_of(section.opens, [&](const Open& open) {
      return open.path_at >= section.path.size() ||
             heard_in(section.path[open.path_at], asked, words) != 0;
    });
    const int rare_words = std::popcount(heard & telling);
    const std::pair score{rare_words, relevance[one.section].score};
    if (rare_words == 0 || std::popcount(heard) < kHeard + (named ? 0 : 1) ||
        (best && score <= most))
      continue;
    best = one;
    most = score;
  }
  return best;
}

std::string place_of(const Section& section) {
  std::string out = heading(section);
  for (const auto* titles : {&section.told, &section.assumed})
    for (const std::string& title : *titles)
      if (!out.contains(title)) out.append(out.empty() ? "" : " › ").append(title);
  return out;
}

std::string quote(const Nearby& near, const std::vector<Section>& all) {
  const Section& section = all[near.section];
  std::string out = place_of(section);
  const bool same_line = section.pieces[near.first].kind == Piece::Kind::prose;
  if (!out.empty()) out.append(same_line ? "\u00A0: " : "\u00A0:\n");
  for (std::size_t i = near.first; i < near.end; ++i)
    out.append(i == near.first ? "" : "\n").append(section.pieces[i].text);
  return out;
}

std::uint64_t heard_in(std::string_view text, const std::vector<AskedTerm>& asked, Words& words) {
  std::uint64_t heard = 0;
  for (const std::string& term : words.terms(text))
    for (const AskedTerm& one : asked)
      if (!one.known && one.word < 64 && one.term == term) heard |= std::uint64_t{1} << one.word;
  return heard;
}

bool has_half_of(std::uint64_t heard, const std::vector<AskedTerm>& asked) {
  std::uint64_t own = 0;
  for (const AskedTerm& one : asked)
    if (!one.known && one.word < 64) own |= std::uint64_t{1} << one.word;
  return own != 0 && 2 * std::popcount(heard) >= std::popcount(own);
}

}  // namespace parvis::answer
