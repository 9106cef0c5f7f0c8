// What a citizen types goes through every rule that reads words; none may fail on any bytes.
#include <cstdint>

#include "answer/emergency.hpp"
#include "answer/facets.hpp"
#include "answer/facts.hpp"
#include "answer/scope.hpp"
#include "answer/traits.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string question = parvis::text::clean({reinterpret_cast<const char*>(data), size});
  parvis::answer::emergency(question);
  parvis::answer::out_of_scope(question);
  parvis::answer::asks_for_contact(question);
  parvis::answer::facets_of_question(question);
  parvis::answer::facets_of_heading(question);
  parvis::answer::describe(question);
  // States its own facts, whatever they are.
  if (!parvis::answer::states_all(parvis::answer::hard_facts(question), question)) __builtin_trap();
  return 0;
}
