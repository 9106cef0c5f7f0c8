#include "directory/dates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::directory {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(ParseTime, AsPeopleWriteIt) {
  for (const char* half_past_eight : {"8h30", "8 h 30", "08:30", "8:30", "08h30", "08:30:00"})
    EXPECT_EQ(parse_time(half_past_eight), 8h + 30min) << half_past_eight;
  EXPECT_EQ(parse_time("8h"), 8h);
  EXPECT_EQ(parse_time("0:00"), 0h);
  EXPECT_EQ(parse_time("24h"), 24h);
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* wrong : {"", "8", "h", "8h3", "8h60", "25h", "24h01", "8h30x", "-8h", "830",
                            "8h300", "08:30:15", "midi"})
    EXPECT_FALSE(parse_time(wrong)) << wrong;
}

TEST(ParseRanges, OneOrSeveral) {
  using calendar::Range;
  EXPECT_THAT(
      parse_ranges("8h30-12h, 13h30-17h30"),
      Optional(ElementsAre(Range{8h + 30min, 12h, ""}, Range{13h + 30min, 17h + 30min, ""})));
  EXPECT_THAT(parse_ranges("8\u202fh\u202f30 à 12\u202fh"),
              Optional(ElementsAre(Range{8h + 30min, 12h, ""})));
  EXPECT_THAT(parse_ranges("9h – 12h"), Optional(ElementsAre(Range{9h, 12h, ""})));
  EXPECT_THAT(parse_ranges("Fermé"), Optional(IsEmpty()));
  for (const char* wrong : {"", "9h", "9h-", "-12h", "9h-12h,", "9h-10h-11h", "le matin"})
    EXPECT_FALSE(parse_ranges(wrong)) << wrong;
}

TEST(ParseWeekdays, SpansAndLists) {
  EXPECT_THAT(parse_weekdays("Lundi"), Optional(ElementsAre(0U)));
  EXPECT_THAT(parse_weekdays("lundi-vendredi"), Optional(ElementsAre(0U, 1U, 2U, 3U, 4U)));
  EXPECT_THAT(parse_weekdays("jeudi, mardi et samedi-dimanche"),
              Optional(ElementsAre(1U, 3U, 5U, 6U)));
  for (const char* wrong : {"", "lun", "samedi-lundi", "lundi-mardi-jeudi", "lundi,", "monday"})
    EXPECT_FALSE(parse_weekdays(wrong)) << wrong;
}

TEST(Period, TheirFormsGoBackAndForth) {
  for (const char* period :
       {"", "2026-01-01/2026-12-31", "04-01/09-30", "10-01/03-31", "02-29/03-01"})
    EXPECT_EQ(format_period(*parse_period(period)), period);
  for (const char* wrong : {"/", "04-01", "04-01/2026-01-01", "13-01/01-01",
                            "2026-02-29/2026-03-01", "4-1/9-30", "02-30/03-01"})
    EXPECT_FALSE(parse_period(wrong)) << wrong;
}

}  // namespace
}  // namespace parvis::directory
