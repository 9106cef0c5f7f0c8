// Public holidays of France, by region. Pure and thread-safe.
//
// Sources:
//   - Code du travail, article L3133-1: the eleven "fêtes légales", which hold everywhere. Easter
//     follows the Gregorian computus.
//   - Article L3134-13 (from the ordinance of 16 August 1892): Bas-Rhin, Haut-Rhin and Moselle add
//     26 December and, "dans les communes ayant un temple protestant ou une église mixte", Good
//     Friday. No public list says which communes have one, while most offices of the three
//     departments close: Region::alsace_moselle counts Good Friday, and a commune without temple
//     says so by Region::alsace_moselle_without_temple.
//   - Article L3422-2 and décret 83-1003 (as amended by 2012-553): the day that commemorates the
//     abolition of slavery, in seven overseas territories. For Saint-Martin the code names 27 May;
//     since 2018 the State's circulars and the prefecture hold 28 May for the holiday, and so does
//     this table.
//   - Nouvelle-Calédonie: article 74 of its accord interprofessionnel territorial, the same eleven
//     and 24 September.
// Not here: what is only custom or collective agreement (Good Friday in the Antilles, 21 July,
// Muslim feasts of Mayotte), and the days that Polynésie française and Wallis-et-Futuna add, whose
// list changes. A town there enters them as exceptional closings.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "calendar/region.hpp"

namespace parvis::calendar {

struct Holiday {
  CivilDate date;
  std::string_view name;  // French, as it reads after "jour férié :": "Noël", "lundi de Pâques"
  bool operator==(const Holiday&) const = default;
};

// Easter Sunday, for any year from 1583 on.
CivilDate easter_sunday(std::chrono::year year);

// The eleven in the order of the law, then those of the region. Two may share a date (8 May and
// Ascension Day do in 2059).
std::vector<Holiday> holidays(std::chrono::year year, Region region = Region::metropolitan);

// The name of the holiday on that date; of two, the first of the list above.
std::optional<std::string_view> holiday_name(CivilDate date, Region region = Region::metropolitan);

}  // namespace parvis::calendar
