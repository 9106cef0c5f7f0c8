// Whose facts they are: "mon copain est brésilien et moi française" tells of two people, and "il
// doit fournir quoi lui ?" asks for one of them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "answer/traits.hpp"

namespace parvis::answer {

enum class Whose { unsaid, own, others };

// Of whom a text asks: of who writes, or of somebody they told about. Unsaid where it names both or
// nobody; "il faut" is nobody.
Whose whose(std::string_view text);

// What a text tells. Where it tells one thing of who writes and another of somebody else (two
// nationalities, two ages), only what it tells of the one asked for.
Described described_for(Whose person, std::string_view text);

// What a text tells that somebody does to who writes: "mon voisin fait la fête", "mon employeur
// refuse, il dit que…". The words after each such person, folded, to the end of what is told of
// them. Empty where nobody is told of, or only for whom it is asked ("mon fils veut s'inscrire").
std::string done_by_others(std::string_view text);

// A heading speaks to who does what it tells: "Vous organisez une fête".
bool speaks_to_the_doer(std::string_view heading);

}  // namespace parvis::answer
