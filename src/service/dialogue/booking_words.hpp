// What citizens say about appointments: that they want one, for what and for how many people, when,
// and what they need. By rule, on folded words. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appointment/agenda.hpp"
#include "appointment/visitor.hpp"
#include "base/time.hpp"

namespace parvis::dialogue {

// The word is said, in any spelling.
bool names_appointment(std::string_view text);
// They want one here. A mention ("j'ai raté mon rdv à la préfecture"), a question about whether one
// is needed, one elsewhere ("chez le médecin") is none.
bool wants_appointment(std::string_view text);

// About one that they have.
enum class AboutBooking : std::uint8_t { none, cancel, move, where, when, bring };
AboutBooking about_booking(std::string_view text);
// That is refused, or it is asked to leave things as they are: "ne l'annulez pas", "gardez-le".
// about: cancel or move.
bool refuses(std::string_view text, AboutBooking about);
// What is to be cancelled or moved is named, and is no appointment: "annuler une amende". labels:
// of the appointments that they have.
bool about_something_else(std::string_view text, const std::vector<std::string>& labels);

// Which reasons the words mean: those that agree best, in order; all of an agenda when nothing but
// the agenda is named ("rdv urbanisme").
struct Meant {
  const appointment::Agenda* agenda = nullptr;
  const appointment::Reason* reason = nullptr;
};
std::vector<Meant> reasons_meant(const std::vector<const appointment::Agenda*>& agendas,
                                 std::string_view commune, std::string_view text);
// What the words name besides the wish, the time and the people: something to come for.
bool names_matter(std::string_view text);

// How many come: "mes deux enfants et moi" is 3. 0: not said; `unsure`: several, not how many.
struct People {
  int count = 0;
  bool unsure = false;
};
People people_in(std::string_view text);

// When: all that is said must hold.
struct SlotWish {
  std::vector<std::pair<LocalTime, LocalTime>> spans;  // any of them; none: any time
  std::optional<Minutes> at;                           // "10h"
  Minutes from{0}, to{24 * 60};                        // of the day
  unsigned days = 0x7F;                                // bit 0: Monday
  bool one_day = false;                                // the span is one day, or a part of it
  bool later = false, sooner = false, other_day = false, any = false;
  std::string words;  // the span as it can be said: "mardi 1er décembre"; may be empty
  bool limits() const {
    return !spans.empty() || at || from > Minutes(0) || to < Minutes(24 * 60) || days != 0x7F;
  }
  bool said() const { return limits() || later || sooner || other_day || any; }
  bool holds(LocalTime start) const;  // whatever `at` says
};
SlotWish slot_wish(std::string_view text, LocalTime now);

// Place of the one that is meant among `shown`: "le deuxième", "2", "le dernier". None when it is
// refused or asked about: "pas le premier", "le deuxième c'est quand ?".
std::optional<std::size_t> ordinal_in(std::string_view text, std::size_t shown);

// Adds what is said of needs, and gives the words for what is new: "langue des signes".
std::string needs_said(std::string_view text, appointment::Needs& needs);

// The same of an appointment that is taken: "plus besoin d'interprète" drops. `words`: of both.
struct NeedsTold {
  appointment::NeedsSaid said;
  std::string words;
};
NeedsTold needs_told(std::string_view text);

// A name, without the words around it; empty when it is none.
std::string name_in(std::string_view text);
// "non, plutôt 10h", "finalement jeudi"
bool corrects_time(std::string_view text);
bool gives_up(std::string_view text);    // "stop", "je veux arrêter", "laisse tomber"
bool comes_back(std::string_view text);  // "reprendre", "on continue"
bool without_email(std::string_view text);

}  // namespace parvis::dialogue
