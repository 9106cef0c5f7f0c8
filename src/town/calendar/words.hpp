// Opening hours in French, with its typography: narrow no-break spaces (U+202F) in "17 h 30", a
// no-break space (U+00A0) before a colon. Plain text, to be escaped by whoever shows it. Pure.
#pragma once

#include <string>
#include <vector>

#include "calendar/hours.hpp"

namespace parvis::calendar {

std::string time_words(Minutes since_midnight);  // "17 h 30", "8 h", "minuit"
std::string date_words(CivilDate date);          // "jeudi 26 décembre"
std::string full_date_words(CivilDate date);     // "jeudi 26 décembre 2024"
// "du 3 au 10 décembre 2026", "du 28 novembre au 3 décembre 2026", "du 28 décembre 2026 au 3
// janvier 2027"; "le 3 décembre 2026" for one day.
std::string span_words(CivilDate from, CivilDate until);

// One or two sentences without a final stop:
//   "Ouvert jusqu’à 17 h 30" · "Fermé pour le déjeuner. Ouvre à 13 h 30"
//   "Fermé aujourd’hui (jour férié : Noël). Ouvre jeudi 26 décembre à 8 h 30"
//   "À vérifier : 2e et 4e samedis du mois (jusqu’à 12 h)" · "Horaires non renseignés"
std::string open_words(const OpenState& state, LocalTime now);

// The hours of one date: "de 8 h 30 à 12 h, puis de 13 h 30 à 17 h 30", "fermé (jour férié :
// Noël)", "horaires non renseignés".
std::string day_words(const Hours& hours, CivilDate date, Region region = Region::metropolitan);

// The ordinary week, days with the same hours together, one line each: "Du lundi au vendredi : de
// 8 h 30 à 12 h, puis de 13 h 30 à 17 h 30". With several seasons each has a heading line ("Été, du
// 1er avril au 30 septembre :"); a season past at `today` is left out.
std::vector<std::string> week_words(const Hours& hours, CivilDate today);

// What the week does not say: holidays, exceptions from `today` to the end of kLookAhead, the
// comment. "Fermé le jeudi 24 décembre (pont de Noël)".
std::vector<std::string> notice_words(const Hours& hours, CivilDate today);

}  // namespace parvis::calendar
