// A sheet, read for one citizen, as sections in order: each heading with what stands right under
// it. Sections are what is scored, said and cited. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "answer/facets.hpp"
#include "answer/pieces.hpp"
#include "answer/tree.hpp"
#include "answer/vocabulary.hpp"
#include "answer/words.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

struct Open {
  const knowledge::Block* group = nullptr;   // the situations or cases; else what has the condition
  const knowledge::Block* branch = nullptr;  // null for a condition
  std::size_t path_at = 0;                   // where its title stands in the path
};

struct Section {
  std::vector<std::string> path;  // headings, outermost first; empty for the introduction
  std::vector<const knowledge::Block*> blocks;  // null: the place of cases left open
  std::vector<Piece> pieces;
  std::string passage;            // headings and the whole text, as it may be cited
  std::vector<Facet> own_facets;  // of its own heading
  std::vector<Facet> facets;      // those; else of the nearest heading around it
  std::optional<std::size_t> parent;
  std::size_t depth = 0;
  // The open branches and undecided conditions around it, outermost first: it holds only under
  // them. Empty when it holds for everyone who has told what is told.
  std::vector<Open> opens;
  // The group whose branches all say this section in the same words, when they do. What is open
  // inside is then open in each of them: it is chosen by its title alone (shared_value).
  const knowledge::Block* shared_by = nullptr;
  std::vector<const knowledge::Block*> groups;  // open groups that stand right in this section
  // Branches read here or around here: their titles, and the groups of those that are assumed.
  std::vector<std::string> told, assumed;
  std::vector<const knowledge::Block*> assumed_groups;
  bool warning = false;  // a dated notice on the whole sheet
  bool way = false;      // one of the ways to do what its parent says: "En ligne", "Par courrier"
};

bool sayable(const Section& section);  // has a piece that may be said alone
std::size_t words_of(const Section& section);
std::string heading(const Section& section);        // "Pièces à fournir › L'enfant a un passeport"
std::string short_heading(const Section& section);  // the innermost

// Branches that do not hold are left out; those told or assumed are read as part of the section
// where they stand; each open one is a section of its own, under its condition. What several open
// branches of a group say in the same words under the same heading is one section: of all of them,
// it holds for everyone; of some of them, its path names those.
std::vector<Section> sections(const knowledge::Document& document, const Reading& reading);

// Items that every branch of an open group lists, in the order of the first branch: what holds for
// everyone. Empty when they share fewer than two.
std::vector<std::string> common_items(const knowledge::Block& group, const Reading& reading);

struct Relevance {
  double score = 0;     // orders sections of one sheet
  double by_words = 0;  // the part of it that its words have
  double strength = 0;  // telling words of the question it has: 1 in a heading, ½ in its text
  // Words of the question, as bits in their order, that stand in its text and in its own heading;
  // those of the sheet's title are left out.
  std::uint64_t heard = 0, headed = 0;
  double nearness = 0;  // of its nearest passage in meaning, 0 to 1; in the score
};

// How much each section is about the question; same order as `all`. Stems weigh by how few sections
// have them, those of headings more; words of the sheet's title tell little inside it; a word that
// administrations use for one of the question's (vocabulary.hpp) counts for a part of it.
std::vector<Relevance> relevance(const std::vector<Section>& all,
                                 const std::vector<AskedTerm>& asked, Words& words);

// The branch of an open group whose sections alone have enough of the question's words to be
// assumed; nothing when none stands out. terms: how many words the question has.
const knowledge::Block* likely_branch(const knowledge::Block& group,
                                      const std::vector<Section>& all,
                                      const std::vector<Relevance>& relevance, std::size_t terms);

}  // namespace parvis::answer
