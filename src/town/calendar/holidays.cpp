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

namespace {

std::array<Holiday, 11> national(year of) {
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

constexpr std::string_view kAbolition = "abolition de l’esclavage";
constexpr unsigned kGoodFriday = 0;  // in place of a month

struct Regional {
  Region region;
  unsigned month, day;
  std::string_view name;
};

constexpr std::array kRegional = {
    Regional{Region::alsace_moselle, kGoodFriday, 0, "Vendredi saint"},
    Regional{Region::alsace_moselle, 12, 26, "Saint-Étienne"},
    Regional{Region::alsace_moselle_without_temple, 12, 26, "Saint-Étienne"},
    Regional{Region::guadeloupe, 5, 27, kAbolition},
    Regional{Region::martinique, 5, 22, kAbolition},
    Regional{Region::guyane, 6, 10, kAbolition},
    Regional{Region::reunion, 12, 20, kAbolition},
    Regional{Region::mayotte, 4, 27, kAbolition},
    Regional{Region::saint_barthelemy, 10, 9, kAbolition},
    Regional{Region::saint_martin, 5, 28, kAbolition},
    Regional{Region::nouvelle_caledonie, 9, 24, "fête de la citoyenneté"},
};

CivilDate date_of(const Regional& regional, year of) {
  if (regional.month == kGoodFriday) return sys_days(easter_sunday(of)) - days(2);
  return CivilDate(of, month(regional.month), std::chrono::day(regional.day));
}

}  // namespace

std::vector<Holiday> holidays(year of, Region region) {
  const auto everywhere = national(of);
  std::vector<Holiday> all(everywhere.begin(), everywhere.end());
  for (const Regional& each : kRegional)
    if (each.region == region) all.push_back({date_of(each, of), each.name});
  return all;
}

std::optional<std::string_view> holiday_name(CivilDate date, Region region) {
  for (const Holiday& holiday : national(date.year()))
    if (holiday.date == date) return holiday.name;
  for (const Regional& each : kRegional)
    if (each.region == region && date_of(each, date.year()) == date) return each.name;
  return std::nullopt;
}

}  // namespace parvis::calendar
