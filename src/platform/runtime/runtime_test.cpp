#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <csignal>
#include <future>
#include <latch>
#include <set>

#include "runtime/loops.hpp"
#include "runtime/stop_signal.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::runtime {
namespace {

TEST(WorkerPool, runs_what_it_takes_and_refuses_when_full) {
  WorkerPool pool(1, 1);
  std::latch started(1);
  std::promise<void> go;
  std::atomic<int> ran = 0;
  ASSERT_TRUE(pool.try_submit([&] {
    started.count_down();
    go.get_future().wait();
    ++ran;
  }));
  started.wait();
  EXPECT_EQ(pool.running(), 1u);
  ASSERT_TRUE(pool.try_submit([&] { ++ran; }));
  EXPECT_EQ(pool.waiting(), 1u);
  WorkerPool::Task refused = [&] { ran += 100; };
  EXPECT_FALSE(pool.try_submit(std::move(refused)));
  EXPECT_TRUE(static_cast<bool>(refused)) << "a refused task stays with its owner";
  go.set_value();
  pool.stop();
  EXPECT_EQ(ran, 2) << "stop() runs what was accepted";
  EXPECT_FALSE(pool.try_submit([] {}));
}

TEST(WorkerPool, without_a_queue_still_uses_idle_threads) {
  WorkerPool pool(1, 0);
  std::promise<void> ran;
  ASSERT_TRUE(pool.try_submit([&] { ran.set_value(); }));
  ran.get_future().wait();
}

TEST(WorkerPool, runs_every_accepted_task_of_many_submitters_once) {
  WorkerPool pool(3, 8);
  std::atomic<int> accepted = 0, ran = 0;
  std::vector<std::jthread> submitters;
  for (int t = 0; t < 3; ++t)
    submitters.emplace_back([&] {
      for (int i = 0; i < 500; ++i)
        if (pool.try_submit([&] { ++ran; })) ++accepted;
    });
  submitters.clear();
  pool.stop();
  EXPECT_EQ(accepted, ran);
  EXPECT_GT(ran, 0);
}

TEST(Loops, run_on_threads_of_their_own_in_turn) {
  Loops loops(2);
  std::set<std::thread::id> ids;
  for (int i = 0; i < 4; ++i) {
    std::promise<std::thread::id> id;
    boost::asio::post(loops.next(), [&] { id.set_value(std::this_thread::get_id()); });
    ids.insert(id.get_future().get());
  }
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_FALSE(ids.contains(std::this_thread::get_id()));
  loops.stop();
  loops.stop();
}

TEST(StopSignal, sees_a_signal_sent_before_and_again_after_waiting) {
  StopSignal signal;
  std::raise(SIGTERM);
  signal.wait();
  std::raise(SIGINT);
  signal.wait();
}

TEST(StopSignalDeathTest, a_second_signal_ends_the_process) {
  EXPECT_EXIT(
      {
        StopSignal signal;
        std::raise(SIGTERM);
        signal.wait();
        signal.next_one_kills();
        std::raise(SIGTERM);
      },
      testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace parvis::runtime
