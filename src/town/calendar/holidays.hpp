// Public holidays of metropolitan France. Pure and thread-safe.
//
// Source: Code du travail, article L3133-1, which lists the eleven "fêtes légales". Easter follows
// the Gregorian computus. The two days that Bas-Rhin, Haut-Rhin and Moselle add (L3134-13) and the
// days of the overseas departments are not here: a town there enters them as exceptional closings.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace parvis::calendar {

struct Holiday {
  CivilDate date;
  std::string_view name;  // French, as it reads after "jour férié :": "Noël", "lundi de Pâques"
  bool operator==(const Holiday&) const = default;
};

// Easter Sunday, for any year from 1583 on.
CivilDate easter_sunday(std::chrono::year year);

// In the order of the law. Two may share a date (8 May and Ascension Day do in 2059).
std::array<Holiday, 11> holidays(std::chrono::year year);

// The name of the holiday on that date; of two, the first of the law's list.
std::optional<std::string_view> holiday_name(CivilDate date);

}  // namespace parvis::calendar
