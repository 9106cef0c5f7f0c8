#include "calendar/working_days.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "calendar/holidays.hpp"

namespace parvis::calendar {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year;
constexpr auto kOuvres = WorkingWeek::monday_to_friday;
constexpr auto kOuvrables = WorkingWeek::monday_to_saturday;
constexpr auto kMetropolitan = Region::metropolitan;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

// Days of 2026: Friday 3 April is Good Friday, Monday 6 April Easter Monday, Friday 1 May and
// Friday 8 May holidays.
TEST(WorkingDay, OuvresAreMondayToFridayWithoutHolidays) {
  EXPECT_TRUE(is_working_day(date("2026-04-02")));
  EXPECT_TRUE(is_working_day(date("2026-04-03")));
  EXPECT_FALSE(is_working_day(date("2026-04-04")));  // Saturday
  EXPECT_FALSE(is_working_day(date("2026-04-05")));  // Sunday
  EXPECT_FALSE(is_working_day(date("2026-04-06")));  // Easter Monday
  EXPECT_TRUE(is_working_day(date("2026-04-07")));
  EXPECT_FALSE(is_working_day(date("2026-05-01")));
}

TEST(WorkingDay, OuvrablesHaveSaturdaysToo) {
  EXPECT_TRUE(is_working_day(date("2026-04-04"), kMetropolitan, kOuvrables));
  EXPECT_FALSE(is_working_day(date("2026-04-05"), kMetropolitan, kOuvrables));
  EXPECT_FALSE(is_working_day(date("2026-04-06"), kMetropolitan, kOuvrables));
  EXPECT_FALSE(is_working_day(date("2026-08-15"), kMetropolitan, kOuvrables));  // a Saturday
}

TEST(WorkingDay, DependsOnThePlace) {
  EXPECT_FALSE(is_working_day(date("2026-04-03"), Region::alsace_moselle));
  EXPECT_TRUE(is_working_day(date("2026-04-03"), Region::alsace_moselle_without_temple));
  EXPECT_FALSE(is_working_day(date("2026-12-26"), Region::alsace_moselle, kOuvrables));
  EXPECT_FALSE(is_working_day(date("2026-05-22"), Region::martinique));
  EXPECT_TRUE(is_working_day(date("2026-05-22"), Region::guadeloupe));
}

TEST(NextWorkingDay, IsTheDateItselfWhenItWorks) {
  EXPECT_EQ(next_working_day(date("2026-04-03")), date("2026-04-03"));
  EXPECT_EQ(next_working_day(date("2026-04-04")), date("2026-04-07"));
  EXPECT_EQ(next_working_day(date("2026-04-03"), Region::alsace_moselle), date("2026-04-07"));
  EXPECT_EQ(next_working_day(date("2026-04-04"), kMetropolitan, kOuvrables), date("2026-04-04"));
  // From Christmas to Monday 28 December, over the second day and the week-end.
  EXPECT_EQ(next_working_day(date("2026-12-25"), Region::alsace_moselle, kOuvrables),
            date("2026-12-28"));
}

TEST(AddWorkingDays, DoesNotCountTheDayItself) {
  EXPECT_EQ(add_working_days(date("2026-11-24"), 1), date("2026-11-25"));
  EXPECT_EQ(add_working_days(date("2026-11-27"), 1), date("2026-11-30"));  // over a week-end
  EXPECT_EQ(add_working_days(date("2026-11-28"), 1), date("2026-11-30"));  // from a Saturday
  EXPECT_EQ(add_working_days(date("2026-11-28"), 0), date("2026-11-28"));
  EXPECT_EQ(add_working_days(date("2026-11-27"), 1, kMetropolitan, kOuvrables), date("2026-11-28"));
  EXPECT_EQ(add_working_days(date("2026-04-02"), 2), date("2026-04-07"));
  EXPECT_EQ(add_working_days(date("2026-04-02"), 2, Region::alsace_moselle), date("2026-04-08"));
}

TEST(AddWorkingDays, CountsBackwards) {
  EXPECT_EQ(add_working_days(date("2026-11-30"), -1), date("2026-11-27"));
  EXPECT_EQ(add_working_days(date("2026-04-07"), -1), date("2026-04-03"));
  EXPECT_EQ(add_working_days(date("2026-04-07"), -1, Region::alsace_moselle), date("2026-04-02"));
}

TEST(AddClearDays, CountsNeitherTheFirstNorTheLastDay) {
  EXPECT_EQ(add_clear_days(date("2026-11-23"), days(2)), date("2026-11-26"));
  EXPECT_EQ(add_clear_days(date("2026-11-23"), days(4)), date("2026-11-30"));  // not Saturday 28
  EXPECT_EQ(add_clear_months(date("2026-11-24"), months(2)), date("2027-01-25"));
  EXPECT_EQ(add_clear_months(date("2026-06-30"), months(2)), date("2026-08-31"));
  EXPECT_EQ(add_clear_months(date("2026-12-31"), months(2)), date("2027-03-01"));
}

TEST(AddMonths, GoesToTheSameDayOrTheLast) {
  EXPECT_EQ(add_months(date("2026-08-31"), months(2)), date("2026-10-31"));
  EXPECT_EQ(add_months(date("2026-08-31"), months(1)), date("2026-09-30"));
  EXPECT_EQ(add_months(date("2026-12-31"), months(2)), date("2027-02-28"));
  EXPECT_EQ(add_months(date("2027-12-31"), months(2)), date("2028-02-29"));
  EXPECT_EQ(add_months(date("2028-02-29"), months(12)), date("2029-02-28"));
  EXPECT_EQ(add_months(date("2026-03-31"), months(-1)), date("2026-02-28"));
}

// Each date of 41 years: going forward day by day finds the same as counting.
TEST(AddWorkingDays, AgreesWithCountingFrom2020To2060) {
  for (const Region region : {Region::metropolitan, Region::alsace_moselle, Region::reunion}) {
    for (const WorkingWeek week : {kOuvres, kOuvrables}) {
      std::vector<CivilDate> working;
      for (auto day = sys_days(year(2020) / 1 / 1); day < sys_days(year(2061) / 1 / 1);
           day += days(1)) {
        const CivilDate here(day);
        const auto weekday = std::chrono::weekday(day).c_encoding();  // 0 = Sunday
        const bool off = weekday == 0 || (weekday == 6 && week == kOuvres);
        const auto of_the_year = [&] {
          for (const Holiday& each : holidays(here.year(), region))
            if (each.date == here) return true;
          return false;
        };
        const bool works = !off && !of_the_year();
        ASSERT_EQ(is_working_day(here, region, week), works) << format_iso_date(here);
        if (works) working.push_back(here);
      }
      for (std::size_t at = 10; at + 10 < working.size(); at += 7) {
        ASSERT_EQ(add_working_days(working[at], 10, region, week), working[at + 10]);
        ASSERT_EQ(add_working_days(working[at], -10, region, week), working[at - 10]);
        ASSERT_EQ(next_working_day(add_days(working[at], days(1)), region, week), working[at + 1]);
      }
    }
  }
}

}  // namespace
}  // namespace parvis::calendar
