// Days: absolute, relative, feasts. Now is Tuesday 24 November 2026, 10:00.
#include <gtest/gtest.h>

#include "dates/notation_for_tests.hpp"

namespace parvis::dates {
namespace {

void expect(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(says(row.text), row.meaning) << row.text;
}

TEST(Day, WorkingDaysLeaveOutTheHolidaysOfThePlace) {
  const LocalTime monday = std::chrono::local_days(*parse_iso_date("2026-03-30"));
  const auto there = [&](calendar::Region region) {
    return format_iso_date(
        civil_date(*parse("dans 5 jours ouvrés", monday, Prefer::future, region)[0].start));
  };
  EXPECT_EQ(there(calendar::Region::metropolitan), "2026-04-07");
  EXPECT_EQ(there(calendar::Region::alsace_moselle), "2026-04-08");  // Good Friday is off too
}

TEST(Days, InDigits) {
  constexpr Row kRows[] = {
      {"24/11/2026", "2026-11-24"},
      {"24.11.26", "2026-11-24"},
      {"24-11-2026", "2026-11-24"},
      {"3/5/2027", "2027-05-03"},
      {"2026-11-24", "2026-11-24"},
      {"2026/11/24", "2026-11-24"},
      {"24 11 2026", "2026-11-24"},
      {"le 24 12", "2026-12-24"},
      {"31/12", "2026-12-31"},
      {"le 3/5", "2027-05-03"},
      {"31/10/74", "1974-10-31"},
      {"01/08/46", "2046-08-01"},
      {"01/08/47", "1947-08-01"},
      {"01/août/2027", "2027-08-01"},
      {"24/13/2026", ""},
      {"32/01/2027", ""},
      {"0/5/2027", ""},
  };
  expect(kRows);
}

TEST(Days, InWords) {
  constexpr Row kRows[] = {
      {"le 24 novembre", "2026-11-24"},
      {"1er mars 2027", "2027-03-01"},
      {"le premier mars", "2027-03-01"},
      {"le vingt-quatre décembre", "2026-12-24"},
      {"le trente et un janvier", "2027-01-31"},
      {"le dix-sept mai deux mille vingt-sept", "2027-05-17"},
      {"le 3 mai mille neuf cent quatre-vingt-cinq", "1985-05-03"},
      {"mardi 24 novembre", "2026-11-24"},
      {"samedi 28 nov.", "2026-11-28"},
      {"mer. 2 déc", "2026-12-02"},
      {"24 nov 26", "2026-11-24"},
      {"3 sept 2027", "2027-09-03"},
      {"le 12 juillet 98", "1998-07-12"},
      {"23 novembre de 1987", "1987-11-23"},
      {"le 3 mars, merci", "2027-03-03"},
      {"le 28", "2026-11-28"},
      {"le 23", "2026-12-23"},
      {"le 31", "2026-12-31"},
      {"vendredi 13", "2027-08-13"},
      {"le 15 du mois prochain", "2026-12-15"},
      {"3eme jour d'octobre", "2027-10-03"},
      {"dernier jour d'octobre 2015", "2015-10-31"},
      {"le premier lundi de mars", "2027-03-01"},
      {"le dernier vendredi de janvier 2027", "2027-01-29"},
  };
  expect(kRows);
}

TEST(Days, MisspeltOrWithoutAccents) {
  constexpr Row kRows[] = {
      {"le 3 aout", "2027-08-03"},   {"12 fevrier", "2027-02-12"},
      {"15 novenbre", "2027-11-15"}, {"mercedi", "2026-11-25"},
      {"vednredi", "2026-11-27"},    {"4 decenbre", "2026-12-04"},
      {"2m1", "2026-11-25"},         {"ajd", "2026-11-24"},
      {"apres demin", "2026-11-26"}, {"apre\xCC\x80s-demain", "2026-11-26"},
      {"aujourdhui", "2026-11-24"},  {"ds 3 jrs", "2026-11-27"},
      {"LE 3 MAI", "2027-05-03"},    {"un chien hardi, un lévrier", ""},
  };
  expect(kRows);
}

TEST(Days, FromToday) {
  constexpr Row kRows[] = {
      {"aujourd'hui", "2026-11-24"},
      {"aujourd’hui", "2026-11-24"},
      {"demain, après-demain, hier, avant-hier",
       "2026-11-25 | 2026-11-26 | 2026-11-23 | 2026-11-22"},
      {"dans 3 jours", "2026-11-27"},
      {"dans deux semaines", "2026-12-08"},
      {"dans un mois", "2026-12-24"},
      {"il y a deux semaines", "2026-11-10"},
      {"il y a un an", "2025-11-24"},
      {"dans 5 jours ouvrés", "2026-12-01"},
      {"dans 25 jours ouvrés", "2026-12-30"},  // Christmas Day does not count
      {"le lendemain de Noël", "2026-12-26"},
      {"3 jours après Pâques", "2027-03-31"},
      {"deux semaines avant le 3 mai", "2027-04-19"},
      {"3 jours à partir de vendredi", "2026-11-30"},
      {"dans 99999999 jours", ""},
  };
  expect(kRows);
}

TEST(Days, Weekdays) {
  constexpr Row kRows[] = {
      {"lundi", "2026-11-30"},
      {"mardi", "2026-12-01"},  // today is a Tuesday
      {"mercredi", "2026-11-25"},
      {"ce mardi", "2026-11-24"},
      {"lundi prochain", "2026-11-30"},
      {"vendredi prochain", "2026-11-27"},
      {"lundi dernier", "2026-11-23"},
      {"mardi dernier", "2026-11-17"},
      {"mardi en huit", "2026-12-01"},
      {"lundi en huit", "2026-12-07"},
      {"mercredi en quinze", "2026-12-09"},
      {"lundi de la semaine prochaine", "2026-11-30"},
      {"mercredi la semaine prochaine", "2026-12-02"},
      {"dimanche de la semaine dernière", "2026-11-22"},
      {"lundi cette semaine", "2026-11-23"},
      {"la semaine prochaine, jeudi", "2026-12-03"},
      {"d'aujourd'hui en huit", "2026-12-01"},
  };
  expect(kRows);
}

TEST(Days, Feasts) {
  constexpr Row kRows[] = {
      {"Noël", "2026-12-25"},
      {"le 14 juillet", "2027-07-14"},
      {"Pâques", "2027-03-28"},
      {"lundi de Pâques", "2027-03-29"},
      {"l'Ascension", "2027-05-06"},
      {"lundi de Pentecôte", "2027-05-17"},
      {"la Toussaint", "2027-11-01"},
      {"le jour de l'an", "2027-01-01"},
      {"Pâques 2018", "2018-04-01"},
      {"la fête nationale", "2027-07-14"},
      {"la veille de Noël", "2026-12-24"},
      {"mardi gras", "2027-02-09"},
      {"le pont de l'Ascension", "day 2027-05-06..2027-05-10"},
      {"le pont du 11 novembre", "day 2027-11-11..2027-11-15"},
  };
  for (const Row& row : std::span(kRows).first(14))
    EXPECT_EQ(says(row.text), row.meaning) << row.text;
  // A Tuesday makes a bridge from Saturday on, a Wednesday none.
  EXPECT_EQ(says("le pont du 14 juillet 2026"), "day 2026-07-11..2026-07-15");
  EXPECT_EQ(says("le pont du 14 juillet 2027"), "day 2027-07-14..2027-07-15");
}

TEST(Days, ListsShareTheirMonth) {
  EXPECT_EQ(says("le 12 et le 13"), "2026-12-12 | 2026-12-13");
  EXPECT_EQ(says("le 12 et le 13 juin"), "2027-06-12 | 2027-06-13");
  EXPECT_EQ(says("les 12, 13 et 14 mars 2027"), "2027-03-12 | 2027-03-13 | 2027-03-14");
}

TEST(Days, ThatDoNotExist) {
  for (const std::string_view text : {"le 30 février", "30/02/2027", "31 avril", "29/02/2027",
                                      "le 30 février à 9h", "29 février 2100"})
    EXPECT_EQ(says(text), "") << text;
}

TEST(Days, LeapDay) {
  EXPECT_EQ(says("le 29 février"), "2028-02-29");
  EXPECT_EQ(says("29/2", at("2028-02-29")), "2028-02-29");
  EXPECT_EQ(says("29/2", at("2028-03-01")), "2032-02-29");
  EXPECT_EQ(says("le 29 février", at("2097-01-01")), "2104-02-29");
  EXPECT_EQ(says("dans un an", at("2028-02-29")), "2029-02-28");
  EXPECT_EQ(says("dans un mois", at("2027-01-31")), "2027-02-28");
}

TEST(Days, EndOfTheYear) {
  const LocalTime now = at("2026-12-31", 23, 59);
  EXPECT_EQ(says("demain", now), "2027-01-01");
  EXPECT_EQ(says("le 31", now), "2026-12-31");
  EXPECT_EQ(says("le 1er", now), "2027-01-01");
  EXPECT_EQ(says("hier", at("2027-01-01")), "2026-12-31");
  EXPECT_EQ(says("la semaine prochaine", now), "week 2027-01-04..2027-01-11");
  EXPECT_EQ(says("le mois prochain", now), "month 2027-01-01..2027-02-01");
  EXPECT_EQ(says("Noël", now), "2027-12-25");
}

TEST(Days, TheOtherDirection) {
  const LocalTime now = at("2026-11-24", 10);
  EXPECT_EQ(says("le 3 mai", now, Prefer::past), "2026-05-03");
  EXPECT_EQ(says("le 25 décembre", now, Prefer::past), "2025-12-25");
  EXPECT_EQ(says("lundi", now, Prefer::past), "2026-11-23");
  EXPECT_EQ(says("mardi", now, Prefer::past), "2026-11-17");
  EXPECT_EQ(says("le 28", now, Prefer::past), "2026-10-28");
  EXPECT_EQ(says("24/11/46", now, Prefer::past), "1946-11-24");
  EXPECT_EQ(says("en août", now, Prefer::past), "month 2026-08-01..2026-09-01");
  EXPECT_EQ(says("né le 3 mai"), "2026-05-03");
  EXPECT_EQ(says("née le 3 décembre 31"), "1931-12-03");
}

TEST(Days, AWeekdayChoosesAmongYears) {
  EXPECT_EQ(says("mardi 25 novembre"), "2025-11-25");  // 2026: a Wednesday
  const auto wrong = parse("lundi 24 novembre 2026", at("2026-11-24"));
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_TRUE(wrong[0].doubts.wrong_weekday);
  EXPECT_EQ(wrong[0].start, at("2026-11-24"));
}

}  // namespace
}  // namespace parvis::dates
