#include "casework/workflow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "casework/reference.hpp"

namespace parvis::casework {
namespace {

constexpr State kStates[] = {State::draft,       State::received, State::examined, State::awaiting,
                             State::accepted,    State::refused,  State::settled,  State::withdrawn,
                             State::transferred, State::closed};
constexpr Act kActs[] = {Act::deposit,      Act::take_up, Act::ask_pieces, Act::give_pieces,
                         Act::accept,       Act::refuse,  Act::withdraw,   Act::transfer,
                         Act::close,        Act::reopen,  Act::write,      Act::note,
                         Act::reassign,     Act::silence, Act::merge,      Act::visit,
                         Act::reject_piece, Act::settle,  Act::notify,     Act::return_pieces,
                         Act::waive_pieces};

TEST(Workflow, NamesAreReadBack) {
  for (const State state : kStates) {
    EXPECT_EQ(state_named(name(state)), state);
    EXPECT_FALSE(words(state).empty());
    EXPECT_FALSE(label(state).empty());
  }
  for (const Act act : kActs) EXPECT_EQ(act_named(name(act)), act);
  EXPECT_FALSE(state_named("frob"));
  EXPECT_FALSE(act_named(""));
}

TEST(Workflow, OnlyAPersonOfTheTownDecides) {
  for (const Transition& each : transitions()) {
    if (each.act == Act::accept || each.act == Act::refuse || each.act == Act::settle) {
      EXPECT_EQ(each.by, Role::agent);
    }
  }
  for (const State state : kStates)
    for (const Act act : {Act::accept, Act::refuse, Act::settle, Act::notify})
      for (const Role by : {Role::citizen, Role::system}) EXPECT_FALSE(step(state, act, by));
}

TEST(Workflow, SilenceIsRecordedByTheSystemAndMovesNothing) {
  for (const State state : kStates)
    for (const Role by : {Role::citizen, Role::agent, Role::system}) {
      const auto next = step(state, Act::silence, by);
      const bool open = is_open(state) && state != State::draft;
      EXPECT_EQ(next.has_value(), open && by == Role::system) << name(state);
      if (next) {
        EXPECT_EQ(*next, state);
      }
    }
}

TEST(Workflow, APieceIsRejectedByTheSystemAloneAndThatMovesNothing) {
  for (const State state : kStates) {
    const auto next = step(state, Act::reject_piece, Role::system);
    EXPECT_EQ(next.has_value(), state != State::draft) << name(state);
    if (next) {
      EXPECT_EQ(*next, state);
    }
    for (const Role by : {Role::citizen, Role::agent})
      EXPECT_FALSE(step(state, Act::reject_piece, by)) << name(state);
  }
}

TEST(Workflow, EveryStateIsReachedAndNoneIsATrap) {
  std::set<State> reached = {State::draft};
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const Transition& each : transitions())
      if (reached.contains(each.from)) reached.insert(each.to);
  }
  EXPECT_EQ(reached.size(), std::size(kStates));
  for (const State state : kStates)
    EXPECT_TRUE(std::ranges::any_of(transitions(), [&](const Transition& each) {
      return each.from == state && each.to != state;
    })) << name(state);
}

TEST(Workflow, RefusesWithTheStateInWords) {
  const auto refused = step(State::accepted, Act::withdraw, Role::citizen);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("acceptée"), std::string::npos);
}

TEST(Workflow, WordsChangeNothing) {
  for (const State state : kStates) {
    const bool there = state != State::draft;
    EXPECT_EQ(step(state, Act::write, Role::citizen).has_value(), there);
    EXPECT_EQ(step(state, Act::note, Role::agent).has_value(), there);
    EXPECT_EQ(step(state, Act::note, Role::system).has_value(), there);  // what a mail told
    EXPECT_FALSE(step(state, Act::note, Role::citizen));
    if (there) {
      EXPECT_EQ(*step(state, Act::write, Role::agent), state);
    }
  }
}

TEST(Reference, IsReadHoweverItIsWritten) {
  const std::string reference = reference_of(123'456'789);
  EXPECT_EQ(reference.size(), 11u);
  EXPECT_EQ(read_reference(reference), reference);
  std::string spoken;
  for (const char c : reference) spoken += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(read_reference(spoken), reference);
  for (const char* wrong : {"", "KILU", "KILU-BAFO", "KILU-BAFO-", "<b>", "KILU-BAFO-7"})
    EXPECT_FALSE(read_reference(wrong)) << wrong;
  EXPECT_FALSE(read_reference(std::string(1000, 'A')));
}

// Any one sign that is wrong, and any two neighbours that changed places.
TEST(Reference, ItsCheckCharacterTellsSlips) {
  for (std::uint32_t seed = 1; seed < 2'000'000'000; seed += 97'777'777) {
    const std::string reference = reference_of(seed);
    for (std::size_t at = 0; at < reference.size(); ++at) {
      if (reference[at] == '-') continue;
      for (char c = 'A'; c <= 'Z'; ++c) {
        std::string slip = reference;
        slip[at] = c;
        if (slip != reference) {
          EXPECT_FALSE(read_reference(slip)) << reference << " " << slip;
        }
      }
      std::string swapped = reference;
      if (at + 1 < reference.size() && swapped[at + 1] != '-' && swapped[at] != swapped[at + 1]) {
        std::swap(swapped[at], swapped[at + 1]);
        EXPECT_FALSE(read_reference(swapped)) << reference << " " << swapped;
      }
    }
  }
}

}  // namespace
}  // namespace parvis::casework
