// By examples of RFC 5545, and against another implementation on rules made at random.
#include "ics/recurrence.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace parvis::ics {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

LocalTime local(int y, unsigned m, unsigned d, int h = 9, int min = 0) {
  return local_days(year(y) / month(m) / day(d)) + hours(h) + minutes(min);
}
std::string words(LocalTime at) {
  return format_iso_date(civil_date(at)) +
         fmt::format(" {:02}:{:02}", time_of_day(at).count() / 60, time_of_day(at).count() % 60);
}
std::string stamp(LocalTime at) {
  std::string text = format_rfc3339(Instant(at.time_since_epoch()));
  text.pop_back();  // no zone
  return text;
}
std::vector<std::string> dates(const std::string& text, LocalTime first, LocalTime from,
                               LocalTime until) {
  auto rule = parse_rule(text);
  EXPECT_TRUE(rule) << text;
  if (!rule) return {};
  std::size_t work = 1'000'000;
  std::vector<LocalTime> out;
  EXPECT_TRUE(expand(*rule, first, Moments::times, from, until, work, out)) << text;
  std::vector<std::string> all;
  for (const LocalTime at : out) all.push_back(words(at));
  return all;
}
std::vector<std::string> dates(const std::string& text, LocalTime first, LocalTime until) {
  return dates(text, first, first, until);
}

TEST(Recurrence, ExamplesOfTheStandard) {
  const LocalTime first = local(1997, 9, 2);
  EXPECT_THAT(dates("FREQ=DAILY;COUNT=3", first, local(2000, 1, 1)),
              ElementsAre("1997-09-02 09:00", "1997-09-03 09:00", "1997-09-04 09:00"));
  EXPECT_THAT(
      dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,TH;WKST=SU", first, local(2000, 1, 1)),
      ElementsAre("1997-09-02 09:00", "1997-09-04 09:00", "1997-09-16 09:00", "1997-09-18 09:00"));
  // Where weeks begin decides which are left out.
  EXPECT_THAT(
      dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", local(1997, 8, 5),
            local(2000, 1, 1)),
      ElementsAre("1997-08-05 09:00", "1997-08-10 09:00", "1997-08-19 09:00", "1997-08-24 09:00"));
  EXPECT_THAT(
      dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", local(1997, 8, 5),
            local(2000, 1, 1)),
      ElementsAre("1997-08-05 09:00", "1997-08-17 09:00", "1997-08-19 09:00", "1997-08-31 09:00"));
  EXPECT_THAT(dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", first, local(1998, 4, 1)),
              ElementsAre("1998-02-13 09:00", "1998-03-13 09:00"));
  EXPECT_THAT(
      dates("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", local(1997, 9, 29),
            local(1997, 12, 31)),
      ElementsAre("1997-09-29 09:00", "1997-10-30 09:00", "1997-11-27 09:00", "1997-12-30 09:00"));
  EXPECT_THAT(dates("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", local(1997, 5, 12), local(2000, 1, 1)),
              ElementsAre("1997-05-12 09:00", "1998-05-11 09:00", "1999-05-17 09:00"));
  EXPECT_THAT(dates("FREQ=YEARLY;BYDAY=20MO", local(1997, 5, 19), local(2000, 1, 1)),
              ElementsAre("1997-05-19 09:00", "1998-05-18 09:00", "1999-05-17 09:00"));
  EXPECT_THAT(
      dates("FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200", local(1997, 1, 1),
            local(2010, 1, 1)),
      ElementsAre("1997-01-01 09:00", "1997-04-10 09:00", "1997-07-19 09:00", "2000-01-01 09:00"));
  EXPECT_THAT(dates("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=5", first, local(2000, 1, 1)),
              ElementsAre("1997-09-02 09:00", "1997-09-02 09:30", "1997-09-02 10:00",
                          "1997-09-02 10:30", "1997-09-03 09:00"));
  EXPECT_THAT(dates("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", first, local(2000, 1, 1)),
              ElementsAre("1997-09-02 09:00", "1997-09-02 12:00", "1997-09-02 15:00"));
}

TEST(Recurrence, DaysThatAMonthLacksAreLeftOut) {
  EXPECT_THAT(dates("FREQ=MONTHLY", local(2026, 1, 31), local(2026, 6, 1)),
              ElementsAre("2026-01-31 09:00", "2026-03-31 09:00", "2026-05-31 09:00"));
  EXPECT_THAT(dates("FREQ=YEARLY", local(2024, 2, 29), local(2029, 1, 1)),
              ElementsAre("2024-02-29 09:00", "2028-02-29 09:00"));
}

TEST(Recurrence, TheWindowIsReachedWithoutThePast) {
  for (const char* rule :
       {"FREQ=DAILY;INTERVAL=7", "FREQ=WEEKLY;INTERVAL=3;WKST=SU",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=-1",
        "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1,20;BYDAY=TH", "FREQ=SECONDLY;INTERVAL=21600",
        "FREQ=HOURLY;INTERVAL=7;BYMINUTE=5,10"}) {
    auto parsed = parse_rule(rule);
    ASSERT_TRUE(parsed) << rule;
    std::size_t work = 20'000;
    std::vector<LocalTime> out;
    ASSERT_TRUE(expand(*parsed, local(1601, 1, 1), Moments::times, local(2026, 11, 28),
                       local(2027, 6, 1), work, out))
        << rule;
    // The same dates as when everything from the first on is looked at.
    std::vector<LocalTime> slow;
    std::size_t much = 100'000'000;
    ASSERT_TRUE(expand(*parsed, local(1601, 1, 1), Moments::times, local(1601, 1, 1),
                       local(2027, 6, 1), much, slow));
    std::erase_if(slow, [](LocalTime at) { return at < local(2026, 11, 28); });
    EXPECT_EQ(out, slow) << rule;
    EXPECT_FALSE(out.empty()) << rule;
  }
}

TEST(Recurrence, WorkIsBounded) {
  for (const char* rule :
       {"FREQ=SECONDLY", "FREQ=SECONDLY;BYHOUR=3;BYSECOND=3;BYMINUTE=3",
        "FREQ=MINUTELY;COUNT=2000000000", "FREQ=DAILY;COUNT=2000000000;BYMONTH=2;BYMONTHDAY=30"}) {
    std::size_t work = 100'000;
    std::vector<LocalTime> out;
    EXPECT_FALSE(expand(*parse_rule(rule), local(2020, 1, 1), Moments::times, local(2026, 1, 1),
                        local(2299, 1, 1), work, out))
        << rule;
    EXPECT_LE(out.size(), 100'000u);
  }
  // What never holds ends by itself.
  for (const char* rule :
       {"FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"})
    EXPECT_THAT(dates(rule, local(2020, 1, 1), local(2299, 1, 1)), ElementsAre()) << rule;
}

TEST(Recurrence, AllDayEventsHaveNoHours) {
  std::size_t work = 1000;
  std::vector<LocalTime> out;
  EXPECT_TRUE(expand(*parse_rule("FREQ=WEEKLY;BYHOUR=9;UNTIL=20260116"), local(2026, 1, 2, 0),
                     Moments::dates, local(2026, 1, 1, 0), local(2027, 1, 1, 0), work, out));
  EXPECT_THAT(out, ElementsAre(local(2026, 1, 2, 0), local(2026, 1, 9, 0), local(2026, 1, 16, 0)));
}

TEST(Recurrence, WhatIsRefused) {
  for (const char* rule :
       {"", "FREQ=FOO", "FREQ=DAILY;COUNT=x", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=20260230", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=YEARLY;BYMONTH=13",
        "FREQ=HOURLY;BYSETPOS=1", "FREQ=YEARLY;SKIP=FORWARD;RSCALE=GREGORIAN", "BYDAY=MO"}) {
    const auto parsed = parse_rule(rule);
    EXPECT_FALSE(parsed) << rule;
    if (!parsed) EXPECT_FALSE(parsed.error().empty());
  }
}

// Another hand's reading of the same standard: python-dateutil 2.9 made these from random rules.
// Each line: first occurrence, rule, how many dates before 2032, the first six, the last.
TEST(Recurrence, AgreesWithDateutil) {
  std::ifstream file(std::string(PARVIS_SOURCE_DIR) + "/tests/corpus/recurrence/rules.tsv");
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    std::istringstream in(line);
    std::string first, rule, count, dates, last;
    in >> first >> rule >> count >> dates >> last;
    const auto parsed = parse_rule(rule);
    ASSERT_TRUE(parsed) << rule;
    const LocalTime begin(parse_rfc3339(first + "Z").value().time_since_epoch() / 1000ms * 1s);
    std::size_t work = 100'000'000;
    std::vector<LocalTime> out;
    ASSERT_TRUE(expand(*parsed, begin, Moments::times, begin, local(2032, 1, 1, 0), work, out));
    EXPECT_EQ(std::to_string(out.size()), count) << line;
    std::string got;
    for (std::size_t i = 0; i < std::min<std::size_t>(out.size(), 6); ++i)
      got += (i == 0 ? "" : ",") + stamp(out[i]);
    EXPECT_EQ(got.empty() ? "-" : got, dates) << line;
    EXPECT_EQ(out.empty() ? "-" : stamp(out.back()), last) << line;
  }
  EXPECT_EQ(lines, 600);
}

}  // namespace
}  // namespace parvis::ics
