// The answer that one sheet gives. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "answer/facets.hpp"
#include "answer/places.hpp"

namespace parvis::answer {

// How well the sheet answers, beside another one.
struct Fit {
  std::optional<Facet> facet;  // asked for, and stated by the section that answers
  double strength = 0;         // of that section (sections.hpp)
  double odds = 0;             // of a sheet that is gone on with: that it answers
  bool headed = false;         // under a heading that names the facet
  bool lacks = false;          // what is asked for by its name: it states none, or a price without
                               // an amount
  bool told = false;           // it is of a branch that the citizen tells
  bool abroad = false;         // and that branch is of another country
};

// candidate.document has a body. The result has no confidence and no notices of the corpus yet.
Answer answer_from_sheet(const Question& question, const Candidate& candidate,
                         const ComposeContext& cx, Fit* fit = nullptr);

// The places of a sheet that is gone on with, as an answer weighs them, with their text and which
// of the candidate's passages stand there; the last is nowhere, and has none. For learning.
struct PlaceRead {
  PlaceSigns signs = {};
  std::string text;
  std::vector<std::size_t> passages;
};
std::vector<PlaceRead> places_of_sheet(const Question& question, const Candidate& candidate,
                                       const ComposeContext& cx);

Citation cite(const knowledge::Document& document, std::string section, std::string passage);

}  // namespace parvis::answer
