// Whose facts they are: "mon copain est brésilien et moi française" tells of two people, and "il
// doit fournir quoi lui ?" asks for one of them. Pure.
#pragma once

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

}  // namespace parvis::answer
