// Passages of a sheet that are near the question in meaning: where they stand, and which of them
// is quoted. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "answer/sections.hpp"
#include "answer/words.hpp"

namespace parvis::answer {

// Pieces [first, end) of a section.
struct Nearby {
  std::size_t section = 0;
  std::size_t first = 0, end = 0;
  double score = 0;     // of the passage, 0 to 1
  std::size_t hit = 0;  // which passage
};

// A passage stands where its first words are, once or in several branches.
std::vector<Nearby> nearby(std::span<const PassageHit> hits, const std::vector<Section>& all,
                           Words& words);

// The one to quote beside the lead: of those next to the nearest, whole sentences that can be read
// alone, with at least two words of the question, one of which few sections have.
std::optional<Nearby> quoted(const std::vector<Nearby>& near, const std::vector<Section>& all,
                             const std::vector<Relevance>& relevance,
                             const std::vector<AskedTerm>& asked, Words& words);

// The headings and the branches that a section stands under; empty for the introduction.
std::string place_of(const Section& section);

// Its text, under them.
std::string quote(const Nearby& near, const std::vector<Section>& all);

// Words of the question, as bits (Relevance::heard), that a text has.
std::uint64_t heard_in(std::string_view text, const std::vector<AskedTerm>& asked, Words& words);

// Half of the question's own words at least; never of a question that has none.
bool has_half_of(std::uint64_t heard, const std::vector<AskedTerm>& asked);

}  // namespace parvis::answer
