#include "calendar/hours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "calendar/holidays.hpp"

namespace parvis::calendar {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Cause = OpenState::Cause;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

LocalTime at(std::string_view iso, Minutes time) { return local_days(date(iso)) + time; }

Range range(Minutes from, Minutes to, std::string comment = "") {
  return {from, to, std::move(comment)};
}

// A town hall: weekdays with lunch break, some Saturday mornings.
Hours town_hall() {
  Hours hours;
  Week week;
  for (std::size_t day = 0; day < 5; ++day)
    week.days[day] = {range(8h + 30min, 12h), range(13h + 30min, 17h + 30min)};
  week.days[5] = {range(9h, 12h, "2e et 4e samedis du mois")};
  hours.weeks = {week};
  return hours;
}

// 24 November 2026 is a Tuesday.
TEST(OpenAt, OpenFromTheFirstMinuteClosedAtTheLast) {
  const Hours hours = town_hall();
  EXPECT_EQ(open_at(hours, at("2026-11-24", 8h + 29min)).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2026-11-24", 8h + 30min)).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2026-11-24", 12h) - 1s).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2026-11-24", 12h)).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2026-11-24", 17h + 30min)).status, Open::closed);
}

TEST(OpenAt, SaysUntilAndNext) {
  const OpenState state = open_at(town_hall(), at("2026-11-24", 9h));
  EXPECT_EQ(state.until, at("2026-11-24", 12h));
  EXPECT_EQ(state.next_opening, at("2026-11-24", 13h + 30min));
}

TEST(OpenAt, LunchIsAClosingOfItsOwn) {
  const OpenState state = open_at(town_hall(), at("2026-11-24", 12h + 15min));
  EXPECT_EQ(state.status, Open::closed);
  EXPECT_EQ(state.cause, Cause::lunch);
  EXPECT_EQ(state.next_opening, at("2026-11-24", 13h + 30min));
  EXPECT_EQ(open_at(town_hall(), at("2026-11-24", 18h)).cause, Cause::ordinary);
  EXPECT_EQ(open_at(town_hall(), at("2026-11-24", 7h)).cause, Cause::ordinary);
  Hours afternoon = town_hall();
  afternoon.weeks[0].days[1] = {range(9h, 12h), range(16h, 18h)};  // four hours are no lunch
  EXPECT_EQ(open_at(afternoon, at("2026-11-24", 13h)).cause, Cause::ordinary);
}

TEST(OpenAt, ACommentedRangeDependsAndIsNeverOpen) {
  const OpenState during = open_at(town_hall(), at("2026-11-28", 10h));
  EXPECT_EQ(during.status, Open::depends);
  EXPECT_EQ(during.comment, "2e et 4e samedis du mois");
  EXPECT_EQ(during.until, at("2026-11-28", 12h));
  EXPECT_EQ(during.next_opening, at("2026-11-30", 8h + 30min));
  EXPECT_FALSE(during.possible_opening);
  const OpenState before = open_at(town_hall(), at("2026-11-27", 18h));
  EXPECT_EQ(before.status, Open::closed);
  EXPECT_EQ(before.next_opening, at("2026-11-30", 8h + 30min));
  EXPECT_EQ(before.possible_opening, at("2026-11-28", 9h));
  EXPECT_EQ(before.possible_comment, "2e et 4e samedis du mois");
}

TEST(OpenAt, ACommentedRangeNextToAPlainOne) {
  Hours hours = town_hall();
  hours.weeks[0].days[1] = {range(9h, 12h), range(12h, 14h, "sur rendez-vous"), range(14h, 17h)};
  const OpenState morning = open_at(hours, at("2026-11-24", 10h));
  EXPECT_EQ(morning.until, at("2026-11-24", 12h));
  EXPECT_EQ(morning.possible_opening, at("2026-11-24", 12h));
  EXPECT_EQ(morning.next_opening, at("2026-11-24", 14h));
  const OpenState noon = open_at(hours, at("2026-11-24", 12h));
  EXPECT_EQ(noon.status, Open::depends);
  EXPECT_EQ(noon.until, at("2026-11-24", 14h));
  EXPECT_FALSE(noon.possible_opening);
}

TEST(OpenAt, PlainCoversCommented) {
  Hours hours = town_hall();
  hours.weeks[0].days[1] = {range(9h, 17h, "sur rendez-vous"), range(10h, 12h)};
  EXPECT_EQ(open_at(hours, at("2026-11-24", 11h)).status, Open::open);
  const OpenState early = open_at(hours, at("2026-11-24", 9h + 30min));
  EXPECT_EQ(early.status, Open::depends);
  EXPECT_EQ(early.until, at("2026-11-24", 10h));
}

TEST(OpenAt, HolidaysCloseByDefault) {
  Hours hours = town_hall();
  const OpenState state = open_at(hours, at("2024-12-25", 10h));
  EXPECT_EQ(state.status, Open::closed);
  EXPECT_EQ(state.cause, Cause::holiday);
  EXPECT_EQ(state.reason, "Noël");
  EXPECT_TRUE(state.all_day);
  EXPECT_EQ(state.next_opening, at("2024-12-26", 8h + 30min));
  hours.closed_on_holidays = false;
  EXPECT_EQ(open_at(hours, at("2024-12-25", 10h)).status, Open::open);
}

TEST(OpenAt, ExceptionsGoBeforeHolidaysAndWeeks) {
  Hours hours = town_hall();
  hours.exceptions = {
      {{date("2026-11-11"), date("2026-11-11")}, {range(10h, 12h)}, "cérémonie"},
      {{date("2026-08-03"), date("2026-08-21")}, {}, "congés d’été"},
      {{date("2026-08-12"), date("2026-08-12")}, {range(9h, 12h)}, "permanence"},
  };
  EXPECT_THAT(faults(hours), IsEmpty());
  const OpenState ceremony = open_at(hours, at("2026-11-11", 10h));
  EXPECT_EQ(ceremony.status, Open::open);
  EXPECT_EQ(ceremony.cause, Cause::exception);
  EXPECT_EQ(ceremony.until, at("2026-11-11", 12h));
  const OpenState holiday = open_at(hours, at("2026-08-03", 10h));
  EXPECT_EQ(holiday.reason, "congés d’été");
  EXPECT_EQ(holiday.next_opening, at("2026-08-12", 9h));
  EXPECT_EQ(open_at(hours, at("2026-08-12", 13h)).next_opening, at("2026-08-24", 8h + 30min));
}

Hours recycling_centre() {
  Hours hours;
  Week summer{"Été", Yearly{std::chrono::April / 1, std::chrono::September / 30}, {}};
  Week winter{"Hiver", Yearly{std::chrono::October / 1, std::chrono::March / 31}, {}};
  for (std::size_t day = 0; day < 6; ++day) {
    summer.days[day] = {range(9h, 19h)};
    winter.days[day] = {range(9h, 17h)};
  }
  hours.weeks = {summer, winter};
  return hours;
}

TEST(OpenAt, SeasonsChangeOnTheirDatesAndOverTheNewYear) {
  const Hours hours = recycling_centre();
  EXPECT_EQ(open_at(hours, at("2026-09-30", 18h)).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2026-10-01", 18h)).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2027-01-02", 16h)).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2027-03-31", 18h)).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2027-04-01", 18h)).status, Open::open);
}

TEST(OpenAt, DatedSeasonThenUnknown) {
  Hours hours = town_hall();
  hours.weeks[0].when = Dates{date("2026-01-01"), date("2026-11-27")};
  EXPECT_EQ(open_at(hours, at("2026-11-27", 9h)).status, Open::open);
  EXPECT_FALSE(open_at(hours, at("2026-11-27", 18h)).next_opening);
  EXPECT_EQ(open_at(hours, at("2026-11-30", 9h)).status, Open::unknown);
  EXPECT_EQ(open_at(hours, at("2026-12-25", 9h)).status, Open::unknown);
  EXPECT_FALSE(day_of(hours, date("2026-11-30")));
}

TEST(OpenAt, TheFirstWeekThatHoldsCounts) {
  Hours hours = town_hall();
  Week august{"Août", Dates{date("2026-08-01"), date("2026-08-31")}, {}};
  august.days[0] = {range(10h, 11h)};
  hours.weeks.insert(hours.weeks.begin(), august);
  EXPECT_EQ(open_at(hours, at("2026-08-04", 9h)).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2026-08-04", 9h)).next_opening, at("2026-08-10", 10h));
}

TEST(OpenAt, MidnightJoinsTwoDays) {
  Hours hours = town_hall();
  hours.weeks[0].days[1] = {range(20h, 24h)};
  hours.weeks[0].days[2] = {range(0h, 2h), range(9h, 12h)};
  const OpenState evening = open_at(hours, at("2026-11-24", 23h + 59min));
  EXPECT_EQ(evening.until, at("2026-11-25", 2h));
  EXPECT_EQ(evening.next_opening, at("2026-11-25", 9h));
  EXPECT_EQ(open_at(hours, at("2026-11-25", 0h)).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2026-11-24", 0h)).status, Open::closed);
}

TEST(OpenAt, DayAndNightHasNoEnd) {
  Hours hours;
  hours.closed_on_holidays = false;
  hours.weeks.emplace_back();
  for (Day& day : hours.weeks[0].days) day = {range(0h, 24h)};
  const OpenState state = open_at(hours, at("2026-11-24", 3h));
  EXPECT_EQ(state.status, Open::open);
  EXPECT_FALSE(state.until);
  EXPECT_FALSE(state.next_opening);
}

TEST(OpenAt, NothingIsKnownOfNothing) {
  const OpenState state = open_at({}, at("2026-11-24", 9h));
  EXPECT_EQ(state.status, Open::unknown);
  EXPECT_FALSE(state.next_opening);
}

TEST(OpenAt, LookAheadIsBounded) {
  Hours hours;
  hours.weeks.emplace_back();  // closed every day
  hours.exceptions = {{{date("2027-01-23"), date("2027-01-23")}, {range(9h, 12h)}, ""}};
  EXPECT_EQ(open_at(hours, at("2026-11-24", 9h)).next_opening, at("2027-01-23", 9h));
  EXPECT_FALSE(open_at(hours, at("2026-11-23", 9h)).next_opening);
}

// Clocks go back on 25 October 2026 at 3:00 and forward on 29 March 2026 at 2:00, in Paris.
TEST(OpenAt, DaylightSavingIsTheZonesBusiness) {
  Hours hours;
  hours.weeks.emplace_back();
  for (Day& day : hours.weeks[0].days) day = {range(8h + 30min, 12h)};
  const Zone paris = Zone::paris();
  const auto state = [&](std::string_view utc) {
    return open_at(hours, paris.local(*parse_rfc3339(utc)));
  };
  EXPECT_EQ(state("2026-10-24T06:30:00Z").status, Open::open);    // summer: 08:30
  EXPECT_EQ(state("2026-10-25T06:30:00Z").status, Open::closed);  // winter: 07:30
  EXPECT_EQ(state("2026-10-25T07:30:00Z").status, Open::open);
  EXPECT_EQ(state("2026-10-25T11:00:00Z").status, Open::closed);
  EXPECT_EQ(state("2026-03-28T07:30:00Z").status, Open::open);  // winter: 08:30
  EXPECT_EQ(state("2026-03-29T06:30:00Z").status, Open::open);  // summer: 08:30
  EXPECT_EQ(state("2026-03-29T10:00:00Z").status, Open::closed);
  const OpenState night = state("2026-10-24T22:00:00Z");  // midnight before the change
  EXPECT_EQ(paris.instant(*night.next_opening), *parse_rfc3339("2026-10-25T07:30:00Z"));
}

TEST(Faults, NameWhatIsWrongAndTheRemedy) {
  EXPECT_THAT(faults(town_hall()), IsEmpty());
  Hours hours = town_hall();
  hours.weeks[0].days[0] = {range(9h, 12h), range(11h, 13h)};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("lundi\u00a0: deux plages se chevauchent")));
  hours.weeks[0].days[0] = {range(12h, 12h)};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("finit avant de commencer")));
  hours.weeks[0].days[0] = {range(22h, 25h)};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("après minuit")));
  hours.weeks[0].days[0].assign(kRangesADay + 1, range(9h, 10h));
  EXPECT_THAT(faults(hours), ::testing::Contains(HasSubstr("plus de 8 plages")));
  hours = town_hall();
  hours.exceptions = {{{date("2026-05-02"), date("2026-05-01")}, {}, ""}};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("2 mai 2026")));
  hours.exceptions = {{Dates{}, {}, ""}};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("date qui n’existe pas")));
  hours = town_hall();
  hours.weeks[0].when = Dates{date("2026-05-02"), date("2026-05-01")};
  EXPECT_THAT(faults(hours), ElementsAre(HasSubstr("une saison finit")));
  hours.weeks.assign(kWeeks + 1, Week{});
  hours.exceptions.assign(kExceptions + 1, {{date("2026-05-01"), date("2026-05-01")}, {}, ""});
  EXPECT_EQ(faults(hours).size(), 2U);
}

// Any hours, at any minute: what is announced is what a minute-by-minute walk finds.
class AnyHours : public ::testing::TestWithParam<unsigned> {};

Day random_day(std::mt19937& random) {
  Day day;
  Minutes time{0};
  while (random() % 3 != 0 && day.size() < 4) {
    const Minutes from = time + Minutes(random() % 20 * 15);
    const Minutes to = from + Minutes(15 + random() % 30 * 15);
    if (to > 24h) break;
    day.push_back(range(from, to, random() % 4 == 0 ? "à vérifier" : ""));
    time = to;
  }
  return day;
}

Open status_by_hand(const Hours& hours, LocalTime now) {
  const auto ranges = day_of(hours, civil_date(now));
  if (!ranges) return Open::unknown;
  bool depends = false;
  for (const Range& each : *ranges) {
    if (time_of_day(now) < each.from || time_of_day(now) >= each.to) continue;
    if (each.comment.empty()) return Open::open;
    depends = true;
  }
  return depends ? Open::depends : Open::closed;
}

// Every range of random_day begins and ends on a quarter of an hour.
LocalTime next_quarter(LocalTime time) {
  return LocalTime(
      std::chrono::floor<std::chrono::duration<int, std::ratio<900>>>(time.time_since_epoch()) +
      15min);
}

TEST_P(AnyHours, AnnouncementsHold) {
  std::mt19937 random(GetParam());
  Hours hours;
  hours.closed_on_holidays = random() % 2 == 0;
  for (int i = 0; i < 2; ++i) {
    Week week;
    if (i == 0) week.when = Yearly{std::chrono::November / 20, std::chrono::January / 3};
    for (Day& day : week.days) day = random_day(random);
    hours.weeks.push_back(week);
  }
  for (int i = 0; i < 5; ++i) {
    const local_days first = local_days(date("2026-11-10")) + days(random() % 60);
    hours.exceptions.push_back(
        {{CivilDate(first), CivilDate(first + days(random() % 4))}, random_day(random), "x"});
  }
  ASSERT_THAT(faults(hours), IsEmpty());
  for (int i = 0; i < 40; ++i) {
    const LocalTime now = local_days(date("2026-11-15")) + Minutes(random() % (30 * 24 * 60));
    const OpenState state = open_at(hours, now);
    ASSERT_EQ(state.status, status_by_hand(hours, now));
    if (state.status == Open::open && !state.until) continue;  // open beyond the look-ahead
    if (state.until)
      for (LocalTime t = now; t < *state.until; t = next_quarter(t))
        ASSERT_EQ(status_by_hand(hours, t), state.status);
    const LocalTime from = state.status == Open::open ? *state.until : now;
    const LocalTime to =
        state.next_opening.value_or(std::chrono::floor<days>(from) + kLookAhead + days(1));
    bool running = state.status == Open::depends;  // the commented range of now
    std::optional<LocalTime> possible;
    for (LocalTime t = from; t < to; t = next_quarter(t)) {
      const Open by_hand = status_by_hand(hours, t);
      ASSERT_NE(by_hand, Open::open);
      running = running && t < *state.until;
      if (by_hand == Open::depends && !running && !possible) possible = t;
    }
    EXPECT_EQ(state.possible_opening, possible);
    if (state.next_opening) ASSERT_EQ(status_by_hand(hours, to), Open::open);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyHours, ::testing::Range(1U, 41U));

// 3 April 2026 is Good Friday, 26 December 2025 a Friday.
TEST(OpenAt, ClosedOnTheHolidaysOfThePlace) {
  const Hours hours = town_hall();
  const OpenState there = open_at(hours, at("2026-04-03", 10h), Region::alsace_moselle);
  EXPECT_EQ(there.status, Open::closed);
  EXPECT_EQ(there.cause, Cause::holiday);
  EXPECT_EQ(there.reason, "Vendredi saint");
  EXPECT_EQ(there.next_opening, at("2026-04-07", 8h + 30min));  // Easter Monday is one too
  EXPECT_EQ(open_at(hours, at("2026-04-03", 10h)).status, Open::open);
  EXPECT_EQ(open_at(hours, at("2025-12-26", 10h), Region::alsace_moselle).status, Open::closed);
  EXPECT_EQ(open_at(hours, at("2025-12-26", 10h), Region::reunion).status, Open::open);
  EXPECT_THAT(*day_of(hours, date("2026-05-27"), Region::guadeloupe), IsEmpty());
  EXPECT_EQ(day_of(hours, date("2026-05-27"), Region::guyane)->size(), 2U);
}

// A holiday of the place ends what is open around the clock the day before.
TEST(OpenAt, AnOpeningOverMidnightEndsAtAHolidayOfThePlace) {
  Hours hours = town_hall();
  for (Day& day : hours.weeks[0].days) day = {range(0h, 24h)};
  EXPECT_EQ(open_at(hours, at("2026-12-19", 10h), Region::reunion).until, at("2026-12-20", 0h));
  EXPECT_EQ(open_at(hours, at("2026-12-19", 10h)).until, at("2026-12-25", 0h));
}

}  // namespace
}  // namespace parvis::calendar
