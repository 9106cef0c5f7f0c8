#include "appointment/booking.hpp"

#include <algorithm>
#include <array>

namespace parvis::appointment {
namespace {

struct Named {
  State state;
  std::string_view name, label;
};
constexpr std::array kStates{
    Named{State::held, "held", "En cours de réservation"},
    Named{State::booked, "booked", "Attendu"},
    Named{State::displaced, "displaced", "À déplacer"},
    Named{State::arrived, "arrived", "Arrivé"},
    Named{State::seen, "seen", "Reçu"},
    Named{State::missed, "missed", "Absent"},
    Named{State::cancelled, "cancelled", "Annulé"},
};

constexpr std::array kTransitions{
    Transition{State::held, Act::book, Role::citizen, State::booked},
    Transition{State::held, Act::book, Role::agent, State::booked},
    Transition{State::booked, Act::move, Role::citizen, State::booked},
    Transition{State::booked, Act::move, Role::agent, State::booked},
    Transition{State::displaced, Act::move, Role::citizen, State::booked},
    Transition{State::displaced, Act::move, Role::agent, State::booked},
    Transition{State::booked, Act::cancel, Role::citizen, State::cancelled},
    Transition{State::booked, Act::cancel, Role::agent, State::cancelled},
    Transition{State::displaced, Act::cancel, Role::citizen, State::cancelled},
    Transition{State::displaced, Act::cancel, Role::agent, State::cancelled},
    Transition{State::booked, Act::displace, Role::agent, State::displaced},
    Transition{State::booked, Act::arrive, Role::agent, State::arrived},
    Transition{State::displaced, Act::arrive, Role::agent, State::arrived},
    Transition{State::arrived, Act::see, Role::agent, State::seen},
    Transition{State::booked, Act::miss, Role::agent, State::missed},
    Transition{State::displaced, Act::miss, Role::agent, State::missed},
    Transition{State::arrived, Act::undo, Role::agent, State::booked},
    Transition{State::missed, Act::undo, Role::agent, State::booked},
    Transition{State::displaced, Act::undo, Role::agent, State::booked},
};

}  // namespace

std::string_view name(State state) { return kStates[static_cast<std::size_t>(state)].name; }
std::optional<State> state_named(std::string_view text) {
  const auto found = std::ranges::find(kStates, text, &Named::name);
  return found == kStates.end() ? std::nullopt : std::optional(found->state);
}
std::string_view label(State state) { return kStates[static_cast<std::size_t>(state)].label; }
bool takes_its_time(State state) { return state != State::cancelled; }
bool came_to_nothing(State state) { return state == State::cancelled || state == State::missed; }

std::span<const Transition> transitions() { return kTransitions; }

std::expected<State, std::string> step(State state, Act act, Role by, Instant start, Instant now) {
  const auto found = std::ranges::find_if(kTransitions, [&](const Transition& each) {
    return each.from == state && each.act == act && each.by == by;
  });
  if (found == kTransitions.end()) {
    if (state == State::cancelled) return std::unexpected("Ce rendez-vous est annulé.");
    if (state == State::held)
      return std::unexpected("Ce rendez-vous n’est pas encore confirmé. Confirmez-le d’abord.");
    return std::unexpected("Ce rendez-vous ne peut plus être changé ainsi. Rechargez la page.");
  }
  const bool begun = now >= start;
  if (by == Role::citizen && begun)
    return std::unexpected(act == Act::book
                               ? "Cet horaire est passé. Choisissez-en un autre."
                               : "L’heure de ce rendez-vous est passée. Appelez le service.");
  if (act == Act::miss && !begun)
    return std::unexpected("L’heure de ce rendez-vous n’est pas passée.");
  return found->to;
}

}  // namespace parvis::appointment
