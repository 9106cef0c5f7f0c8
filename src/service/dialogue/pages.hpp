// What a page is of, by its title and its links: a case, an age, what happened. Pure.
#pragma once

#include <string>
#include <string_view>

#include "answer/composer.hpp"
#include "knowledge/document.hpp"

namespace parvis::dialogue {

// A loss, a theft, a damage, a death: what happened to the same thing, or is a matter of its own.
bool tells_event(std::string_view text);
// What became of a thing, in the word of titles: "vol", "perte"; empty when nothing is told of it.
std::string_view what_became(std::string_view text);
// Of a child, or of how old somebody is.
bool tells_age(const std::string& text);

// Its title is of another case than what is said: a tenant's and an owner's, a loss and a theft.
bool contradicts(const answer::Candidate& page, std::string_view said);
// Of the cases only who it is for, by age, and what happened.
bool of_another_case(const answer::Candidate& page, std::string_view said);
bool is_for(const answer::Candidate& page, std::string_view age);  // "minor" or "adult"
bool is_of_students(const answer::Candidate& page);
bool is_of_europeans(const answer::Candidate& page);
// The page for adults on the same matter: it has all that was said of the title of the other.
bool is_sister(const answer::Candidate& page, const answer::Candidate& of_minors,
               std::string_view said);
bool sends_to(const knowledge::Document& page, std::string_view id);  // by a link in its text

// A page whose probability of being right is under it is doubtful.
inline constexpr double kDoubtful = 0.5;
// Under it hardly the one that is meant.
inline constexpr double kUnlikely = 0.3;

}  // namespace parvis::dialogue
