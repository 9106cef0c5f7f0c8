// Stretches, open ends, periods of the calendar, recurrences. Now is Tuesday 24 November 2026,
// 10:00.
#include <gtest/gtest.h>

#include "dates/notation_for_tests.hpp"

namespace parvis::dates {
namespace {

void expect(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(says(row.text), row.meaning) << row.text;
}

TEST(Stretches, FromTo) {
  constexpr Row kRows[] = {
      {"du 3 au 7 mai", "day 2027-05-03..2027-05-08"},
      {"13-15 juillet", "day 2027-07-13..2027-07-16"},
      {"13 au 15 juillet", "day 2027-07-13..2027-07-16"},
      {"entre le 13 et le 15 juillet", "day 2027-07-13..2027-07-16"},
      {"du 28 au 3 janvier", "day 2026-12-28..2027-01-04"},
      {"du 28 décembre au 3 janvier", "day 2026-12-28..2027-01-04"},
      {"du 18 novembre au 19 décembre 2015", "day 2015-11-18..2015-12-20"},
      {"du 5 novembre au 5 février 2017", "day 2016-11-05..2017-02-06"},
      {"du 20 au 30 novembre", "day 2026-11-20..2026-12-01"},  // it runs now
      {"10/1-11/2/2017", "day 2017-01-10..2017-02-12"},
      {"du 4 au 23 du mois prochain", "day 2026-12-04..2026-12-24"},
      {"de lundi à mercredi", "day 2026-11-30..2026-12-03"},
      {"du lundi prochain au vendredi", "day 2026-11-30..2026-12-05"},
      {"d'aujourd'hui à vendredi", "day 2026-11-24..2026-11-28"},
      {"juillet-août", "month 2027-07-01..2027-09-01"},
      {"de novembre à février 2027", "month 2026-11-01..2027-03-01"},
      {"de 2014 à 2018", "year 2014-01-01..2019-01-01"},
      {"entre Noël et le jour de l'an", "day 2026-12-25..2027-01-02"},
      {"entre le 22 janvier et maintenant", "second 2026-01-22..2026-11-24T10:00"},
      {"du 7 mai 2027 au 3 mai 2027", "2027-05-07 | 2027-05-03"},
  };
  expect(kRows);
}

TEST(Stretches, Hours) {
  constexpr Row kRows[] = {
      {"entre 9h et 11h", "hour 2026-11-24T09:00..2026-11-24T11:00"},
      {"de 14h à 16h", "hour 2026-11-24T14:00..2026-11-24T16:00"},
      {"jeudi de 9h à 11h", "hour 2026-11-26T09:00..2026-11-26T11:00"},
      {"de 9h30 à 11h jeudi", "minute 2026-11-26T09:30..2026-11-26T11:00"},
      {"entre 10 et 11h30 demain", "minute 2026-11-25T10:00..2026-11-25T11:30"},
      {"entre midi et deux", "hour 2026-11-24T12:00..2026-11-24T14:00"},
      {"de 22h à 2h", "hour 2026-11-24T22:00..2026-11-25T02:00"},
      {"samedi 28 de 10h à 12h et de 14h à 16h",
       "hour 2026-11-28T10:00..2026-11-28T12:00 | hour 2026-11-28T14:00..2026-11-28T16:00"},
      {"entre 3 et 5 ans", "P5Y"},
      {"de 2 à 3 personnes", ""},
  };
  expect(kRows);
}

TEST(Stretches, OpenEnds) {
  constexpr Row kRows[] = {
      {"avant le 15 décembre", "day ..2026-12-15"},
      {"après le 15 décembre", "day 2026-12-16.."},
      {"à partir de lundi", "day 2026-11-30.."},
      {"jusqu'au 15 mars", "day ..2027-03-16"},
      {"au plus tard le 30 novembre", "day ..2026-12-01"},
      {"depuis lundi", "day 2026-11-23.."},
      {"depuis août", "month 2026-08-01.."},
      {"depuis 3 ans", "day 2023-11-24.."},
      {"depuis hier 14h", "hour 2026-11-23T14:00.."},
      {"dès 14h", "hour 2026-11-24T14:00.."},
      {"avant 16h", "hour ..2026-11-24T16:00"},
      {"jeudi avant 17h", "hour 2026-11-26..2026-11-26T17:00"},
      {"vendredi à partir de midi", "hour 2026-11-27T12:00..2026-11-28"},
      {"avant la fin du mois", "day ..2026-12-01"},
      {"d'ici vendredi", "day 2026-11-24T10:00..2026-11-28"},
      {"d'ici la fin de l'année", "month 2026-11-24T10:00..2027-01-01"},
      {"le 1er mars 2027 ou plus tard", "day 2027-03-01.."},
  };
  expect(kRows);
}

TEST(Stretches, Delays) {
  constexpr Row kRows[] = {
      {"sous huitaine", "day 2026-11-24..2026-12-03"},
      {"sous quinzaine", "day 2026-11-24..2026-12-10"},
      {"dans les 15 jours", "day 2026-11-24..2026-12-10"},
      {"dans un délai de deux mois", "day 2026-11-24..2027-01-25"},
      {"sous 5 jours ouvrés", "day 2026-11-24..2026-12-02"},
      {"les 3 prochains jours", "day 2026-11-25..2026-11-28"},
      {"les dix derniers mois", "day 2026-01-24..2026-11-24"},
      {"les 5 dernières minutes", "minute 2026-11-24T09:55..2026-11-24T10:00"},
  };
  expect(kRows);
}

TEST(Stretches, OfTheCalendar) {
  constexpr Row kRows[] = {
      {"ce week-end", "day 2026-11-28..2026-11-30"},
      {"le week-end dernier", "day 2026-11-21..2026-11-23"},
      {"le premier week-end de septembre", "day 2027-09-04..2027-09-06"},
      {"la semaine prochaine", "week 2026-11-30..2026-12-07"},
      {"la semaine dernière", "week 2026-11-16..2026-11-23"},
      {"la semaine du 6 octobre", "week 2027-10-04..2027-10-11"},
      {"semaine 48", "week 2026-11-23..2026-11-30"},
      {"semaine 1", "week 2027-01-04..2027-01-11"},
      {"première semaine d'octobre 2014", "week 2014-10-06..2014-10-13"},
      {"ce mois-ci", "month 2026-11-01..2026-12-01"},
      {"le mois dernier", "month 2026-10-01..2026-11-01"},
      {"en mars", "month 2027-03-01..2027-04-01"},
      {"mars 2028", "month 2028-03-01..2028-04-01"},
      {"novembre", "month 2026-11-01..2026-12-01"},
      {"2015-03", "month 2015-03-01..2015-04-01"},
      {"fin du mois", "day 2026-11-21..2026-12-01"},
      {"début janvier", "day 2027-01-01..2027-01-11"},
      {"mi-mars", "day 2027-03-11..2027-03-21"},
      {"fin février 2028", "day 2028-02-21..2028-03-01"},
      {"courant mars", "month 2027-03-01..2027-04-01"},
      {"fin de semaine", "day 2026-11-26..2026-11-30"},
      {"fin 2026", "month 2026-11-01..2027-01-01"},
      {"la première quinzaine d'avril", "day 2027-04-01..2027-04-16"},
      {"la deuxième quinzaine d'avril", "day 2027-04-16..2027-05-01"},
      {"l'an dernier", "year 2025-01-01..2026-01-01"},
      {"en 2027", "year 2027-01-01..2028-01-01"},
      {"au premier trimestre 2027", "quarter 2027-01-01..2027-04-01"},
      {"T2 2027", "quarter 2027-04-01..2027-07-01"},
      {"ce trimestre", "quarter 2026-10-01..2027-01-01"},
      {"second semestre 2027", "quarter 2027-07-01..2028-01-01"},
      {"cet été", "quarter 2027-06-21..2027-09-22"},
      {"cet automne", "quarter 2026-09-22..2026-12-21"},
      {"l'hiver prochain", "quarter 2026-12-21..2027-03-20"},
      {"les années 90", "year 1990-01-01..2000-01-01"},
      {"au 21e siècle", "year 2001-01-01..2101-01-01"},
  };
  expect(kRows);
  EXPECT_EQ(says("ce week-end", at("2026-11-29")), "day 2026-11-28..2026-11-30");
  EXPECT_EQ(says("le week-end prochain", at("2026-11-29")), "day 2026-12-05..2026-12-07");
  EXPECT_EQ(says("début janvier", at("2027-01-20")), "day 2028-01-01..2028-01-11");
}

TEST(Recurring, Rules) {
  constexpr Row kRows[] = {
      {"tous les mardis", "FREQ=WEEKLY;BYDAY=TU from 2026-11-24"},
      {"chaque lundi à 16h", "FREQ=WEEKLY;BYDAY=MO from 2026-11-30T16:00"},
      {"tous les mardis à 9h", "FREQ=WEEKLY;BYDAY=TU from 2026-12-01T09:00"},  // today's is past
      {"les mardis et jeudis de 14h à 16h", "FREQ=WEEKLY;BYDAY=TU,TH from 2026-11-24T14:00"},
      {"le lundi et le jeudi", "FREQ=WEEKLY;BYDAY=MO,TH from 2026-11-26"},
      {"le lundi, mercredi et vendredi", "FREQ=WEEKLY;BYDAY=MO,WE,FR from 2026-11-25"},
      {"du lundi au vendredi", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR from 2026-11-24"},
      {"du lundi au vendredi de 9h à 12h et de 14h à 17h",
       "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR from 2026-11-24T09:00 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR "
       "from 2026-11-24T14:00"},
      {"chaque 1er du mois", "FREQ=MONTHLY;BYMONTHDAY=1 from 2026-12-01"},
      {"le 15 de chaque mois", "FREQ=MONTHLY;BYMONTHDAY=15 from 2026-12-15"},
      {"le premier lundi du mois", "FREQ=MONTHLY;BYDAY=1MO from 2026-12-07"},
      {"les 2e et 4e samedis du mois", "FREQ=MONTHLY;BYDAY=2SA,4SA from 2026-11-28"},
      {"chaque 1er mai", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1 from 2027-05-01"},
      {"chaque 29 février", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 from 2028-02-29"},
      {"une semaine sur deux", "FREQ=WEEKLY;INTERVAL=2 from 2026-11-23"},
      {"un mardi sur deux", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU from 2026-11-24"},
      {"tous les jours", "FREQ=DAILY from 2026-11-24"},
      {"tous les jours ouvrables", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR from 2026-11-24"},
      {"tous les deux jours", "FREQ=DAILY;INTERVAL=2 from 2026-11-24"},
      {"tous les trimestres", "FREQ=MONTHLY;INTERVAL=3 from 2026-11-01"},
      {"tous les ans", "FREQ=YEARLY from 2026-01-01"},
      {"tous les week-ends", "FREQ=WEEKLY;BYDAY=SA,SU from 2026-11-28"},
      {"tous les soirs à 20h", "FREQ=DAILY from 2026-11-24T20:00"},
      {"deux fois par semaine", "FREQ=WEEKLY from 2026-11-23"},
      {"mensuellement", "FREQ=MONTHLY from 2026-11-01"},
  };
  expect(kRows);
}

}  // namespace
}  // namespace parvis::dates
