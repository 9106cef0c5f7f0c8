// What is not in the cited passage is not said. Pure.
#pragma once

#include <cstddef>

#include "answer/answer.hpp"

namespace parvis::answer {

// Drops from `more` each line whose facts are not stated by the passage that the part cites, and
// from `text` each sentence whose facts no cited passage and no contact states; a part left empty
// goes. What composes answers copies from the passages, so nothing is dropped unless a rule of ours
// put a fact of its own in: the number of dropped lines and sentences, 0 in every test.
std::size_t verify(Answer& answer);

// How a text breaks what a reader expects of it; empty when it does not. For tests and checks.
//   "cut": a sentence without its end; "colon": a line that announces what does not follow;
//   "long": more than kLeadWords words.
std::string flaw(const Answer& answer);

}  // namespace parvis::answer
