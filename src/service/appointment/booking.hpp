// What may happen to a booking, by whom, and what it is then: a table, and a pure step over it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace parvis::appointment {

enum class State : std::uint8_t {
  held,  // for some minutes, while the person confirms; or offered to who waits
  booked,
  displaced,  // its counter is absent then: it has to be moved
  arrived,    // the person is there
  seen,       // and was received
  missed,     // nobody came
  cancelled,
};
enum class Act : std::uint8_t { book, move, cancel, displace, arrive, see, miss, undo };
enum class Role : std::uint8_t { citizen, agent };

std::string_view name(State state);  // as stored
std::optional<State> state_named(std::string_view name);
std::string_view label(State state);  // as an agent reads it: "Attendu"
bool takes_its_time(State state);     // nobody else can have its slot
bool came_to_nothing(State state);    // cancelled or missed: its case may have another

struct Transition {
  State from;
  Act act;
  Role by;
  State to;
};
std::span<const Transition> transitions();

// The state after the act at `now` of a booking that begins at `start`, or why not, in French.
std::expected<State, std::string> step(State state, Act act, Role by, Instant start, Instant now);

}  // namespace parvis::appointment
