// What citizens say about the waiting list of an agenda: that they want to be on it, when they can
// come, that they leave it. By rule, on folded words. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace parvis::dialogue {

// The list is named, and not refused: "il y a une liste d'attente ?".
bool names_list(std::string_view text);
// They want to be on it: "inscrivez-moi sur la liste d'attente".
bool asks_for_list(std::string_view text);
// They want to be on it no more.
bool leaves_list(std::string_view text);

// When they can come.
struct WaitWish {
  unsigned days = 0x7F;            // bit 0: Monday
  unsigned halves = 3;             // bit 0: before noon, bit 1: after
  std::optional<CivilDate> until;  // the last day
  bool when = false;               // days or halves are said, or that all of them suit
  bool said() const { return when || until.has_value(); }
};
WaitWish wait_wish(std::string_view text, LocalTime now);

// "lundi ou mardi, le matin, jusqu’au 15 janvier"; "tous les jours".
std::string wait_words(unsigned days, unsigned halves, const std::optional<CivilDate>& until);

}  // namespace parvis::dialogue
