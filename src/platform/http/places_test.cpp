#include "http/places.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace parvis::http {
namespace {

struct Counted {
  Metrics metrics;
  Gauge& taken = metrics.gauge("taken", "");
  Counter& refused = metrics.counter("refused", "");
};

TEST(Places, bound_all_and_each_address) {
  Counted count;
  Places places(3, 2, count.taken, count.refused);
  auto a = places.take("a");
  {
    const auto again = places.take("a");
    EXPECT_TRUE(a && again);
    EXPECT_FALSE(places.take("a")) << "two for an address";
    EXPECT_EQ(count.taken.value(), 2);
  }
  EXPECT_EQ(count.taken.value(), 1);
  const auto b = places.take("b"), c = places.take("a");
  EXPECT_TRUE(b && c);
  EXPECT_FALSE(places.take("c")) << "three in all";
  EXPECT_EQ(count.refused.value(), 2u);
  a.reset();
  EXPECT_TRUE(places.take("c"));
}

TEST(Places, count_those_without_an_address_in_the_whole_only) {
  Counted count;
  Places places(3, 1, count.taken, count.refused);
  const auto one = places.take(""), two = places.take(""), three = places.take("");
  EXPECT_TRUE(one && two && three);
  EXPECT_FALSE(places.take(""));
  EXPECT_FALSE(places.take("a"));
}

TEST(Places, a_moved_place_is_given_back_once) {
  Counted count;
  Places places(1, 1, count.taken, count.refused);
  {
    auto place = places.take("a");
    const Places::Place kept = *std::move(place);
    place.reset();
    EXPECT_EQ(count.taken.value(), 1);
    EXPECT_FALSE(places.take("b"));
  }
  EXPECT_EQ(count.taken.value(), 0);
  EXPECT_TRUE(places.take("b"));
}

TEST(Places, are_taken_by_many_threads_and_never_passed) {
  constexpr int kPlaces = 3;
  Counted count;
  Places places(kPlaces, kPlaces, count.taken, count.refused);
  std::atomic<int> inside = 0, most = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          const auto place = places.take("a");
          if (!place) continue;
          const int now = ++inside;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
          --inside;
        }
      });
  }
  EXPECT_LE(most, kPlaces);
  EXPECT_GT(most, 0);
  EXPECT_EQ(count.taken.value(), 0);
}

TEST(Places, do_not_count_who_stands_for_many) {
  EXPECT_EQ(counted_address("192.0.2.7", Forwarded::ignored), "192.0.2.7");
  EXPECT_EQ(counted_address("192.0.2.7", Forwarded::local_proxy), "192.0.2.7");
  EXPECT_EQ(counted_address("127.0.0.1", Forwarded::ignored), "127.0.0.1");
  EXPECT_EQ(counted_address("127.0.0.1", Forwarded::local_proxy), "");
  EXPECT_EQ(counted_address("::1", Forwarded::local_proxy), "");
  EXPECT_EQ(counted_address("unix", Forwarded::ignored), "");
  EXPECT_EQ(counted_address("unknown", Forwarded::local_proxy), "unknown");
}

}  // namespace
}  // namespace parvis::http
