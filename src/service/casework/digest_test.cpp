#include "casework/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CivilDate day(std::string_view text) { return *parse_iso_date(text); }

Line line(std::string reference, std::string_view due, std::string_view deposited = "2026-11-01") {
  Line out;
  out.reference = std::move(reference);
  out.procedure = "essai";
  out.deposited_at = *parse_rfc3339(std::string(deposited) + "T09:00:00Z");
  out.due = day(due);
  return out;
}
std::vector<std::string> told(const std::vector<Line>& lines, std::string_view since,
                              std::string_view today) {
  std::vector<std::string> out;
  for (const Line& each : crossing(lines, day(since), day(today), Zone::paris()))
    out.push_back(each.reference);
  return out;
}

TEST(Digest, TellsFifteenSevenTwoDaysBeforeAndTheDayAfter) {
  const std::vector<Line> lines = {line("A", "2026-12-16")};
  std::vector<std::string> days;
  for (CivilDate today = day("2026-11-25"); today < day("2026-12-31");
       today = std::chrono::sys_days(today) + std::chrono::days(1)) {
    const CivilDate before = std::chrono::sys_days(today) - std::chrono::days(1);
    if (!crossing(lines, before, today, Zone::paris()).empty())
      days.push_back(format_iso_date(today));
  }
  EXPECT_THAT(days, ElementsAre("2026-12-01", "2026-12-09", "2026-12-14", "2026-12-17"));
}

TEST(Digest, MakesUpForDaysWithoutOneAndSaysNothingTwice) {
  const std::vector<Line> lines = {line("B", "2026-12-13"), line("A", "2026-12-12")};
  EXPECT_THAT(told(lines, "2026-12-04", "2026-12-07"), ElementsAre("A", "B"));  // a weekend
  EXPECT_THAT(told(lines, "2026-12-07", "2026-12-08"), IsEmpty());
  // A short delay was known at the deposit.
  EXPECT_THAT(told({line("C", "2026-12-10", "2026-12-04")}, "2026-12-02", "2026-12-03"), IsEmpty());
}

TEST(Digest, TellsOfAPromiseOfADayOrTwoBeforeItsEnd) {
  const std::vector<Line> lines = {line("A", "2026-12-10", "2026-12-08"),
                                   line("B", "2026-12-10", "2026-12-09")};
  EXPECT_THAT(told(lines, "2026-12-08", "2026-12-09"), ElementsAre("A"));
  EXPECT_THAT(told(lines, "2026-12-09", "2026-12-10"), ElementsAre("B"));       // its only day
  EXPECT_THAT(told(lines, "2026-12-10", "2026-12-11"), ElementsAre("A", "B"));  // and after it
}

TEST(Digest, AWrongClockNeitherDoublesNorSilencesIt) {
  const auto since = [](std::string_view last, std::string_view today) {
    const auto found = digest_since(last.empty() ? std::nullopt : parse_iso_date(last), day(today));
    return found ? format_iso_date(*found) : std::string("told");
  };
  EXPECT_EQ(since("", "2026-12-07"), "2026-12-06");
  EXPECT_EQ(since("2026-12-04", "2026-12-07"), "2026-12-04");
  EXPECT_EQ(since("2026-12-07", "2026-12-07"), "told");
  EXPECT_EQ(since("2026-12-08", "2026-12-07"), "told");        // set back by a day
  EXPECT_EQ(since("2031-01-01", "2026-12-07"), "2026-12-06");  // was years ahead
  EXPECT_EQ(since("2025-01-01", "2026-12-07"), "2026-11-06");
}

TEST(Digest, NamesCasesAndTheirEnds) {
  const Letter letter = digest_letter(
      {line("A", "2026-12-01"), line("B", "2026-12-09")},
      [](const std::string&) { return std::string("Essai"); }, day("2026-12-02"));
  EXPECT_THAT(letter.text.read(), HasSubstr("A (Essai)\u00a0: délai dépassé depuis le mardi 1"));
  EXPECT_THAT(letter.text.read(), HasSubstr("B (Essai)\u00a0: 7 jours, jusqu’au mercredi 9"));
}

}  // namespace
}  // namespace parvis::casework
