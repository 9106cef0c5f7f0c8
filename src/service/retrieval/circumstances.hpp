// What the title of a sheet may be limited to (a minor, a foreigner, a theft), and the words by
// which a question says that it is so.
//
// Official sheets come in families that differ by one such word ("Passeport d'un mineur : en cas de
// vol"). Who asks says it when it is so and says nothing when it is not: a title that is limited to
// what was not said is less likely. The table is written from the vocabulary of French public
// services, not from questions.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace parvis::retrieval {

struct Circumstance {
  std::vector<std::string> named;  // stems by which a title names it; a question may use them too
  std::vector<std::string> said;   // further stems by which a question says it
};

// Immutable; thread-safe.
std::span<const Circumstance> circumstances();

}  // namespace parvis::retrieval
