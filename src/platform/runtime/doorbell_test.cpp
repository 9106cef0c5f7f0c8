#include "runtime/doorbell.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/loops.hpp"

namespace parvis::runtime {
namespace {

namespace asio = boost::asio;
using Bell = Doorbell::Bell;
using Steady = std::chrono::steady_clock;

std::size_t run_ready(asio::io_context& io) {
  io.restart();
  return io.poll();
}

// Whether `waiting` has ended, now that all that is ready ran.
template <typename Awaitable>
std::shared_ptr<bool> start(asio::io_context& io, Awaitable waiting) {
  auto done = std::make_shared<bool>(false);
  asio::co_spawn(io, std::move(waiting), [done](const std::exception_ptr&) { *done = true; });
  run_ready(io);
  return done;
}

TEST(Doorbell, wakes_who_waits_for_the_topic_and_nobody_else) {
  asio::io_context io;
  Doorbell doorbell;
  Bell one(doorbell, "a", io.get_executor()), two(doorbell, "a", io.get_executor()),
      other(doorbell, "b", io.get_executor());
  const auto first = start(io, one.wait()), second = start(io, two.wait()),
             third = start(io, other.wait());
  EXPECT_FALSE(*first || *second || *third) << "nothing rang";
  doorbell.ring("nobody");
  doorbell.ring("a");
  run_ready(io);
  EXPECT_TRUE(*first && *second);
  EXPECT_FALSE(*third);
  doorbell.ring("b");
  run_ready(io);
  EXPECT_TRUE(*third);
}

TEST(Doorbell, keeps_a_ring_that_comes_before_the_wait) {
  asio::io_context io;
  Doorbell doorbell;
  Bell bell(doorbell, "a", io.get_executor());
  doorbell.ring("a");
  EXPECT_TRUE(*start(io, bell.wait())) << "before its wake-up ran";
  doorbell.ring("a");
  run_ready(io);
  EXPECT_TRUE(*start(io, bell.wait())) << "after its wake-up ran";
  EXPECT_FALSE(*start(io, bell.wait())) << "each ring ends one wait";
  doorbell.ring("a");
  run_ready(io);
}

TEST(Doorbell, merges_rings_that_nobody_asked_about) {
  asio::io_context io;
  Doorbell doorbell;
  Bell bell(doorbell, "a", io.get_executor());
  for (int i = 0; i < 1000; ++i) doorbell.ring("a");
  EXPECT_EQ(run_ready(io), 1u) << "one wake-up for all";
  EXPECT_TRUE(bell.rung());
  EXPECT_FALSE(bell.rung());
}

TEST(Doorbell, a_late_wake_up_does_not_end_the_next_wait) {
  asio::io_context io;
  Doorbell doorbell;
  Bell bell(doorbell, "a", io.get_executor());
  doorbell.ring("a");
  EXPECT_TRUE(bell.rung()) << "asked while its wake-up is still on the way";
  EXPECT_FALSE(*start(io, bell.wait()));
  doorbell.ring("a");
  run_ready(io);
}

TEST(Doorbell, sleeps_until_a_time_or_a_waker) {
  asio::io_context io;
  Doorbell doorbell;
  Bell bell(doorbell, "a", io.get_executor());
  EXPECT_TRUE(*start(io, bell.sleep_until(Steady::now() - std::chrono::seconds(1))));
  const auto woken = start(io, bell.sleep_until(Steady::time_point::max()));
  EXPECT_FALSE(*woken);
  bell.waker()();
  run_ready(io);
  EXPECT_TRUE(*woken);
  EXPECT_FALSE(bell.rung()) << "a waker is no ring";
  const auto rung = start(io, bell.sleep_until(Steady::time_point::max()));
  doorbell.ring("a");
  run_ready(io);
  EXPECT_TRUE(*rung);
  EXPECT_TRUE(bell.rung()) << "sleeping does not ask";
}

TEST(Doorbell, forgets_a_bell_that_is_gone) {
  asio::io_context io;
  Doorbell doorbell;
  std::function<void()> waker;
  {
    Bell bell(doorbell, "a", io.get_executor());
    Bell same(doorbell, "a", io.get_executor());
    EXPECT_EQ(doorbell.listening(), 2u);
    waker = bell.waker();
    doorbell.ring("a");
  }
  EXPECT_EQ(doorbell.listening(), 0u);
  run_ready(io);  // the wake-ups that were on their way
  waker();
  doorbell.ring("a");
  EXPECT_EQ(run_ready(io), 0u);
}

TEST(Doorbell, may_end_before_its_bells) {
  asio::io_context io;
  auto doorbell = std::make_unique<Doorbell>();
  Bell bell(*doorbell, "a", io.get_executor());
  doorbell.reset();
  EXPECT_FALSE(bell.rung());
}

TEST(DoorbellDeathTest, refuses_a_topic_without_a_name_or_too_long) {
  asio::io_context io;
  Doorbell doorbell;
  EXPECT_DEATH(Bell(doorbell, "", io.get_executor()), "");
  EXPECT_DEATH(Bell(doorbell, std::string(kTopicBytes + 1, 'a'), io.get_executor()), "");
  const Bell longest(doorbell, std::string(kTopicBytes, 'a'), io.get_executor());
}

// Writers commit, then ring; readers read, then wait when there was nothing. Each reader must see
// every commit, or the test hangs.
TEST(Doorbell, loses_nothing_between_threads) {
  constexpr int kWriters = 3, kReaders = 8, kCommits = 2000;
  Doorbell doorbell;
  std::array<std::atomic<int>, 2> committed{};
  const std::array<std::string, 2> topics = {"even", "odd"};
  std::vector<std::future<int>> read;
  Loops loops(2);
  const auto reader = [&](std::size_t topic) -> asio::awaitable<int> {
    Bell bell(doorbell, topics[topic], co_await asio::this_coro::executor);
    int seen = 0, waits = 0;
    while (seen < kWriters * kCommits) {
      const int now = committed[topic].load(std::memory_order_relaxed);
      if (now == seen) {
        ++waits;
        co_await bell.wait();
      }
      seen = now;
    }
    co_return waits;
  };
  for (std::size_t i = 0; i < kReaders; ++i)
    read.push_back(asio::co_spawn(loops.next(), reader(i % 2), asio::use_future));
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < kWriters; ++w)
      writers.emplace_back([&] {
        for (int i = 0; i < kCommits; ++i)
          for (std::size_t topic = 0; topic < topics.size(); ++topic) {
            committed[topic].fetch_add(1, std::memory_order_relaxed);
            doorbell.ring(topics[topic]);
          }
      });
  }
  for (std::future<int>& waits : read) EXPECT_LE(waits.get(), kWriters * kCommits + 1);
  EXPECT_EQ(doorbell.listening(), 0u);
}

// Bells come and go on their loops while other threads ring.
TEST(Doorbell, bells_may_leave_while_it_rings) {
  Doorbell doorbell;
  std::atomic<bool> enough = false;
  std::jthread ringer([&] {
    while (!enough) doorbell.ring("a");
  });
  {
    Loops loops(2);
    std::vector<std::future<void>> guests;
    for (int i = 0; i < 4; ++i)
      guests.push_back(asio::co_spawn(
          loops.next(),
          [&]() -> asio::awaitable<void> {
            for (int turn = 0; turn < 500; ++turn) {
              Bell bell(doorbell, "a", co_await asio::this_coro::executor);
              if (turn % 2 == 0) co_await bell.wait();
            }
          },
          asio::use_future));
    for (std::future<void>& guest : guests) guest.get();
  }
  enough = true;
}

}  // namespace
}  // namespace parvis::runtime
