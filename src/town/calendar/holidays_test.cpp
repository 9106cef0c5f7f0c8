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

}  // namespace
}  // namespace parvis::calendar
