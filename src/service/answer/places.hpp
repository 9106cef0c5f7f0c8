// Where a page says what is asked of it by who goes on with it: one of its sections, or nowhere.
//
// A conditional logit over its sections and one option more, that it does not say it; learnt by
// `parvis fit places` from the pairs of messages of dialogue/data/going_on.jsonl of which it is
// known where the page of the first answers the second. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "answer/facets.hpp"
#include "answer/said.hpp"
#include "answer/sections.hpp"

namespace parvis::answer {

enum class PlaceSign : std::uint8_t {
  words,     // log of one plus what its words are worth (Relevance::by_words)
  most,      // that, as a share of the most that a section has
  strength,  // Relevance::strength, of two at most
  heard,     // share of the question's own words that it has
  near,      // Relevance::nearness
  nearest,   // its share of that of all sections, where little more is worth much
  facet,     // under a heading that announces what is asked by its name
  states,    // it states it, whatever its heading
  first,     // the introduction
  opens,     // how many open branches it stands under, of two at most
  said,      // the share of it that was said
  length,    // log of one plus its words
  // 0 for every section:
  nowhere,  // 1
  asked,    // own words of the question, of eight at most, over four
  named,    // something is asked by its name
};
inline constexpr std::size_t kPlaceSigns = 15;
using PlaceSigns = std::array<double, kPlaceSigns>;

struct SheetPlace {
  std::optional<std::size_t> section;  // none: nowhere
  PlaceSigns signs = {};
};

// Those that can be said, in their order, then nowhere.
std::vector<SheetPlace> places(const std::vector<Section>& all,
                               const std::vector<Relevance>& relevance,
                               const std::vector<AskedTerm>& asked,
                               const std::vector<Facet>& facets, const Said& said);

// What the signs weigh, where passages were near in meaning, or by words alone.
const PlaceSigns& place_weights(bool by_meaning);

// A section, and the chance that it answers.
struct LikelyPlace {
  std::size_t section = 0;
  double chance = 0;
};
// Every section that can be said, likeliest first; with nowhere their chances add up to one.
std::vector<LikelyPlace> by_likelihood(std::span<const SheetPlace> all, const PlaceSigns& weights);

}  // namespace parvis::answer
