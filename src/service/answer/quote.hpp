// What a sheet says of one thing that is asked before a démarche: its price, its delay, the
// documents. Quoted from the section that states it, with that section as its citation, and judged
// like any answer (verify.hpp): what the sheet does not state is not there. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "answer/composer.hpp"
#include "answer/facets.hpp"

namespace parvis::answer {

struct Quote {
  Facet facet;
  std::string text;  // lines, as a part of an answer
  Citation citation;
};

// In the order price, documents, delay. matter: what is wanted, in words, which tells the branch of
// the sheet ("Demander un acte de naissance"). sheet has a body.
std::vector<Quote> quotes(const knowledge::Document& sheet, std::string_view matter,
                          const ComposeContext& cx);

// "Prix, selon « Carte d'identité »".
std::string title_of(const Quote& quote);

}  // namespace parvis::answer
