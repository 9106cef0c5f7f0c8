#include "answer/places.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>

#include "answer/lead.hpp"

namespace parvis::answer {

std::vector<SheetPlace> places(const std::vector<Section>& all,
                               const std::vector<Relevance>& relevance,
                               const std::vector<AskedTerm>& asked,
                               const std::vector<Facet>& facets, const Said& said) {
  constexpr double kTwo = 2, kFewWords = 4, kManyWords = 8, kSharp = 8;
  std::uint64_t own = 0;
  for (const AskedTerm& term : asked)
    if (!term.known && term.word < 64) own |= std::uint64_t{1} << term.word;
  const auto words = static_cast<double>(std::popcount(own));
  double most = 0;
  for (const Relevance& one : relevance) most = std::max(most, one.by_words);
  double nearness = 0;  // of all
  const bool by_meaning =
      std::ranges::any_of(relevance, [](const Relevance& one) { return one.nearness > 0; });
  const auto sharp = [](const Relevance& one) { return std::exp(kSharp * (one.nearness - 1)); };
  std::vector<SheetPlace> out;
  const auto set = [&](PlaceSign sign, double value) {
    out.back().signs[static_cast<std::size_t>(sign)] = value;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Section& section = all[i];
    const Relevance& one = relevance[i];
    if (section.warning || !sayable(section)) continue;
    out.push_back({.section = i});
    std::string text;
    for (const Piece& piece : section.pieces) text.append(piece.text).push_back('\n');
    const bool headed =
        std::ranges::any_of(facets, [&](Facet facet) { return has(section.facets, facet); });
    const bool states_one = std::ranges::any_of(section.pieces, [&](const Piece& piece) {
      return piece.whole &&
             std::ranges::any_of(facets, [&](Facet facet) { return states(facet, piece); });
    });
    set(PlaceSign::words, std::log1p(one.by_words));
    set(PlaceSign::most, most > 0 ? one.by_words / most : 0);
    set(PlaceSign::strength, std::min(one.strength, kTwo));
    set(PlaceSign::heard, words > 0 ? std::popcount(one.heard & own) / words : 0);
    set(PlaceSign::near, one.nearness);
    set(PlaceSign::nearest, by_meaning ? sharp(one) : 0);
    nearness += sharp(one);
    set(PlaceSign::facet, headed ? 1 : 0);
    set(PlaceSign::states, states_one ? 1 : 0);
    set(PlaceSign::first, i == 0 ? 1 : 0);
    set(PlaceSign::opens, std::min(static_cast<double>(section.opens.size()), kTwo));
    set(PlaceSign::said, share_said(said, text));
    set(PlaceSign::length, std::log1p(static_cast<double>(words_of(section))));
  }
  for (SheetPlace& place : out)
    place.signs[static_cast<std::size_t>(PlaceSign::nearest)] /= nearness;
  out.emplace_back();
  set(PlaceSign::nowhere, 1);
  set(PlaceSign::asked, std::min(words, kManyWords) / kFewWords);
  set(PlaceSign::named, facets.empty() ? 0 : 1);
  return out;
}

const PlaceSigns& place_weights(bool by_meaning) {
  // `parvis fit places`, with the model on 4,185 messages of pages that its adapter had not seen
  // (docs/adr/2026-11-30-read-to-the-end.md), with --lexical on dialogue/data/going_on.jsonl.
  static constexpr PlaceSigns kByMeaning = {0.448,  0.456,  0.290, 1.432,  1.935,
                                            3.187,  0.535,  0.630, -1.442, -0.284,
                                            -0.470, -0.174, 2.843, -0.221, 0.494};
  static constexpr PlaceSigns kByWords = {0.586, 1.188,  0.343,  2.535, 0,     0,     1.072, 0.594,
                                          0.316, -0.523, -0.857, 0.289, 2.681, 0.253, 0.419};
  return by_meaning ? kByMeaning : kByWords;
}

std::vector<LikelyPlace> by_likelihood(std::span<const SheetPlace> all, const PlaceSigns& weights) {
  std::vector<double> scores;
  for (const SheetPlace& place : all)
    scores.push_back(std::inner_product(weights.begin(), weights.end(), place.signs.begin(), 0.0));
  const double top = scores.empty() ? 0 : std::ranges::max(scores);
  double sum = 0;
  std::vector<LikelyPlace> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double share = std::exp(scores[i] - top);
    sum += share;
    if (all[i].section) out.push_back({*all[i].section, share});
  }
  for (LikelyPlace& place : out) place.chance /= sum;
  std::ranges::sort(out, {}, [](const LikelyPlace& p) { return std::pair(-p.chance, p.section); });
  return out;
}

}  // namespace parvis::answer
