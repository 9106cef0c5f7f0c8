#include "calendar/holidays.hpp"

#include <gtest/gtest.h>

namespace parvis::calendar {
namespace {

using std::chrono::year;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

// Easter Monday, Ascension Day, Whit Monday, written by hand, not computed.
struct Movable {
  int year;
  std::string_view easter_monday, ascension, whit_monday;
};
constexpr Movable kMovable[] = {
    {2020, "2020-04-13", "2020-05-21", "2020-06-01"},
    {2021, "2021-04-05", "2021-05-13", "2021-05-24"},
    {2022, "2022-04-18", "2022-05-26", "2022-06-06"},
    {2023, "2023-04-10", "2023-05-18", "2023-05-29"},
    {2024, "2024-04-01", "2024-05-09", "2024-05-20"},
    {2025, "2025-04-21", "2025-05-29", "2025-06-09"},
    {2026, "2026-04-06", "2026-05-14", "2026-05-25"},
    {2027, "2027-03-29", "2027-05-06", "2027-05-17"},
    {2028, "2028-04-17", "2028-05-25", "2028-06-05"},
    {2029, "2029-04-02", "2029-05-10", "2029-05-21"},
    {2030, "2030-04-22", "2030-05-30", "2030-06-10"},
    {2031, "2031-04-14", "2031-05-22", "2031-06-02"},
    {2032, "2032-03-29", "2032-05-06", "2032-05-17"},
    {2033, "2033-04-18", "2033-05-26", "2033-06-06"},
    {2034, "2034-04-10", "2034-05-18", "2034-05-29"},
    {2035, "2035-03-26", "2035-05-03", "2035-05-14"},
};

TEST(Holidays, MovableFeastsOf2020To2035) {
  for (const Movable& row : kMovable) {
    EXPECT_EQ(holiday_name(date(row.easter_monday)), "lundi de Pâques") << row.year;
    EXPECT_EQ(holiday_name(date(row.ascension)), "Ascension") << row.year;
    EXPECT_EQ(holiday_name(date(row.whit_monday)), "lundi de Pentecôte") << row.year;
  }
}

TEST(Holidays, FixedFeasts) {
  constexpr std::pair<std::string_view, std::string_view> kFixed[] = {
      {"-01-01", "jour de l’an"},      {"-05-01", "fête du Travail"},
      {"-05-08", "8 mai 1945"},        {"-07-14", "fête nationale"},
      {"-08-15", "Assomption"},        {"-11-01", "Toussaint"},
      {"-11-11", "armistice de 1918"}, {"-12-25", "Noël"}};
  for (int y = 2020; y <= 2035; ++y)
    for (const auto& [day, name] : kFixed)
      EXPECT_EQ(holiday_name(date(std::to_string(y) + std::string(day))), name) << y;
}

TEST(Holidays, ElevenAYearAndNoOther) {
  for (int y = 2020; y <= 2035; ++y) {
    int named = 0;
    for (auto day = std::chrono::sys_days(year(y) / 1 / 1);
         day < std::chrono::sys_days(year(y + 1) / 1 / 1); day += std::chrono::days(1))
      named += holiday_name(CivilDate(day)).has_value();
    EXPECT_EQ(named, 11) << y;
  }
}

// The extremes of the computus and its exceptions (1954, 1981: the April rules; 2038: the latest).
TEST(Holidays, EasterAtItsEdges) {
  EXPECT_EQ(easter_sunday(year(1818)), date("1818-03-22"));
  EXPECT_EQ(easter_sunday(year(1943)), date("1943-04-25"));
  EXPECT_EQ(easter_sunday(year(1954)), date("1954-04-18"));
  EXPECT_EQ(easter_sunday(year(1981)), date("1981-04-19"));
  EXPECT_EQ(easter_sunday(year(2000)), date("2000-04-23"));
  EXPECT_EQ(easter_sunday(year(2038)), date("2038-04-25"));
  EXPECT_EQ(easter_sunday(year(2285)), date("2285-03-22"));
}

TEST(Holidays, SharedDateTakesTheFirstOfTheLaw) {
  EXPECT_EQ(holiday_name(date("2059-05-08")), "8 mai 1945");
  EXPECT_EQ(holiday_name(date("2008-05-01")), "fête du Travail");
}

TEST(Holidays, RegionalDaysAreNotMetropolitan) {
  EXPECT_FALSE(holiday_name(date("2026-04-03")));  // Good Friday
  EXPECT_FALSE(holiday_name(date("2026-12-26")));
}

// Easter Sundays of 2020 to 2060, copied from the table of the Bureau des longitudes, as month and
// day: 412 is 12 April.
constexpr int kEaster[] = {412, 404, 417, 409, 331, 420, 405, 328, 416, 401, 421, 413, 328, 417,
                           409, 325, 413, 405, 425, 410, 401, 421, 406, 329, 417, 409, 325, 414,
                           405, 418, 410, 402, 421, 406, 329, 418, 402, 422, 414, 330, 418};
static_assert(std::size(kEaster) == 2060 - 2020 + 1);

// A rule of its own, on day numbers of the year: what is a holiday there and then.
bool is_holiday(CivilDate day, Region region) {
  const int easter = kEaster[static_cast<int>(day.year()) - 2020];
  const auto sunday = std::chrono::sys_days(day.year() / (easter / 100) / (easter % 100));
  const auto since = (std::chrono::sys_days(day) - sunday).count();
  if (since == 1 || since == 39 || since == 50) return true;
  if (since == -2 && region == Region::alsace_moselle) return true;
  const int said =
      static_cast<int>(static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day()));
  for (const int fixed : {101, 501, 508, 714, 815, 1101, 1111, 1225})
    if (said == fixed) return true;
  switch (region) {
    case Region::metropolitan:
      return false;
    case Region::alsace_moselle:
    case Region::alsace_moselle_without_temple:
      return said == 1226;
    case Region::guadeloupe:
      return said == 527;
    case Region::martinique:
      return said == 522;
    case Region::guyane:
      return said == 610;
    case Region::reunion:
      return said == 1220;
    case Region::mayotte:
      return said == 427;
    case Region::saint_barthelemy:
      return said == 1009;
    case Region::saint_martin:
      return said == 528;
    case Region::nouvelle_caledonie:
      return said == 924;
  }
  return false;
}

constexpr Region kRegions[] = {
    Region::metropolitan, Region::alsace_moselle,    Region::alsace_moselle_without_temple,
    Region::guadeloupe,   Region::martinique,        Region::guyane,
    Region::reunion,      Region::mayotte,           Region::saint_barthelemy,
    Region::saint_martin, Region::nouvelle_caledonie};

TEST(Holidays, EveryDayFrom2020To2060InEveryRegion) {
  for (const Region region : kRegions)
    for (auto day = std::chrono::sys_days(year(2020) / 1 / 1);
         day < std::chrono::sys_days(year(2061) / 1 / 1); day += std::chrono::days(1))
      ASSERT_EQ(holiday_name(CivilDate(day), region).has_value(),
                is_holiday(CivilDate(day), region))
          << format_iso_date(CivilDate(day)) << " region " << static_cast<int>(region);
}

TEST(Holidays, TheListHoldsThoseOfTheRegionAfterTheEleven) {
  EXPECT_EQ(holidays(year(2026)).size(), 11U);
  const auto alsace = holidays(year(2026), Region::alsace_moselle);
  ASSERT_EQ(alsace.size(), 13U);
  EXPECT_EQ(alsace[11], (Holiday{date("2026-04-03"), "Vendredi saint"}));
  EXPECT_EQ(alsace[12], (Holiday{date("2026-12-26"), "Saint-Étienne"}));
  EXPECT_EQ(holidays(year(2026), Region::reunion).back(),
            (Holiday{date("2026-12-20"), "abolition de l’esclavage"}));
}

TEST(Holidays, RegionalNames) {
  EXPECT_EQ(holiday_name(date("2026-04-03"), Region::alsace_moselle), "Vendredi saint");
  EXPECT_FALSE(holiday_name(date("2026-04-03"), Region::alsace_moselle_without_temple));
  EXPECT_EQ(holiday_name(date("2026-12-26"), Region::alsace_moselle_without_temple),
            "Saint-Étienne");
  EXPECT_EQ(holiday_name(date("2026-05-27"), Region::guadeloupe), "abolition de l’esclavage");
  EXPECT_FALSE(holiday_name(date("2026-05-27"), Region::martinique));
  EXPECT_EQ(holiday_name(date("2026-09-24"), Region::nouvelle_caledonie), "fête de la citoyenneté");
  // Ascension Day and the abolition in Martinique, both on 22 May 2031… the law's list comes first.
  EXPECT_EQ(holiday_name(date("2031-05-22"), Region::martinique), "Ascension");
}

}  // namespace
}  // namespace parvis::calendar
