// What may happen to a case, by whom, and what it is then: a table, and a pure step over it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace parvis::casework {

enum class State : std::uint8_t {
  draft,     // the citizen fills it in
  received,  // deposited; nobody has taken it up
  examined,  // an agent works on it
  awaiting,  // pieces were asked for: it is the citizen's turn
  accepted,  // decided by a person
  refused,
  settled,      // ended as its démarche says (Definition::ends): nothing was to be decided
  withdrawn,    // by the citizen
  transferred,  // to another authority (CRPA, L114-2)
  closed,       // nothing more is done
};
enum class Act : std::uint8_t {
  deposit,
  take_up,
  ask_pieces,
  give_pieces,    // some of them, or all; others stay awaited (asks.hpp)
  return_pieces,  // what was given is not good: it is asked for again
  waive_pieces,   // what was asked for is needed no more
  accept,
  refuse,
  settle,
  withdraw,
  transfer,
  close,
  reopen,
  write,         // a message, by either side
  note,          // an opinion between agents
  reassign,      // to another service of the town
  silence,       // the delay passed without an answer: the law decided, nobody acted
  visit,         // what became of its appointment: moved, cancelled, came or did not
  merge,         // into another case of the same person and démarche, which goes on
  reject_piece,  // one that was handed in is refused since: the antivirus spoke late
  notify,        // the letter of a decision was handed over, or posted: when, and how
};
enum class Role : std::uint8_t { citizen, agent, system };

std::string_view name(State state);  // as stored
std::optional<State> state_named(std::string_view name);
std::string_view name(Act act);
std::optional<Act> act_named(std::string_view name);
std::string_view words(State state);  // as the citizen reads it: "Le service étudie votre demande"
std::string_view label(State state);  // as a list shows it: "À traiter"
bool is_open(State state);            // something is still to be done

struct Transition {
  State from;
  Act act;
  Role by;
  State to;
};
std::span<const Transition> transitions();

// The state after the act, or why it is not possible, in French. After pieces, it is that of a case
// of which all came: while some are awaited it stays `awaiting` (asks.hpp, state_after).
std::expected<State, std::string> step(State state, Act act, Role by);

}  // namespace parvis::casework
