// The words of administrations beside those of citizens: "mari" and "époux", "PV" and "amende".
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parvis::answer {

struct AskedTerm {
  std::string term;      // a stem looked for
  std::size_t word = 0;  // which word of the question it stands for, in order
  double weight = 1;     // less for another word than the citizen's own
  bool known = false;    // of the sheet's title, or said of everything: tells little inside it
};

// The stems of a question, each once, with the other words of the same things.
std::vector<AskedTerm> asked_terms(const std::vector<std::string>& question_terms,
                                   const std::vector<std::string>& title_terms);

}  // namespace parvis::answer
