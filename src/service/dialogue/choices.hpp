// Choices that were offered, taken in free words; and those that were made, kept consistent. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "answer/answer.hpp"
#include "dialogue/hear.hpp"

namespace parvis::dialogue {

// Which of the choices the words say: its label, its place in the list, yes or no, or what only it
// tells. Another sheet is taken by its label, its place, or words that ask nothing of their own.
std::optional<std::size_t> choice_said(const std::vector<answer::Choice>& offered,
                                       const Heard& heard);

// Whether choices stand for a question of ours, and not for what may be asked next.
bool asks_back(const std::vector<answer::Choice>& offered);

// A new choice takes the place of one of the same group, and of those inside it.
void choose(std::vector<answer::Choice>& chosen, const answer::Choice& fresh);

// "et si c'était vide ?" takes back a choice that says otherwise. supposed: the page talked about,
// where another case of it is supposed, or none: then a branch that is told takes the place of the
// one that was chosen beside it.
void take_back(std::vector<answer::Choice>& chosen, std::string_view text,
               const knowledge::Document* supposed);

}  // namespace parvis::dialogue
