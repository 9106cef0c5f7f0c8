// What is asked of a subject (its cost, its delay, its documents…), in clumsy French, and which
// headings, blocks and sentences of a sheet state it. Pure.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "answer/pieces.hpp"

namespace parvis::answer {

enum class Facet {
  cost,
  amount,    // of an aid, a pension, compensation: "combien vais-je toucher"
  delay,     // how long it takes, until when
  validity,  // how long it holds
  documents,
  where,  // place, service, whom to write or speak to
  who,    // who may, conditions
  online,
  steps,  // how to do it
  legal,
  phone,  // a number to call
};
inline constexpr std::size_t kFacets = 11;

// The facets that the question asks for, most certain first. A long story is read where it asks.
std::vector<Facet> facets_of_question(std::string_view text);

// It has a word that asks, be it no question by its form: "et si j'en ai plus je dois le rendre".
bool has_question_words(std::string_view text);

// "Et pour mon frère ?": asks of somebody or something else what was asked before.
bool goes_on(std::string_view text);

// The facets that a heading announces ("Pièces à fournir", "Coût").
std::vector<Facet> facets_of_heading(std::string_view heading);

// A piece that states the facet, whatever its heading: an amount for the cost, a service for
// online, an address for where.
bool states(Facet facet, const Piece& piece);

// The question that asks for it: "Quels documents fournir ?".
std::string_view question_for(Facet facet);

// "le coût", "les délais": for "La fiche ne donne pas …".
std::string_view french(Facet facet);

}  // namespace parvis::answer
