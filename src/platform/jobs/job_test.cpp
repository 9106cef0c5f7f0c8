#include "jobs/job.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parvis::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Backoff, DoublesUpToItsLongest) {
  const Policy policy{.attempts = 8, .first = seconds(30), .longest = seconds(600)};
  const auto within = [&](int attempt, seconds whole) {
    for (const char* id : {"a", "b", "0123456789abcdef"}) {
      const milliseconds wait = backoff(policy, attempt, id);
      EXPECT_GE(wait, milliseconds(whole) / 2) << attempt;
      EXPECT_LE(wait, whole) << attempt;
    }
  };
  within(1, seconds(30));
  within(2, seconds(60));
  within(3, seconds(120));
  within(5, seconds(480));
  within(6, seconds(600));
  within(1'000'000'000, seconds(600));
}

TEST(Backoff, IsTheSameForTheSameAndApartForOthers) {
  const Policy policy;
  std::set<milliseconds> waits;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    EXPECT_EQ(backoff(policy, 3, id), backoff(policy, 3, id));
    waits.insert(backoff(policy, 3, id));
  }
  EXPECT_GT(waits.size(), 90u);
  EXPECT_LT(*waits.begin(), seconds(70)) << "they spread over the whole range, 60 s to 120 s";
  EXPECT_GT(*waits.rbegin(), seconds(110));
}

TEST(Backoff, TakesAShortOrStrangePolicy) {
  EXPECT_EQ(backoff({.first = milliseconds(0), .longest = milliseconds(0)}, 9, "a").count(), 0);
  EXPECT_LE(backoff({.first = seconds(9), .longest = seconds(1)}, 5, "a"), seconds(9));
}

}  // namespace
}  // namespace parvis::jobs
