#include "calendar/holidays.hpp"

namespace parvis::calendar {

using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;

// The "anonymous" Gregorian computus (Nature, 20 April 1876), as given by Meeus, Astronomical
// Algorithms, chapter 8: golden number, century corrections, epact, then the Sunday that follows.
CivilDate easter_sunday(year of) {
  const int y = static_cast<int>(of);
  const int golden = y % 19;
  const int century = y / 100, rest = y % 100;
  const int moon = (century - (century + 8) / 25 + 1) / 3;
  const int epact = (19 * golden + century - century / 4 - moon + 15) % 30;
  const int sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
  const int late = (golden + 11 * epact + 22 * sunday) / 451;
  const int sum = epact + sunday - 7 * late + 114;
  return CivilDate(of, month(static_cast<unsigned>(sum / 31)),
                   std::chrono::day(static_cast<unsigned>(sum % 31 + 1)));
}

std::array<Holiday, 11> holidays(year of) {
  const sys_days easter = easter_sunday(of);
  return {{
      {of / 1 / 1, "jour de l’an"},
      {CivilDate(easter + days(1)), "lundi de Pâques"},
      {of / 5 / 1, "fête du Travail"},
      {of / 5 / 8, "8 mai 1945"},
      {CivilDate(easter + days(39)), "Ascension"},
      {CivilDate(easter + days(50)), "lundi de Pentecôte"},
      {of / 7 / 14, "fête nationale"},
      {of / 8 / 15, "Assomption"},
      {of / 11 / 1, "Toussaint"},
      {of / 11 / 11, "armistice de 1918"},
      {of / 12 / 25, "Noël"},
  }};
}

std::optional<std::string_view> holiday_name(CivilDate date) {
  for (const Holiday& holiday : holidays(date.year()))
    if (holiday.date == date) return holiday.name;
  return std::nullopt;
}

}  // namespace parvis::calendar
