// Dates counted by hand, on the calendar of the winter of 2026: 24 November is a Tuesday, 24
// January 2027 a Sunday.
#include "casework/clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace parvis::casework {
namespace {

using namespace std::chrono_literals;
using calendar::Region;
using std::chrono::days;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Events = std::vector<ClockEvent>;
using Outcome = Clock::Outcome;
using Silence = ClockRule::Silence;
using State = Clock::State;
using Unit = ClockRule::Unit;

CivilDate date(std::string_view iso) { return *parse_iso_date(iso); }

// "2026-11-24T10:00", the wall clock of a zone.
Instant at(std::string_view local, const Zone& zone = Zone::paris()) {
  const Instant said = *parse_rfc3339(std::string(local) + ":00Z");
  return zone.instant(LocalTime(std::chrono::floor<std::chrono::seconds>(said.time_since_epoch())));
}

ClockRule accepts() {
  ClockRule rule;
  rule.basis = "article L231-1 du code des relations entre le public et l’administration";
  return rule;
}

ClockRule refuses() {
  ClockRule rule;
  rule.silence = Silence::refuses;
  rule.ground = ClockRule::Ground::financial;
  rule.basis = "article R421-2 du code de justice administrative";
  return rule;
}

ClockRule in(ClockRule rule, Region region, std::string_view zone) {
  rule.region = region;
  rule.zone = *Zone::named(zone);
  return rule;
}

ClockRule lasting(ClockRule rule, int length, Unit unit) {
  rule.length = length;
  rule.unit = unit;
  return rule;
}

ClockRule kept(ClockRule rule) {
  rule.last_day = ClockRule::LastDay::kept;
  return rule;
}

const ClockEvent kDeposited{at("2026-11-24T10:00"), Deposited{}};

ClockEvent requested(std::string_view when, std::uint32_t request, std::string_view term,
                     std::string pieces = "un justificatif de domicile") {
  return {at(when), PiecesRequested{request, std::move(pieces), date(term)}};
}
ClockEvent received(std::string_view when, std::uint32_t request) {
  return {at(when), PiecesReceived{request}};
}

Clock clock_at(const ClockRule& rule, const Events& events, std::string_view now) {
  const auto clock = clock_of(rule, events, at(now, rule.zone));
  EXPECT_TRUE(clock.has_value()) << words(clock.error());
  return clock.value_or(Clock{});
}

ClockError error_of(const ClockRule& rule, const Events& events) {
  const auto clock = clock_of(rule, events, at("2027-06-01T10:00"));
  EXPECT_FALSE(clock.has_value());
  return clock.has_value() ? ClockError{} : clock.error();
}

// ---- The length of a delay ----------------------------------------------------------------------

TEST(Clock, TwoMonthsGoFromDayToDayAndEndOnAWorkingDay) {
  const Clock clock = clock_at(accepts(), {kDeposited}, "2026-12-04T09:00");
  EXPECT_EQ(clock.state, State::running);
  EXPECT_EQ(clock.outcome, Outcome::none);
  EXPECT_EQ(clock.deposited, date("2026-11-24"));
  EXPECT_EQ(clock.started, date("2026-11-24"));
  EXPECT_EQ(clock.since, kDeposited.at);
  EXPECT_EQ(clock.counted, date("2027-01-24"));  // a Sunday
  EXPECT_EQ(clock.due, date("2027-01-25"));
  EXPECT_EQ(clock.silence_at, parse_rfc3339("2027-01-26T00:00:00+01:00"));
  EXPECT_EQ(clock.elapsed, days(10));
  EXPECT_EQ(clock.remaining, days(27 + 25));
  EXPECT_THAT(clock.reminders,
              ElementsAre(date("2027-01-10"), date("2027-01-18"), date("2027-01-23")));
  EXPECT_FALSE(clock.appeal_until);
}

TEST(Clock, ALastDayMayBeKeptOnASunday) {
  const Clock clock = clock_at(kept(accepts()), {kDeposited}, "2026-12-04T09:00");
  EXPECT_EQ(clock.due, date("2027-01-24"));
  EXPECT_EQ(clock.silence_at, parse_rfc3339("2027-01-25T00:00:00+01:00"));
}

TEST(Clock, AMonthWithoutTheDayEndsOnItsLast) {
  struct Row {
    std::string_view deposit, counted, due;
  };
  constexpr Row kRows[] = {
      // 31 October 2026 is a Saturday, 1 November All Saints' Day and a Sunday.
      {"2026-08-31T10:00", "2026-10-31", "2026-11-02"},
      {"2026-12-31T10:00", "2027-02-28", "2027-03-01"},
      {"2026-12-29T10:00", "2027-02-28", "2027-03-01"},
      {"2027-12-31T10:00", "2028-02-29", "2028-02-29"},  // a leap year
      {"2027-12-29T10:00", "2028-02-29", "2028-02-29"},
      {"2028-02-29T10:00", "2028-04-29", "2028-05-02"},  // over Sunday and 1 May
      {"2027-03-01T10:00", "2027-05-01", "2027-05-03"},
      {"2027-05-06T10:00", "2027-07-06", "2027-07-06"},
  };
  for (const Row& row : kRows) {
    const Clock clock = clock_at(accepts(), {{at(row.deposit), Deposited{}}}, row.deposit);
    EXPECT_EQ(clock.counted, date(row.counted)) << row.deposit;
    EXPECT_EQ(clock.due, date(row.due)) << row.deposit;
  }
}

TEST(Clock, CountsWeeksDaysAndWorkingDays) {
  const auto due = [](int length, Unit unit, std::string_view deposit,
                      Region region = Region::metropolitan) {
    ClockRule rule = lasting(accepts(), length, unit);
    rule.region = region;
    return *clock_at(rule, {{at(deposit), Deposited{}}}, deposit).due;
  };
  EXPECT_EQ(due(6, Unit::weeks, "2026-11-24T10:00"), date("2027-01-05"));
  EXPECT_EQ(due(30, Unit::days, "2026-11-24T10:00"), date("2026-12-24"));
  EXPECT_EQ(due(31, Unit::days, "2026-11-24T10:00"), date("2026-12-28"));  // Christmas, a Friday
  EXPECT_EQ(due(1, Unit::working_days, "2026-11-27T10:00"), date("2026-11-30"));
  EXPECT_EQ(due(10, Unit::working_days, "2026-11-24T10:00"), date("2026-12-08"));
  EXPECT_EQ(due(5, Unit::working_days, "2026-12-21T10:00"), date("2026-12-29"));
  // 22, 23, 24, 26 and 28 December; without the 26th, a holiday there, the 29th.
  EXPECT_EQ(due(5, Unit::working_days_with_saturday, "2026-12-21T10:00"), date("2026-12-28"));
  EXPECT_EQ(due(5, Unit::working_days_with_saturday, "2026-12-21T10:00", Region::alsace_moselle),
            date("2026-12-29"));
  // 26 March 2027 is Good Friday, the 29th Easter Monday.
  EXPECT_EQ(due(2, Unit::working_days, "2027-03-24T10:00"), date("2027-03-26"));
  EXPECT_EQ(due(2, Unit::working_days, "2027-03-24T10:00", Region::alsace_moselle),
            date("2027-03-30"));
}

// ---- Midnight, where the town is ----------------------------------------------------------------

TEST(Clock, TheDayOfReceiptIsThatOfTheTown) {
  // 22:30 in Paris is half past one on the next day in La Réunion.
  const Events events{{*parse_rfc3339("2026-11-24T21:30:00Z"), Deposited{}}};
  const Clock paris = clock_at(accepts(), events, "2026-11-25T10:00");
  EXPECT_EQ(paris.deposited, date("2026-11-24"));
  EXPECT_EQ(paris.silence_at, parse_rfc3339("2027-01-25T23:00:00Z"));
  const Clock reunion =
      clock_at(in(accepts(), Region::reunion, "Indian/Reunion"), events, "2026-11-25T10:00");
  EXPECT_EQ(reunion.deposited, date("2026-11-25"));
  EXPECT_EQ(reunion.due, date("2027-01-25"));
  EXPECT_EQ(reunion.silence_at, parse_rfc3339("2027-01-25T20:00:00Z"));
  const Clock martinique =
      clock_at(in(accepts(), Region::martinique, "America/Martinique"), events, "2026-11-25T10:00");
  EXPECT_EQ(martinique.deposited, date("2026-11-24"));
  EXPECT_EQ(martinique.silence_at, parse_rfc3339("2027-01-26T04:00:00Z"));
}

TEST(Clock, TheLastDayMovesOverTheHolidaysOfTheTown) {
  const Events events{{at("2027-10-20T10:00"), Deposited{}}};
  EXPECT_EQ(clock_at(accepts(), events, "2027-10-21T10:00").due, date("2027-12-20"));
  EXPECT_EQ(
      clock_at(in(accepts(), Region::reunion, "Indian/Reunion"), events, "2027-10-21T10:00").due,
      date("2027-12-21"));  // Monday 20 December: abolition of slavery
  const Events winter{{at("2027-01-26T10:00"), Deposited{}}};
  EXPECT_EQ(clock_at(accepts(), winter, "2027-01-27T10:00").due, date("2027-03-26"));
  EXPECT_EQ(
      clock_at(in(accepts(), Region::alsace_moselle, "Europe/Paris"), winter, "2027-01-27T10:00")
          .due,
      date("2027-03-30"));  // from Good Friday over Easter
}

// The clocks go forward on 28 March 2027 and back on 25 October 2026, both Sundays.
TEST(Clock, AMidnightAfterAChangeOfTheHourIsThatOfTheNewHour) {
  const ClockRule month = lasting(kept(accepts()), 1, Unit::months);
  EXPECT_EQ(clock_at(month, {{at("2027-02-28T10:00"), Deposited{}}}, "2027-03-01T10:00").silence_at,
            parse_rfc3339("2027-03-28T22:00:00Z"));
  EXPECT_EQ(clock_at(month, {{at("2026-09-25T10:00"), Deposited{}}}, "2026-10-01T10:00").silence_at,
            parse_rfc3339("2026-10-25T23:00:00Z"));
}

TEST(Clock, NoReminderComesBeforeTheDelayHasRunADay) {
  EXPECT_THAT(
      clock_at(lasting(accepts(), 15, Unit::days), {kDeposited}, "2026-11-25T10:00").reminders,
      ElementsAre(date("2026-12-02"), date("2026-12-07")));  // due on 9 December
  EXPECT_THAT(
      clock_at(lasting(accepts(), 2, Unit::days), {kDeposited}, "2026-11-25T10:00").reminders,
      IsEmpty());
}

TEST(Clock, SilenceDecidesAtMidnightNotBefore) {
  const Clock before = clock_at(accepts(), {kDeposited}, "2027-01-25T23:59");
  EXPECT_EQ(before.state, State::running);
  EXPECT_EQ(before.remaining, days(0));
  const Clock after = clock_at(accepts(), {kDeposited}, "2027-01-26T00:00");
  EXPECT_EQ(after.state, State::ended);
  EXPECT_EQ(after.outcome, Outcome::accepted_by_silence);
  EXPECT_EQ(after.due, date("2027-01-25"));
  EXPECT_EQ(after.since, at("2027-01-26T00:00"));
  EXPECT_EQ(after.silence_at, after.since);
  EXPECT_EQ(after.elapsed, days(62));
  EXPECT_FALSE(after.appeal_until);
  EXPECT_THAT(after.reminders, IsEmpty());
}

// ---- Silence that refuses, or means nothing -----------------------------------------------------

TEST(Clock, ARefusalBySilenceCanBeAppealedForTwoClearMonths) {
  const Clock clock = clock_at(refuses(), {kDeposited}, "2027-02-01T10:00");
  EXPECT_EQ(clock.outcome, Outcome::refused_by_silence);
  EXPECT_EQ(clock.due, date("2027-01-25"));
  EXPECT_EQ(clock.appeal_until, date("2027-03-26"));
  EXPECT_EQ(clock_at(in(refuses(), Region::alsace_moselle, "Europe/Paris"), {kDeposited},
                     "2027-02-01T10:00")
                .appeal_until,
            date("2027-03-30"));
}

TEST(Clock, AnIndicativeDelayNeverDecides) {
  ClockRule rule = accepts();
  rule.silence = Silence::means_nothing;
  const Clock clock = clock_at(rule, {kDeposited}, "2027-01-26T10:00");
  EXPECT_EQ(clock.state, State::running);
  EXPECT_EQ(clock.due, date("2027-01-25"));
  EXPECT_TRUE(clock.overdue);
  EXPECT_EQ(clock.remaining, days(0));
  EXPECT_FALSE(clock.silence_at);
  EXPECT_FALSE(clock_at(rule, {kDeposited}, "2027-01-25T23:59").overdue);
  // Asking for pieces afterwards gives no more time.
  const Clock late = clock_at(rule, {kDeposited, requested("2027-02-01T10:00", 1, "2027-02-15")},
                              "2027-02-20T10:00");
  EXPECT_EQ(late.due, date("2027-01-25"));
  EXPECT_TRUE(late.overdue);
}

// ---- Missing pieces: a delay that refuses is suspended ------------------------------------------

TEST(Clock, PiecesSuspendADelayThatRefusesUntilTheyCome) {
  const Events asked{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  const Clock stopped = clock_at(refuses(), asked, "2026-12-05T10:00");
  EXPECT_EQ(stopped.state, State::stopped);
  EXPECT_EQ(stopped.since, at("2026-12-03T15:00"));
  EXPECT_EQ(stopped.until, date("2026-12-17"));
  EXPECT_EQ(stopped.due, date("2027-02-08"));  // at the latest: 15 days more
  EXPECT_EQ(stopped.elapsed, days(9));
  EXPECT_EQ(stopped.remaining, days(13 + 31 + 8));  // from 18 December on
  EXPECT_THAT(stopped.reminders, IsEmpty());

  Events sent = asked;
  sent.push_back(received("2026-12-10T09:00", 1));
  const Clock running = clock_at(refuses(), sent, "2026-12-12T10:00");
  EXPECT_EQ(running.state, State::running);
  EXPECT_EQ(running.since, at("2026-12-10T09:00"));
  EXPECT_EQ(running.started, date("2026-11-24"));
  EXPECT_EQ(running.counted, date("2027-01-31"));  // seven days more, a Sunday
  EXPECT_EQ(running.due, date("2027-02-01"));
  EXPECT_EQ(running.elapsed, days(11));
}

TEST(Clock, ASuspensionEndsWithItsTerm) {
  Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  const Clock last = clock_at(refuses(), events, "2026-12-17T23:59");
  EXPECT_EQ(last.state, State::stopped);
  const Clock clock = clock_at(refuses(), events, "2026-12-18T00:00");
  EXPECT_EQ(clock.state, State::running);
  EXPECT_EQ(clock.since, at("2026-12-18T00:00"));
  EXPECT_EQ(clock.due, date("2027-02-08"));
  // Pieces after the term are welcome and change nothing.
  events.push_back(received("2026-12-21T10:00", 1));
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-22T10:00").due, date("2027-02-08"));
  // Pieces in the last minute end it on that day: 14 days.
  events.back() = received("2026-12-17T23:59", 1);
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-22T10:00").counted, date("2027-02-07"));
}

TEST(Clock, PiecesOfTheSameDaySuspendNothing) {
  const Events events{kDeposited, requested("2026-12-03T09:00", 1, "2026-12-17"),
                      received("2026-12-03T18:00", 1)};
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-05T10:00").counted, date("2027-01-24"));
}

TEST(Clock, SeveralSuspensionsAddUp) {
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                      received("2026-12-10T09:00", 1),  // 7 days
                      requested("2026-12-15T15:00", 2, "2026-12-31"),
                      received("2026-12-20T09:00", 2)};  // 5 days
  EXPECT_EQ(clock_at(refuses(), events, "2027-01-05T10:00").due, date("2027-02-05"));
}

TEST(Clock, RequestsThatOverlapSuspendOnce) {
  Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                requested("2026-12-08T15:00", 2, "2026-12-22"), received("2026-12-10T09:00", 1)};
  const Clock stopped = clock_at(refuses(), events, "2026-12-12T10:00");
  EXPECT_EQ(stopped.state, State::stopped);
  EXPECT_EQ(stopped.since, at("2026-12-03T15:00"));
  EXPECT_EQ(stopped.until, date("2026-12-22"));
  // Until the term of the second: 20 days, and 13 February is a Saturday.
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-24T10:00").due, date("2027-02-15"));
  events.push_back(received("2026-12-15T09:00", 2));  // 12 days
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-24T10:00").due, date("2027-02-05"));
}

TEST(Clock, WorkingDaysAreSuspendedByWorkingDays) {
  const ClockRule rule = lasting(refuses(), 10, Unit::working_days);
  EXPECT_EQ(clock_at(rule, {kDeposited}, "2026-11-25T10:00").due, date("2026-12-08"));
  // From Friday 27 November to Tuesday 1 December: Friday and Monday.
  const Events events{kDeposited, requested("2026-11-27T15:00", 1, "2026-12-11"),
                      received("2026-12-01T09:00", 1)};
  EXPECT_EQ(clock_at(rule, events, "2026-12-02T10:00").due, date("2026-12-10"));
}

TEST(Clock, ARequestOnTheLastDayStillSuspends) {
  // The last day is the Monday to which the delay is moved.
  Events events{kDeposited, requested("2027-01-25T23:00", 1, "2027-02-08"),
                received("2027-02-01T09:00", 1)};
  EXPECT_EQ(clock_at(refuses(), events, "2027-02-01T10:00").due, date("2027-02-01"));
  events[1] = requested("2027-01-26T00:00", 1, "2027-02-08");  // too late
  const Clock late = clock_at(refuses(), events, "2027-02-01T10:00");
  EXPECT_EQ(late.outcome, Outcome::refused_by_silence);
  EXPECT_EQ(late.due, date("2027-01-25"));
}

// ---- Missing pieces: a delay that accepts begins anew -------------------------------------------

TEST(Clock, ADelayThatAcceptsBeginsAnewWhenThePiecesCome) {
  Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  for (const std::string_view now : {"2026-12-05T10:00", "2026-12-18T10:00", "2027-05-01T10:00"}) {
    const Clock waiting = clock_at(accepts(), events, now);
    EXPECT_EQ(waiting.state, State::stopped) << now;
    EXPECT_FALSE(waiting.due || waiting.until || waiting.silence_at || waiting.remaining) << now;
    EXPECT_EQ(waiting.elapsed, days(0)) << now;
  }
  events.push_back(received("2026-12-10T09:00", 1));
  const Clock clock = clock_at(accepts(), events, "2026-12-12T10:00");
  EXPECT_EQ(clock.state, State::running);
  EXPECT_EQ(clock.started, date("2026-12-10"));
  EXPECT_EQ(clock.due, date("2027-02-10"));
  EXPECT_EQ(clock.elapsed, days(2));
  EXPECT_EQ(clock.deposited, date("2026-11-24"));
  events.back() = received("2027-01-05T09:00", 1);  // after the term: it begins then
  EXPECT_EQ(clock_at(accepts(), events, "2027-01-06T10:00").due, date("2027-03-05"));
}

TEST(Clock, ItBeginsWithTheLastOfThePieces) {
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                      requested("2026-12-04T15:00", 2, "2026-12-18"),
                      received("2026-12-14T09:00", 2), received("2026-12-15T09:00", 1)};
  EXPECT_EQ(clock_at(accepts(), events, "2026-12-16T10:00").due, date("2027-02-15"));
}

TEST(Clock, ADelayFromTheCompleteFileBeginsAnewToo) {
  ClockRule rule = refuses();
  rule.start = ClockRule::Start::complete_file;
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                      received("2026-12-10T09:00", 1)};
  EXPECT_EQ(clock_at(rule, {kDeposited}, "2026-12-12T10:00").due, date("2027-01-25"));
  EXPECT_EQ(clock_at(rule, events, "2026-12-12T10:00").due, date("2027-02-10"));
}

// ---- The wrong authority ------------------------------------------------------------------------

TEST(Clock, ATransferKeepsTheFirstDateAndMovesOnlyADelayThatAccepts) {
  const Events events{kDeposited, {at("2026-12-02T11:00"), Transferred{"la préfecture"}}};
  const Clock accepting = clock_at(accepts(), events, "2026-12-03T10:00");
  EXPECT_EQ(accepting.deposited, date("2026-11-24"));
  EXPECT_EQ(accepting.started, date("2026-12-02"));
  EXPECT_EQ(accepting.due, date("2027-02-02"));
  const Clock refusing = clock_at(refuses(), events, "2026-12-03T10:00");
  EXPECT_EQ(refusing.started, date("2026-11-24"));
  EXPECT_EQ(refusing.due, date("2027-01-25"));
}

TEST(Clock, ATransferOfAnIncompleteFileStillWaitsForThePieces) {
  Events events{kDeposited,
                requested("2026-11-26T15:00", 1, "2026-12-17"),
                {at("2026-12-02T11:00"), Transferred{""}}};
  EXPECT_EQ(clock_at(accepts(), events, "2026-12-03T10:00").state, State::stopped);
  events.push_back(received("2026-12-10T09:00", 1));
  EXPECT_EQ(clock_at(accepts(), events, "2026-12-11T10:00").due, date("2027-02-10"));
}

// ---- Decisions ----------------------------------------------------------------------------------

TEST(Clock, ADecisionEndsIt) {
  const Events events{kDeposited, {at("2026-12-15T11:00"), Decided{Verdict::accepted}}};
  const Clock clock = clock_at(refuses(), events, "2027-06-01T10:00");
  EXPECT_EQ(clock.state, State::ended);
  EXPECT_EQ(clock.outcome, Outcome::accepted);
  EXPECT_EQ(clock.since, at("2026-12-15T11:00"));
  EXPECT_EQ(clock.elapsed, days(21));
  EXPECT_EQ(clock.remaining, days(0));
  EXPECT_FALSE(clock.due || clock.silence_at || clock.appeal_until);
}

TEST(Clock, TheAppealOfARefusalRunsFromItsNotification) {
  Events events{kDeposited, {at("2026-12-15T11:00"), Decided{Verdict::refused}}};
  EXPECT_FALSE(clock_at(accepts(), events, "2027-01-05T10:00").appeal_until);
  events.push_back({at("2026-12-18T09:00"), Notified{}});
  events.push_back({at("2026-12-22T09:00"), Notified{}});  // a second letter changes nothing
  EXPECT_EQ(clock_at(accepts(), events, "2027-01-05T10:00").appeal_until, date("2027-02-19"));
}

TEST(Clock, ARefusalInWordsWhileThatOfTheSilenceCanBeAppealedGivesNewMonths) {
  Events events{kDeposited, {at("2027-03-10T11:00"), Decided{Verdict::refused}}};
  const Clock unsent = clock_at(refuses(), events, "2027-03-11T10:00");
  EXPECT_EQ(unsent.outcome, Outcome::refused);
  EXPECT_EQ(unsent.since, at("2027-01-26T00:00"));  // it had ended by silence
  EXPECT_EQ(unsent.appeal_until, date("2027-03-26"));
  events.push_back({at("2027-03-12T09:00"), Notified{}});
  EXPECT_EQ(clock_at(refuses(), events, "2027-03-13T10:00").appeal_until, date("2027-05-13"));
  events[1].at = at("2027-03-27T10:00");  // the day after: it only confirms
  events[2].at = at("2027-03-30T09:00");
  EXPECT_EQ(clock_at(refuses(), events, "2027-04-01T10:00").appeal_until, date("2027-03-26"));
}

TEST(Clock, ARefusalAfterAnAcceptanceBySilenceIsAWithdrawalOfIt) {
  const Events events{kDeposited,
                      {at("2027-03-10T11:00"), Decided{Verdict::refused}},
                      {at("2027-03-12T09:00"), Notified{}}};
  const Clock clock = clock_at(accepts(), events, "2027-03-13T10:00");
  EXPECT_EQ(clock.outcome, Outcome::refused);
  EXPECT_EQ(clock.due, date("2027-01-25"));
  EXPECT_EQ(clock.appeal_until, date("2027-05-13"));
  EXPECT_THAT(why(accepts(), clock), Contains(HasSubstr("permis jusqu’au mardi 25 mai 2027")));
}

TEST(Clock, AnAcceptanceAfterARefusalBySilenceCannotBeAppealed) {
  const Events events{kDeposited, {at("2027-03-10T11:00"), Decided{Verdict::accepted}}};
  const Clock clock = clock_at(refuses(), events, "2027-03-13T10:00");
  EXPECT_EQ(clock.outcome, Outcome::accepted);
  EXPECT_FALSE(clock.appeal_until);
}

TEST(Clock, AWithdrawalEndsItAndAReopeningBeginsAnew) {
  Events events{kDeposited,
                requested("2026-12-03T15:00", 1, "2026-12-17"),
                {at("2026-12-05T11:00"), Withdrawn{}}};
  const Clock ended = clock_at(refuses(), events, "2027-03-01T10:00");
  EXPECT_EQ(ended.outcome, Outcome::withdrawn);
  EXPECT_EQ(ended.elapsed, days(9));
  EXPECT_FALSE(ended.due);
  events.push_back({at("2026-12-28T11:00"), Reopened{}});
  events.push_back(received("2026-12-29T11:00", 1));  // of the time before: nothing waits for them
  const Clock again = clock_at(refuses(), events, "2027-01-05T10:00");
  EXPECT_EQ(again.state, State::running);
  EXPECT_EQ(again.outcome, Outcome::none);
  EXPECT_EQ(again.deposited, date("2026-11-24"));
  EXPECT_EQ(again.due, date("2027-03-01"));  // 28 February is a Sunday
}

TEST(Clock, ACaseThatComesBackFromATransferRunsOn) {
  Events events{kDeposited, {at("2026-12-01T11:00"), Transferred{"la préfecture"}}};
  const Clock away = clock_at(refuses(), events, "2026-12-08T10:00");
  events.push_back({at("2026-12-07T11:00"), Reopened{}});
  const Clock back = clock_at(refuses(), events, "2026-12-08T10:00");
  EXPECT_EQ(back.state, State::running);
  EXPECT_EQ(back.due, away.due);
  EXPECT_EQ(back.deposited, date("2026-11-24"));
  EXPECT_THAT(why(refuses(), back), Contains(HasSubstr("revenu le lundi 7 décembre 2026")));
  events.push_back({at("2026-12-09T11:00"), Reopened{}});
  EXPECT_EQ(error_of(refuses(), events), (ClockError{ClockFault::not_ended, 3}));
}

TEST(Clock, AReopeningForgetsTheDecisionAndItsNotification) {
  Events events{kDeposited,
                {at("2026-12-15T11:00"), Decided{Verdict::refused}},
                {at("2026-12-18T09:00"), Notified{}},
                {at("2027-01-04T09:00"), Reopened{}},
                {at("2027-01-11T09:00"), Decided{Verdict::refused}}};
  EXPECT_FALSE(clock_at(accepts(), events, "2027-01-12T10:00").appeal_until);
  events.push_back({at("2027-01-13T09:00"), Notified{}});
  EXPECT_EQ(clock_at(accepts(), events, "2027-01-14T10:00").appeal_until, date("2027-03-15"));
  events[4] = {at("2027-01-12T09:00"), Notified{}};
  EXPECT_EQ(error_of(accepts(), events), (ClockError{ClockFault::not_decided, 4}));
}

TEST(Clock, WhatComesAfterTheEndChangesNothingAndIsTold) {
  const Events events{kDeposited,
                      {at("2026-12-15T11:00"), Decided{Verdict::refused}},
                      requested("2026-12-16T15:00", 1, "2026-12-30"),
                      received("2026-12-17T10:00", 1),
                      {at("2026-12-18T11:00"), Transferred{""}},
                      {at("2026-12-19T11:00"), Withdrawn{}}};
  const Clock clock = clock_at(accepts(), events, "2027-01-05T10:00");
  EXPECT_EQ(clock.outcome, Outcome::refused);
  EXPECT_EQ(clock.since, at("2026-12-15T11:00"));
  EXPECT_EQ(std::ranges::count(clock.steps, ClockStep::Kind::no_effect, &ClockStep::kind), 4);
}

// ---- Events in disorder, clocks that jump -------------------------------------------------------

TEST(Clock, EventsCountByTheirInstantNotByTheirPlace) {
  Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                received("2026-12-10T09:00", 1)};
  std::ranges::reverse(events);
  EXPECT_EQ(clock_at(refuses(), events, "2026-12-12T10:00").due, date("2027-02-01"));
}

TEST(Clock, AClockSetBackUndoesNothing) {
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  const Clock clock = clock_at(refuses(), events, "2026-11-01T10:00");
  EXPECT_EQ(clock.state, State::stopped);
  EXPECT_EQ(clock.elapsed, days(9));
  EXPECT_EQ(clock.due, date("2027-02-08"));
}

TEST(Clock, AClockSetFarAheadEndsIt) {
  EXPECT_EQ(clock_at(accepts(), {kDeposited}, "2150-01-01T00:00").due, date("2027-01-25"));
}

TEST(ClockError, SaysWhatCannotHaveHappenedAndWhich) {
  const Events none;
  EXPECT_EQ(error_of(accepts(), none), (ClockError{ClockFault::no_deposit, 0}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, {at("2026-11-23T10:00"), Withdrawn{}}}),
            (ClockError{ClockFault::no_deposit, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, kDeposited}),
            (ClockError{ClockFault::second_deposit, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, received("2026-12-03T15:00", 1)}),
            (ClockError{ClockFault::unknown_request, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, received("2026-12-03T15:00", 1),
                                 requested("2026-12-04T15:00", 1, "2026-12-17")}),
            (ClockError{ClockFault::unknown_request, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                                 requested("2026-12-04T15:00", 1, "2026-12-17")}),
            (ClockError{ClockFault::repeated_request, 2}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, requested("2026-12-03T15:00", 1, "2026-12-02")}),
            (ClockError{ClockFault::term_before_request, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, requested("2026-12-03T15:00", 1, "2046-12-02")}),
            (ClockError{ClockFault::bad_instant, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, {at("2026-12-01T10:00"), Reopened{}}}),
            (ClockError{ClockFault::not_ended, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited, {at("2026-12-01T10:00"), Notified{}}}),
            (ClockError{ClockFault::not_decided, 1}));
  EXPECT_EQ(error_of(accepts(), {kDeposited,
                                 {at("2026-12-01T10:00"), Withdrawn{}},
                                 {at("2026-12-02T10:00"), Decided{}}}),
            (ClockError{ClockFault::ended, 2}));
  EXPECT_EQ(error_of(accepts(), {kDeposited,
                                 {at("2026-12-01T10:00"), Decided{}},
                                 {at("2026-12-02T10:00"), Decided{}}}),
            (ClockError{ClockFault::ended, 2}));
}

TEST(ClockError, RefusesInstantsAndTermsThatAreNone) {
  EXPECT_EQ(error_of(accepts(), {{Instant::max(), Deposited{}}}),
            (ClockError{ClockFault::bad_instant, 0}));
  EXPECT_EQ(error_of(accepts(), {{Instant::min(), Deposited{}}}),
            (ClockError{ClockFault::bad_instant, 0}));
  const CivilDate none = std::chrono::year(2027) / 2 / 30;
  EXPECT_EQ(
      error_of(accepts(), {kDeposited, {at("2026-12-01T10:00"), PiecesRequested{1, "", none}}}),
      (ClockError{ClockFault::bad_instant, 1}));
  EXPECT_EQ(clock_of(accepts(), {kDeposited}, Instant::max()).error(),
            (ClockError{ClockFault::bad_instant, 1}));
  EXPECT_EQ(error_of(accepts(), Events(kClockEvents + 1, kDeposited)).fault,
            ClockFault::too_many_events);
}

TEST(ClockError, SaysInFrenchWhatToDo) {
  for (int fault = 0; fault <= static_cast<int>(ClockFault::not_decided); ++fault) {
    const std::string said = words(ClockError{static_cast<ClockFault>(fault), 0});
    EXPECT_THAT(said, ::testing::EndsWith(".")) << fault;
    EXPECT_THAT(said, HasSubstr(". ")) << fault;  // what is wrong, then the remedy
  }
}

TEST(ClockRule, FaultsSayWhatIsMissing) {
  EXPECT_THAT(faults(accepts()), IsEmpty());
  EXPECT_THAT(faults(refuses()), IsEmpty());
  EXPECT_THAT(faults(lasting(accepts(), 0, Unit::months)), SizeIs(1));
  EXPECT_THAT(faults(lasting(accepts(), kMonthsMax + 1, Unit::months)), SizeIs(1));
  EXPECT_THAT(faults(lasting(accepts(), kLengthMax, Unit::working_days)), IsEmpty());
  ClockRule rule = refuses();
  rule.ground = ClockRule::Ground::none;
  EXPECT_THAT(faults(rule), ElementsAre(HasSubstr("L231-4")));
  rule = accepts();
  rule.ground = ClockRule::Ground::complaint;
  EXPECT_THAT(faults(rule), SizeIs(1));
  rule = accepts();
  rule.basis.clear();
  EXPECT_THAT(faults(rule), SizeIs(1));
  EXPECT_EQ(error_of(rule, {kDeposited}).fault, ClockFault::bad_rule);
}

// ---- Why ----------------------------------------------------------------------------------------

// Spaces as a reader of this file sees them: U+202F and U+00A0 written "_" and "~"; the two codes
// by their initials.
std::vector<std::string> shown(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    const auto replace = [&](std::string_view from, std::string_view to) {
      for (std::size_t i = 0; (i = line.find(from, i)) != std::string::npos; i += to.size())
        line.replace(i, from.size(), to);
    };
    replace("\u202f", "_");
    replace("\u00a0", "~");
    replace("du code des relations entre le public et l’administration", "CRPA");
    replace("du code de justice administrative", "CJA");
  }
  return lines;
}

std::vector<std::string> why_at(const ClockRule& rule, const Events& events, std::string_view now) {
  return shown(why(rule, clock_at(rule, events, now)));
}

TEST(Why, OfADelayThatAccepts) {
  EXPECT_THAT(why_at(accepts(), {kDeposited}, "2026-12-01T10:00"),
              ElementsAre("Demande reçue le mardi 24 novembre 2026.",
                          "Délai~: 2_mois (article L231-1 CRPA).",
                          "Sans réponse à la fin du délai, la demande est acceptée (article L231-1 "
                          "CRPA).",
                          "Dernier jour du délai~: le dimanche 24 janvier 2027.",
                          "C’est un dimanche~: le délai va jusqu’au lundi 25 janvier 2027."));
}

TEST(Why, OfASuspensionAndARefusalBySilence) {
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17"),
                      received("2026-12-10T09:00", 1)};
  EXPECT_THAT(
      why_at(refuses(), events, "2027-02-10T10:00"),
      ElementsAre("Demande reçue le mardi 24 novembre 2026.",
                  "Délai~: 2_mois (article R421-2 CJA).",
                  "Sans réponse à la fin du délai, la demande est refusée~: elle a un caractère "
                  "financier (article L231-4, 3° CRPA).",
                  "Suspendu du 3 au 10 décembre 2026, soit 7_jours~: pièces demandées (un "
                  "justificatif de domicile), reçues le dernier jour (article L114-5 CRPA).",
                  "Dernier jour du délai~: le dimanche 31 janvier 2027.",
                  "C’est un dimanche~: le délai va jusqu’au lundi 1er février 2027.",
                  "Pas de réponse le lundi 1er février 2027 à minuit~: la demande est refusée.",
                  "Recours devant le tribunal administratif~: jusqu’au vendredi 2 avril 2027, deux "
                  "mois francs (articles R421-1 et R421-2 CJA)."));
}

TEST(Why, OfASuspensionUnderWayAndOfOneThatATermEnded) {
  const Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  const auto under_way = why_at(refuses(), events, "2026-12-05T10:00");
  EXPECT_THAT(under_way,
              Contains("Suspendu depuis le jeudi 3 décembre 2026~: pièces demandées (un "
                       "justificatif de domicile), attendues jusqu’au jeudi 17 décembre 2026 "
                       "(article L114-5 CRPA)."));
  EXPECT_EQ(under_way.back(), "Dernier jour du délai~: au plus tard le lundi 8 février 2027.");
  EXPECT_THAT(why_at(refuses(), events, "2026-12-20T10:00"),
              Contains("Suspendu du 3 au 17 décembre 2026 inclus, soit 15_jours~: pièces demandées "
                       "(un justificatif de domicile), non reçues dans le délai donné (article "
                       "L114-5 CRPA)."));
}

TEST(Why, OfADelayThatBeginsAnew) {
  Events events{kDeposited, requested("2026-12-03T15:00", 1, "2026-12-17")};
  const std::string waits =
      "Pièces demandées le jeudi 3 décembre 2026 (un justificatif de domicile), attendues jusqu’au "
      "jeudi 17 décembre 2026. Le délai ne court qu’à partir de leur réception (article L114-5 "
      "CRPA).";
  EXPECT_EQ(why_at(accepts(), events, "2026-12-05T10:00").back(), waits);
  events.push_back(received("2026-12-10T09:00", 1));
  const auto lines = why_at(accepts(), events, "2026-12-12T10:00");
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_EQ(lines[4],
            "Pièces reçues~: le délai de 2_mois court à partir du jeudi 10 décembre 2026.");
  EXPECT_EQ(lines[5], "Dernier jour du délai~: le mercredi 10 février 2027.");
}

TEST(Why, OfATransfer) {
  const Events events{kDeposited, {at("2026-12-02T11:00"), Transferred{"la préfecture"}}};
  const auto accepting = why_at(accepts(), events, "2026-12-03T10:00");
  EXPECT_EQ(accepting[3],
            "Demande transmise à l’autorité compétente (la préfecture), qui l’a reçue le mercredi "
            "2 décembre 2026. Le délai de 2_mois court à partir de ce jour (articles L114-2 et "
            "L114-3 CRPA).");
  const auto refusing = why_at(refuses(), events, "2026-12-03T10:00");
  EXPECT_EQ(refusing[3],
            "Demande transmise à l’autorité compétente (la préfecture), qui l’a reçue le mercredi "
            "2 décembre 2026. Le délai court toujours depuis la première réception (articles "
            "L114-2 et L114-3 CRPA).");
}

TEST(Why, OfAHolidayThatMovesTheLastDay) {
  const Events events{{at("2027-01-26T10:00"), Deposited{}}};
  EXPECT_THAT(
      why_at(in(accepts(), Region::alsace_moselle, "Europe/Paris"), events, "2027-01-27T10:00"),
      Contains("C’est un jour férié (Vendredi saint)~: le délai va jusqu’au mardi 30 mars "
               "2027."));
}

TEST(Why, OfDecisions) {
  const Events events{kDeposited,
                      {at("2026-12-15T11:00"), Decided{Verdict::refused}},
                      {at("2026-12-18T09:00"), Notified{}}};
  const auto lines = why_at(accepts(), events, "2027-01-05T10:00");
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_EQ(lines[3], "Demande refusée le mardi 15 décembre 2026.");
  EXPECT_EQ(lines[4], "Décision notifiée le vendredi 18 décembre 2026.");
  EXPECT_EQ(lines[5],
            "Recours devant le tribunal administratif~: jusqu’au vendredi 19 février 2027, deux "
            "mois francs (article R421-1 CJA).");
}

TEST(Why, OfAnIndicativeDelayThatIsPast) {
  ClockRule rule = lasting(accepts(), 5, Unit::working_days);
  rule.silence = Silence::means_nothing;
  const auto lines = why_at(rule, {kDeposited}, "2026-12-05T10:00");
  EXPECT_EQ(lines[1], "Délai~: 5_jours ouvrés (article L231-1 CRPA).");
  EXPECT_EQ(lines[2], "Ce délai est indicatif~: le silence ne vaut ni acceptation ni refus.");
  EXPECT_EQ(lines[3], "Dernier jour du délai~: le mardi 1er décembre 2026.");
  EXPECT_EQ(lines[4], "Ce délai est dépassé.");
}

TEST(Why, SaysThatAMonthLacksTheDay) {
  const auto lines =
      why_at(kept(accepts()), {{at("2026-12-31T10:00"), Deposited{}}}, "2027-01-05T10:00");
  EXPECT_EQ(lines.back(),
            "Dernier jour du délai~: le dimanche 28 février 2027, dernier jour du mois.");
}

}  // namespace
}  // namespace parvis::casework
