#include "appointment/booking.hpp"

#include <gmock/gmock.h>

namespace parvis::appointment {
namespace {

using std::chrono::hours;
constexpr Instant kStart{hours(100)};
const Instant kBefore = kStart - hours(1), kAfter = kStart + hours(1);

TEST(Step, OneWayFromAHoldToTheVisit) {
  auto state = step(State::held, Act::book, Role::citizen, kStart, kBefore);
  ASSERT_EQ(state, State::booked);
  state = step(*state, Act::arrive, Role::agent, kStart, kBefore);
  ASSERT_EQ(state, State::arrived);
  EXPECT_EQ(step(*state, Act::see, Role::agent, kStart, kAfter), State::seen);
}

TEST(Step, WhatIsOverStaysAsItIs) {
  for (const State over : {State::seen, State::cancelled})
    for (const Act act : {Act::book, Act::move, Act::cancel, Act::displace, Act::arrive, Act::see,
                          Act::miss, Act::undo})
      for (const Role by : {Role::citizen, Role::agent})
        EXPECT_FALSE(step(over, act, by, kStart, kBefore)) << name(over);
}

TEST(Step, ACitizenChangesNothingOnceItHasBegun) {
  EXPECT_TRUE(step(State::booked, Act::move, Role::citizen, kStart, kBefore));
  for (const Act act : {Act::move, Act::cancel})
    EXPECT_FALSE(step(State::booked, act, Role::citizen, kStart, kStart));
  EXPECT_TRUE(step(State::booked, Act::move, Role::agent, kStart, kAfter));
}

TEST(Step, NobodyIsMissedBeforeTheHour) {
  EXPECT_FALSE(step(State::booked, Act::miss, Role::agent, kStart, kBefore));
  EXPECT_EQ(step(State::booked, Act::miss, Role::agent, kStart, kAfter), State::missed);
  EXPECT_EQ(step(State::missed, Act::undo, Role::agent, kStart, kAfter), State::booked);
}

TEST(Step, OnlyAgentsSayWhoCame) {
  for (const Act act : {Act::displace, Act::arrive, Act::see, Act::miss, Act::undo})
    for (const Transition& each : transitions())
      EXPECT_FALSE(each.act == act && each.by == Role::citizen);
}

TEST(Step, ARefusalSaysWhatToDo) {
  EXPECT_THAT(step(State::held, Act::move, Role::citizen, kStart, kBefore).error(),
              ::testing::HasSubstr("Confirmez"));
  for (const State state : {State::held, State::booked, State::displaced, State::arrived,
                            State::seen, State::missed, State::cancelled}) {
    EXPECT_EQ(state_named(name(state)), state);
    EXPECT_FALSE(label(state).empty());
  }
}

}  // namespace
}  // namespace parvis::appointment
