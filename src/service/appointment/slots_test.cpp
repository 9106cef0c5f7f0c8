// Slots of written cases, and against a slow and obvious implementation over random agendas.
#include "appointment/slots.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "base/error.hpp"

namespace parvis::appointment {
namespace {

using calendar::Range;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Zone kParis = Zone::paris();

Instant local(std::string_view text) {  // "2026-12-01 09:20", in Paris
  const auto date = parse_iso_date(text.substr(0, 10));
  CHECK(date);
  const int hour = std::stoi(std::string(text.substr(11, 2)));
  const int minute = std::stoi(std::string(text.substr(14, 2)));
  return kParis.instant(LocalTime(std::chrono::local_days(*date)) + hours(hour) + minutes(minute));
}

std::string clock(Instant at) {
  const LocalTime time = kParis.local(at);
  const auto of_day = time_of_day(time);
  return format_iso_date(civil_date(time)) + (of_day < hours(10) ? " 0" : " ") +
         std::to_string(of_day / hours(1)) + ":" + (of_day % hours(1) < minutes(10) ? "0" : "") +
         std::to_string((of_day % hours(1)).count());
}

calendar::Hours every_day(std::vector<Range> ranges) {
  calendar::Week week;
  week.days.fill(std::move(ranges));
  return {.weeks = {week}, .exceptions = {}, .closed_on_holidays = true, .comment = {}};
}

struct Town {
  Reason reason{.id = "cni", .label = "Carte d’identité", .people = 3, .notice = minutes(0)};
  std::vector<Counter> counters{{.id = "guichet-1", .name = "Guichet 1"}};
  calendar::Hours hours = every_day({{minutes(9 * 60), minutes(10 * 60), ""}});
  std::vector<Taken> taken = {};
  Instant now = local("2026-11-30 08:00");
  int people = 1;

  std::vector<Desk> desks() const {
    std::vector<Desk> all;
    for (const Counter& counter : counters)
      all.push_back({.counter = &counter, .hours = counter.hours.value_or(hours)});
    return all;
  }
  Wish wish(std::string_view from, std::string_view until) const {
    return {.reason = &reason, .people = people, .from = local(from), .until = local(until)};
  }
  std::vector<std::string> on(std::string_view day) const {
    const std::string start = std::string(day) + " 00:00";
    Wish asked = wish(start, start);
    asked.until += std::chrono::hours(25);
    std::vector<std::string> out;
    for (const Slot& slot : slots(desks(), asked, taken, kParis, now))
      if (clock(slot.start).starts_with(day)) out.push_back(clock(slot.start).substr(11));
    return out;
  }
};

TEST(Slots, FollowEachOtherWithinOpeningHours) {
  Town town;
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:20", "09:40"));
  town.reason.buffer = minutes(5);  // the last meeting's buffer may pass closing time
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:25"));
  town.reason.every = minutes(10);
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:10", "09:20", "09:30", "09:40"));
}

TEST(Slots, BeginAnewBehindWhatIsTaken) {
  Town town;
  town.taken = {
      {.desk = 0, .seat = 0, .from = local("2026-12-01 09:00"), .to = local("2026-12-01 09:13")}};
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:15", "09:35"));
}

TEST(Slots, ABufferIsFreeToo) {
  Town town;
  town.reason.buffer = minutes(10);
  town.taken = {
      {.desk = 0, .seat = 0, .from = local("2026-12-01 09:25"), .to = local("2026-12-01 09:30")}};
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:30"));
}

TEST(Slots, ASecondSeatAndASecondCounterGoOn) {
  Town town;
  town.counters[0].seats = 2;
  town.taken = {
      {.desk = 0, .seat = 0, .from = local("2026-12-01 09:00"), .to = local("2026-12-01 10:00")}};
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:20", "09:40"));
  town.counters[0].reasons = {{"cni", 1}};  // never two of them at once
  EXPECT_THAT(town.on("2026-12-01"), IsEmpty());
  town.counters.push_back({.id = "guichet-2", .name = "Guichet 2"});
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:20", "09:40"));
  town.counters[1].reasons = {{"passeport", 1}};
  EXPECT_THAT(town.on("2026-12-01"), IsEmpty());
}

TEST(Slots, AFamilyTakesAdjacentTimes) {
  Town town;
  town.people = 2;
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00"));
  town.reason.every = minutes(20);
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00", "09:20"));
  town.people = 4;  // longer than the hour
  EXPECT_THAT(town.on("2026-12-01"), IsEmpty());
}

TEST(Slots, LunchHolidaysClosingsAndCommentsOfferNone) {
  Town town;
  town.hours = every_day({{minutes(11 * 60 + 30), minutes(12 * 60), ""},
                          {minutes(14 * 60), minutes(14 * 60 + 30), ""},
                          {minutes(16 * 60), minutes(17 * 60), "sur demande"}});
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("11:30", "14:00"));
  EXPECT_THAT(town.on("2026-12-25"), IsEmpty());
  town.hours.exceptions = {{.dates = {CivilDate(std::chrono::year(2026) / 12 / 1),
                                      CivilDate(std::chrono::year(2026) / 12 / 1)},
                            .ranges = {},
                            .reason = "travaux"}};
  EXPECT_THAT(town.on("2026-12-01"), IsEmpty());
}

TEST(Slots, HoursThatTouchAreOne) {
  Town town;
  town.reason.duration = minutes(50);
  town.hours = every_day(
      {{minutes(9 * 60), minutes(9 * 60 + 30), ""}, {minutes(9 * 60 + 30), minutes(10 * 60), ""}});
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:00"));
}

TEST(Slots, NoticeAndHorizon) {
  Town town;
  town.now = local("2026-12-01 08:50");
  town.reason.notice = minutes(20);
  EXPECT_THAT(town.on("2026-12-01"), ElementsAre("09:20", "09:40"));
  town.reason.horizon = days(2);
  EXPECT_EQ(town.on("2026-12-03").size(), 3U);
  EXPECT_THAT(town.on("2026-12-04"), IsEmpty());
}

TEST(Slots, TheHourThatMarchLacksIsNotThere) {
  Town town;
  town.now = local("2027-03-01 08:00");
  town.hours = every_day({{minutes(60), minutes(4 * 60), ""}});
  town.reason.duration = minutes(30);
  EXPECT_THAT(town.on("2027-03-28"), ElementsAre("01:00", "01:30", "03:00", "03:30"));
  town.hours = every_day({{minutes(2 * 60), minutes(3 * 60), ""}});
  EXPECT_THAT(town.on("2027-03-28"), IsEmpty());
}

TEST(Slots, TheHourThatOctoberHasTwiceIsThereTwice) {
  Town town;
  town.now = local("2026-10-01 08:00");
  town.reason.duration = minutes(30);
  town.hours = every_day({{minutes(60), minutes(3 * 60), ""}});
  const auto found = town.on("2026-10-25");
  EXPECT_THAT(found, ElementsAre("01:00", "01:30", "02:00", "02:30", "02:00", "02:30"));
}

TEST(SeatAt, IsOneOfTheSeatsWhetherOrNotTheSlotIsListed) {
  Town town;
  const auto at = [&](std::string_view time) {
    return seat_at(town.desks(), town.wish(time, time), local(time), town.taken, kParis, town.now);
  };
  EXPECT_TRUE(at("2026-12-01 09:05"));   // shown before another booking shifted the list
  EXPECT_FALSE(at("2026-12-01 09:45"));  // would end after closing
  EXPECT_FALSE(at("2026-12-01 08:55"));
  EXPECT_FALSE(at("2026-11-29 09:00"));  // past
  town.taken = {{.desk = 0,
                 .seat = kAllSeats,
                 .from = local("2026-12-01 09:20"),
                 .to = local("2026-12-01 09:25")}};
  EXPECT_TRUE(at("2026-12-01 09:00"));
  EXPECT_FALSE(at("2026-12-01 09:05"));
  EXPECT_TRUE(at("2026-12-01 09:25"));
  const auto odd =
      seat_at(town.desks(), town.wish("2026-12-01 09:00", "2026-12-01 09:00"),
              local("2026-12-01 09:25") + std::chrono::seconds(3), {}, kParis, town.now);
  EXPECT_FALSE(odd);
  EXPECT_TRUE(any_seat_at(town.desks(), town.wish("2026-12-01 20:00", "2026-12-01 20:00"),
                          local("2026-12-01 20:00"), town.taken));
}

// The obvious way: every cell of the window, one after the other, with intervals.
std::vector<Slot> slowly(const std::vector<Desk>& desks, const Wish& wish,
                         const std::vector<Taken>& taken, Instant now) {
  std::vector<Slot> found;
  const Reason& reason = *wish.reason;
  const Minutes meeting = reason.duration * wish.people;
  const Minutes step = reason.every > Minutes(0) ? reason.every : meeting + reason.buffer;
  for (std::size_t desk = 0; desk < desks.size(); ++desk)
    for (int seat = 0; seat < desks[desk].counter->seats_for(reason.id); ++seat) {
      const auto free = [&](Instant from, Instant to) {
        return std::ranges::none_of(taken, [&](const Taken& each) {
          const Instant start =
              std::chrono::floor<days>(each.from) +
              (std::chrono::floor<Minutes>(each.from - std::chrono::floor<days>(each.from)) /
               kCell) *
                  kCell;
          Instant end = start;
          while (end < each.to) end += kCell;
          return each.desk == desk && (each.seat == kAllSeats || each.seat == seat) && start < to &&
                 from < end;
        });
      };
      for (auto day = std::chrono::floor<days>(kParis.local(wish.from)) - days(1);
           day <= std::chrono::floor<days>(kParis.local(wish.until)); day += days(1)) {
        const auto open = calendar::day_of(desks[desk].hours, CivilDate(day), desks[desk].region);
        if (!open) continue;
        for (std::size_t first = 0; first < open->size();) {
          std::size_t last = first;
          while (last + 1 < open->size() && (*open)[last].to == (*open)[last + 1].from) ++last;
          const Instant begin = kParis.instant(LocalTime(day) + (*open)[first].from);
          const Instant end = kParis.instant(LocalTime(day) + (*open)[last].to);
          first = last + 1;
          for (Instant at = begin; at + meeting <= end;) {
            if (!free(at, at + meeting + reason.buffer)) {
              // Behind the last obstacle: the first start from which nothing is in the way of what
              // lay in it.
              Instant behind = at + meeting + reason.buffer;
              while (free(behind - kCell, behind)) behind -= kCell;
              at = behind;
              continue;
            }
            const bool wanted = at >= wish.from && at < wish.until && at >= now + reason.notice &&
                                std::chrono::floor<days>(kParis.local(at)) <=
                                    std::chrono::floor<days>(kParis.local(now)) + reason.horizon;
            if (wanted && std::ranges::find(found, at, &Slot::start) == found.end())
              found.push_back({.start = at, .end = at + meeting, .desk = desk, .seat = seat});
            at += step;
          }
        }
      }
    }
  std::ranges::sort(found, {}, &Slot::start);
  return found;
}

TEST(Slots, AreThoseOfTheObviousImplementation) {
  constexpr unsigned kSeed = 20261128;
  std::mt19937 random(kSeed);
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  std::size_t seen = 0;
  for (int round = 0; round < 400; ++round) {
    Town town;
    // Around both changes of the clock, and at any other time.
    town.now = local(round % 3 == 0   ? "2026-10-23 10:00"
                     : round % 3 == 1 ? "2027-03-26 17:30"
                                      : "2026-12-21 08:10") +
               minutes(pick(0, 2000));
    town.reason.duration = minutes(5 * pick(1, 12));
    town.reason.buffer = minutes(5 * pick(0, 3));
    town.reason.every = minutes(5 * pick(0, 4));
    town.reason.notice = minutes(pick(0, 600));
    town.reason.horizon = days(pick(1, 9));
    town.people = pick(1, 3);
    town.counters.clear();
    const int counters = pick(1, 3);
    for (int n = 0; n < counters; ++n) {
      Counter counter{.id = "c" + std::to_string(n), .name = "C", .seats = pick(1, 2)};
      std::vector<Range> ranges;
      for (int at = pick(0, 10) * 60; at < 23 * 60;) {
        const int to = std::min(24 * 60, at + 5 * pick(3, 60));
        ranges.push_back({minutes(at), minutes(to), ""});
        at = to + (pick(0, 2) == 0 ? 0 : 5 * pick(1, 40));
        if (ranges.size() == calendar::kRangesADay) break;
      }
      counter.hours = every_day(ranges);
      town.counters.push_back(counter);
    }
    const int takings = pick(0, 60);
    for (int n = 0; n < takings; ++n) {
      const Instant from = town.now + minutes(pick(-600, 5 * 24 * 60));
      town.taken.push_back({.desk = static_cast<std::size_t>(pick(0, counters - 1)),
                            .seat = pick(-1, 1),
                            .from = from,
                            .to = from + minutes(pick(1, 120))});
    }
    const Instant from = town.now + minutes(pick(-1000, 3000));
    const Wish wish{.reason = &town.reason,
                    .people = town.people,
                    .from = from,
                    .until = from + minutes(pick(1, 4 * 24 * 60))};
    const auto fast = slots(town.desks(), wish, town.taken, kParis, town.now);
    ASSERT_EQ(fast, slowly(town.desks(), wish, town.taken, town.now)) << "round " << round;
    seen += fast.size();
    // What is shown can be booked.
    for (const Slot& slot : fast)
      ASSERT_TRUE(seat_at(town.desks(), wish, slot.start, town.taken, kParis, town.now))
          << "round " << round;
  }
  EXPECT_GT(seen, 1000U);
}

}  // namespace
}  // namespace parvis::appointment
