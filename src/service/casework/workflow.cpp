#include "casework/workflow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace parvis::casework {
namespace {

struct StateRow {
  State state;
  std::string_view name, words, label;
  bool open;
};
constexpr std::array kStates = {
    StateRow{State::draft, "draft", "Vous remplissez votre demande", "Brouillon", true},
    StateRow{State::received, "received", "Le service a reçu votre demande", "À prendre", true},
    StateRow{State::examined, "examined", "Le service étudie votre demande", "En cours", true},
    StateRow{State::awaiting, "awaiting", "Le service attend vos documents", "Pièces demandées",
             true},
    StateRow{State::accepted, "accepted", "Votre demande est acceptée", "Acceptée", false},
    StateRow{State::refused, "refused", "Votre demande est refusée", "Refusée", false},
    StateRow{State::settled, "settled", "Votre demande est traitée", "Terminée", false},
    StateRow{State::withdrawn, "withdrawn", "Vous avez retiré votre demande", "Retirée", false},
    StateRow{State::transferred, "transferred",
             "Votre demande est transmise à une autre administration", "Transmise", false},
    StateRow{State::closed, "closed", "Votre dossier est clos", "Close", false},
};

struct ActRow {
  Act act;
  std::string_view name;
};
constexpr std::array kActs = {
    ActRow{Act::deposit, "deposit"},
    ActRow{Act::take_up, "take_up"},
    ActRow{Act::ask_pieces, "ask_pieces"},
    ActRow{Act::give_pieces, "give_pieces"},
    ActRow{Act::return_pieces, "return_pieces"},
    ActRow{Act::waive_pieces, "waive_pieces"},
    ActRow{Act::accept, "accept"},
    ActRow{Act::refuse, "refuse"},
    ActRow{Act::settle, "settle"},
    ActRow{Act::withdraw, "withdraw"},
    ActRow{Act::transfer, "transfer"},
    ActRow{Act::close, "close"},
    ActRow{Act::reopen, "reopen"},
    ActRow{Act::write, "write"},
    ActRow{Act::note, "note"},
    ActRow{Act::reassign, "reassign"},
    ActRow{Act::silence, "silence"},
    ActRow{Act::merge, "merge"},
    ActRow{Act::visit, "visit"},
    ActRow{Act::reject_piece, "reject_piece"},
    ActRow{Act::notify, "notify"},
};

// A decision is a person's alone: no row has accept or refuse by the system (trust L19).
constexpr std::array kTransitions = {
    Transition{State::draft, Act::deposit, Role::citizen, State::received},
    // Typed for a person at the counter, on the phone or from paper.
    Transition{State::draft, Act::deposit, Role::agent, State::received},
    Transition{State::received, Act::take_up, Role::agent, State::examined},
    Transition{State::received, Act::ask_pieces, Role::agent, State::awaiting},
    Transition{State::examined, Act::ask_pieces, Role::agent, State::awaiting},
    Transition{State::awaiting, Act::ask_pieces, Role::agent, State::awaiting},
    Transition{State::awaiting, Act::give_pieces, Role::citizen, State::examined},
    // In the place of one that was refused after it was handed in (Cases::act sees that there is
    // one).
    Transition{State::received, Act::give_pieces, Role::citizen, State::received},
    Transition{State::examined, Act::give_pieces, Role::citizen, State::examined},
    // Pieces that came by the counter or by post.
    Transition{State::awaiting, Act::give_pieces, Role::agent, State::examined},
    // Files that came by mail after all was given, or that answer what was asked again.
    Transition{State::examined, Act::give_pieces, Role::agent, State::examined},
    Transition{State::awaiting, Act::return_pieces, Role::agent, State::awaiting},
    Transition{State::examined, Act::return_pieces, Role::agent, State::awaiting},
    Transition{State::awaiting, Act::waive_pieces, Role::agent, State::examined},
    Transition{State::examined, Act::waive_pieces, Role::agent, State::examined},
    // In the place of a decision, where the démarche has ends of its own.
    Transition{State::examined, Act::settle, Role::agent, State::settled},
    Transition{State::awaiting, Act::settle, Role::agent, State::settled},
    Transition{State::examined, Act::accept, Role::agent, State::accepted},
    Transition{State::examined, Act::refuse, Role::agent, State::refused},
    // The term went by without the pieces: a person decides on what is there.
    Transition{State::awaiting, Act::accept, Role::agent, State::accepted},
    Transition{State::awaiting, Act::refuse, Role::agent, State::refused},
    Transition{State::received, Act::transfer, Role::agent, State::transferred},
    Transition{State::examined, Act::transfer, Role::agent, State::transferred},
    Transition{State::awaiting, Act::transfer, Role::agent, State::transferred},
    Transition{State::received, Act::withdraw, Role::citizen, State::withdrawn},
    Transition{State::examined, Act::withdraw, Role::citizen, State::withdrawn},
    Transition{State::awaiting, Act::withdraw, Role::citizen, State::withdrawn},
    // Told at the counter, by phone or by post.
    Transition{State::received, Act::withdraw, Role::agent, State::withdrawn},
    Transition{State::examined, Act::withdraw, Role::agent, State::withdrawn},
    Transition{State::awaiting, Act::withdraw, Role::agent, State::withdrawn},
    Transition{State::accepted, Act::close, Role::agent, State::closed},
    Transition{State::refused, Act::close, Role::agent, State::closed},
    Transition{State::settled, Act::close, Role::agent, State::closed},
    Transition{State::withdrawn, Act::close, Role::agent, State::closed},
    Transition{State::transferred, Act::close, Role::agent, State::closed},
    Transition{State::accepted, Act::reopen, Role::agent, State::examined},
    Transition{State::refused, Act::reopen, Role::agent, State::examined},
    Transition{State::settled, Act::reopen, Role::agent, State::examined},
    Transition{State::transferred, Act::reopen, Role::agent, State::examined},
    Transition{State::closed, Act::reopen, Role::agent, State::examined},
    Transition{State::received, Act::reassign, Role::agent, State::received},
    Transition{State::examined, Act::reassign, Role::agent, State::examined},
    Transition{State::awaiting, Act::reassign, Role::agent, State::awaiting},
    // What silence means is the law's (legal clock): that it came is recorded, and moves nothing.
    Transition{State::received, Act::silence, Role::system, State::received},
    Transition{State::examined, Act::silence, Role::system, State::examined},
    Transition{State::awaiting, Act::silence, Role::system, State::awaiting},
    Transition{State::received, Act::merge, Role::agent, State::closed},
    Transition{State::examined, Act::merge, Role::agent, State::closed},
    Transition{State::awaiting, Act::merge, Role::agent, State::closed},
};

const StateRow& row_of(State state) { return *std::ranges::find(kStates, state, &StateRow::state); }

}  // namespace

std::string_view name(State state) { return row_of(state).name; }
std::string_view words(State state) { return row_of(state).words; }
std::string_view label(State state) { return row_of(state).label; }
bool is_open(State state) { return row_of(state).open; }

std::optional<State> state_named(std::string_view name) {
  const auto found = std::ranges::find(kStates, name, &StateRow::name);
  return found == kStates.end() ? std::nullopt : std::optional(found->state);
}

std::string_view name(Act act) { return std::ranges::find(kActs, act, &ActRow::act)->name; }
std::optional<Act> act_named(std::string_view name) {
  const auto found = std::ranges::find(kActs, name, &ActRow::name);
  return found == kActs.end() ? std::nullopt : std::optional(found->act);
}

std::span<const Transition> transitions() { return kTransitions; }

std::expected<State, std::string> step(State state, Act act, Role by) {
  // Words change nothing, and are possible as long as the file is there.
  if (act == Act::write && state != State::draft) return state;
  if (act == Act::note && state != State::draft && by != Role::citizen) return state;
  if (act == Act::notify && state != State::draft && by == Role::agent) return state;
  if ((act == Act::visit || act == Act::reject_piece) && state != State::draft &&
      by == Role::system)
    return state;
  const auto found = std::ranges::find_if(kTransitions, [&](const Transition& each) {
    return each.from == state && each.act == act && each.by == by;
  });
  if (found != kTransitions.end()) return found->to;
  return std::unexpected(
      fmt::format("Ce n’est pas possible maintenant\u00a0: {}. Rechargez la page pour voir où en "
                  "est le dossier.",
                  words(state)));
}

}  // namespace parvis::casework
