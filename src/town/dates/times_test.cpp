// Times of the day, parts of it, lengths. Now is Tuesday 24 November 2026, 10:00.
#include <gtest/gtest.h>

#include "dates/notation_for_tests.hpp"

namespace parvis::dates {
namespace {

void expect(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(says(row.text), row.meaning) << row.text;
}

TEST(Times, OfADay) {
  constexpr Row kRows[] = {
      {"mardi 24 novembre à 14h30", "2026-11-24T14:30"},
      {"demain à 9h", "2026-11-25T09:00"},
      {"9h demain", "2026-11-25T09:00"},
      {"14h30 le 30/11", "2026-11-30T14:30"},
      {"le 24/12 à 14:30", "2026-12-24T14:30"},
      {"2026-11-24T14:30", "2026-11-24T14:30"},
      {"lundi 14 h 30", "2026-11-30T14:30"},
      {"demain à 3 heures de l'après-midi", "2026-11-25T15:00"},
      {"demain soir à 8h", "2026-11-25T20:00"},
      {"8 heures ce soir", "2026-11-24T20:00"},
      {"dix heures mercredi", "2026-11-25T10:00"},
      {"vendredi 15 janvier à neuf heures du matin", "2027-01-15T09:00"},
      {"vendredi à midi", "2026-11-27T12:00"},
      {"hier soir à 22h", "2026-11-23T22:00"},
      {"mardi dernier à 15h", "2026-11-17T15:00"},
      {"demain à 9h ou 10h", "2026-11-25T09:00 | 2026-11-25T10:00"},
      {"rdv lun 30/11 14h", "2026-11-30T14:00"},
      {"à 14:30:15", "2026-11-24T14:30:15"},
  };
  expect(kRows);
}

TEST(Times, AloneAreTheNext) {
  constexpr Row kRows[] = {
      {"14h", "2026-11-24T14:00"},
      {"à 9h", "2026-11-25T09:00"},  // past for today
      {"10h", "2026-11-24T10:00"},   // now
      {"14:30", "2026-11-24T14:30"},
      {"à 2 heures et demie", "2026-11-25T02:30"},
      {"à quinze heures trente", "2026-11-24T15:30"},
      {"à onze heures moins le quart", "2026-11-24T10:45"},
      {"midi", "2026-11-24T12:00"},
      {"midi et demi", "2026-11-24T12:30"},
      {"midi moins cinq", "2026-11-24T11:55"},
      {"minuit", "2026-11-25T00:00"},
      {"vers 15h", "2026-11-24T15:00"},
      {"24h", "2026-11-25T00:00"},
      {"7:56:30 pm", "2026-11-24T19:56:30"},
      {"25h", "PT25H"},
      {"14h75", ""},
  };
  expect(kRows);
}

TEST(Times, PartsOfTheDay) {
  constexpr Row kRows[] = {
      {"ce matin", "hour 2026-11-24T04:00..2026-11-24T12:00"},
      {"demain soir", "hour 2026-11-25T18:00..2026-11-26"},
      {"cet après-midi", "hour 2026-11-24T12:00..2026-11-24T19:00"},
      {"lundi dans la matinée", "hour 2026-11-30T04:00..2026-11-30T12:00"},
      {"en fin d'après-midi", "hour 2026-11-24T17:00..2026-11-24T19:00"},
      {"mardi matin la semaine prochaine", "hour 2026-12-01T04:00..2026-12-01T12:00"},
      {"demain à la première heure", "hour 2026-11-25T07:00..2026-11-25T09:00"},
      {"dans la nuit du 24 au 25 décembre", "hour 2026-12-24T22:00..2026-12-25T06:00"},
      {"le matin du 3 mai", "hour 2027-05-03T04:00..2027-05-03T12:00"},
      {"bonne soirée", ""},
  };
  expect(kRows);
}

TEST(Times, FromNow) {
  constexpr Row kRows[] = {
      {"maintenant", "2026-11-24T10:00"},
      {"dans 5 minutes", "2026-11-24T10:05"},
      {"dans une heure et demie", "2026-11-24T11:30"},
      {"il y a 24 heures", "2026-11-23T10:00"},
      {"30 minutes plus tard", "2026-11-24T10:30"},
      {"dans les 2 heures", "hour 2026-11-24T10:00..2026-11-24T12:00"},
  };
  expect(kRows);
}

// Paris skips 02:00 to 03:00 on 28 March 2027 and repeats it on 31 October. The reading is the one
// on the wall; Zone gives the instant.
TEST(Times, OnDaylightSavingDays) {
  EXPECT_EQ(says("demain à 2h30", at("2027-03-27", 12)), "2027-03-28T02:30");
  EXPECT_EQ(says("le 31 octobre à 2h30", at("2027-10-01")), "2027-10-31T02:30");
  EXPECT_EQ(says("dans 2 jours", at("2027-03-27", 12)), "2027-03-29");
}

TEST(Lengths, Durations) {
  constexpr Row kRows[] = {
      {"pendant 2 heures", "PT2H"},
      {"3 mois", "P3M"},
      {"une demi-journée", "PT12H"},
      {"huit jours", "P8D"},
      {"2 semaines", "P2W"},
      {"une semaine et demie", "P10DT12H"},
      {"pendant 2h30", "PT2H30M"},
      {"un quart d'heure", "PT15M"},
      {"3/4 d'heure", "PT45M"},
      {"une heure et demie", "PT1H30M"},
      {"12 ans", "P12Y"},
      {"3,5 ans", "P3Y6M"},
      {"vingt-quatre heures", "2026-11-25T00:00"},
      {"pour vingt-quatre heures", "PT24H"},
      {"une quinzaine de jours", "P15D"},
      {"1 an et 6 mois", "P1Y6M"},
      {"toute la journée", "P1D"},
      {"35 heures par semaine", "PT35H"},
      {"deux heures", "PT2H"},
      {"25 € par mois", ""},
      {"quelques jours", "P3D"},
      {"un jour férié", ""},
      {"2 s'il vous plaît", ""},
  };
  expect(kRows);
  const auto some = parse("quelques jours", at("2026-11-24"));
  ASSERT_EQ(some.size(), 1u);
  EXPECT_TRUE(some[0].doubts.approximate);
}

TEST(Lengths, Written) {
  EXPECT_EQ(format_length({}, Grain::day), "PT0S");
  EXPECT_EQ(format_length({.months = 18}, Grain::year), "P1Y6M");
  EXPECT_EQ(format_length({.days = 14}, Grain::week), "P2W");
  EXPECT_EQ(format_length({.days = 14}, Grain::day), "P14D");
  EXPECT_EQ(format_length({.days = 1, .seconds = 3661}, Grain::second), "P1DT1H1M1S");
}

}  // namespace
}  // namespace parvis::dates
