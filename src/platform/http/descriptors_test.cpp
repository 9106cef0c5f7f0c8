#include "http/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace parvis::http {
namespace {

Limits limits(std::size_t connections, std::size_t streams) {
  return {.connections = connections, .streams = streams};
}

TEST(Descriptors, of_limits_that_fit_change_nothing) {
  const Limits wanted = limits(1000, 10'000);
  const Limits given = fitted(wanted, descriptors_of(wanted));
  EXPECT_EQ(given.connections, 1000u);
  EXPECT_EQ(given.streams, 10'000u);
  EXPECT_GT(descriptors_of(wanted), 11'000u) << "the socket that listens is one more";
}

TEST(Descriptors, too_few_take_streams_first_and_leave_connections_half) {
  for (const std::size_t descriptors : {4u, 100u, 1000u, 1999u, 5000u, 11'001u}) {
    const Limits given = fitted(limits(1000, 10'000), descriptors);
    EXPECT_LE(descriptors_of(given), descriptors);
    EXPECT_GE(descriptors_of(given) + 1, descriptors) << "none is wasted";
    EXPECT_EQ(given.connections, std::min<std::size_t>(1000, (descriptors - 2) / 2));
  }
}

TEST(Descriptors, too_few_leave_connections_what_few_streams_do_not_take) {
  const Limits given = fitted(limits(1000, 10), 502);
  EXPECT_EQ(given.streams, 10u);
  EXPECT_EQ(given.connections, 490u);
}

TEST(Descriptors, none_leave_one_of_each) {
  for (const std::size_t descriptors : {0u, 1u, 2u, 3u}) {
    const Limits given = fitted(limits(1000, 10'000), descriptors);
    EXPECT_EQ(given.connections, 1u);
    EXPECT_EQ(given.streams, 1u);
  }
}

// With the process's own limit lowered first, and put back.
class OwnLimit : public ::testing::Test {
 protected:
  OwnLimit() {
    getrlimit(RLIMIT_NOFILE, &before_);
    set(200);
  }
  ~OwnLimit() override { setrlimit(RLIMIT_NOFILE, &before_); }
  void set(rlim_t soft) const {
    const rlimit low{soft, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  }
  static rlim_t soft() {
    rlimit now{};
    getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur;
  }
  rlimit before_{};
};

TEST_F(OwnLimit, is_raised_to_what_is_wanted) {
  EXPECT_EQ(allow_descriptors(300), 300u);
  EXPECT_EQ(soft(), 300u);
}

TEST_F(OwnLimit, is_never_lowered) {
  EXPECT_EQ(allow_descriptors(100), 200u);
  EXPECT_EQ(soft(), 200u);
}

TEST_F(OwnLimit, is_raised_as_far_as_the_system_lets_it) {
  const auto beyond = std::size_t{1} << 40;  // more than any system's table
  const std::size_t allowed = allow_descriptors(beyond);
  EXPECT_EQ(allowed, std::min<std::size_t>(beyond, before_.rlim_max));
  EXPECT_EQ(soft(), allowed);
}

}  // namespace
}  // namespace parvis::http
