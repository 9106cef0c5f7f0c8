// Which section of a sheet answers the question first. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "answer/composer.hpp"
#include "answer/places.hpp"
#include "answer/sections.hpp"

namespace parvis::answer {

struct LeadChoice {
  std::size_t section = 0;
  std::optional<Facet> by_facet;  // the facet asked for, that the section states
  std::optional<Facet> absent;    // the facet asked for, that the sheet does not state
  bool by_sheet = false;          // the facet is answered by the sheet's own references
  bool stands_out = false;  // it has words of the question that few others have; of a sheet that is
                            // gone on with: it is likely to answer
  double odds = 0;          // of such a sheet: that it answers there, against nowhere
  bool far = false;         // hardly
  std::optional<std::size_t> also;  // of such a sheet, the next likeliest, where neither is sure
  bool doubtful = false;  // no section stands out and the sheet has few words of the question
};

// The section that states the facet asked for, by its heading, else by its pieces; else the one
// nearest to the question's own words when it stands out; else the introduction.
LeadChoice choose_lead(const knowledge::Document& document, const std::vector<Section>& all,
                       const std::vector<Relevance>& relevance, const std::vector<Facet>& asked,
                       const Question& question, Words& words);

// The same of a sheet that is gone on with: the likeliest place, where the sheet has what is asked
// by its name at all. `by_meaning`: passages were near.
LeadChoice choose_to_go_on(LeadChoice by_rule, std::span<const SheetPlace> all,
                           const std::vector<Section>& sections, const std::vector<Facet>& asked,
                           bool by_meaning);

// The section that states a facet, by its heading, else by its pieces.
std::optional<std::size_t> section_of(const knowledge::Document& document,
                                      const std::vector<Section>& all,
                                      const std::vector<Relevance>& relevance, Facet wanted,
                                      const Question& question);

// The introduction; else that of the branch that holds; else the first section of all. chosen: a
// branch was: its beginning before the introduction.
std::size_t first_sayable(const std::vector<Section>& all, bool chosen = false);

bool has(const std::vector<Facet>& facets, Facet facet);
bool headed(const Section& section, Facet facet);  // its own heading announces the facet

}  // namespace parvis::answer
