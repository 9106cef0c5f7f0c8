#include "jobs/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <semaphore>

#include "jobs/jobs_store.hpp"
#include "support/items.hpp"

namespace parvis::jobs {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
constexpr auto kPatience = 60s;  // of a test that waits for another thread; never used up

class Runs : public support::EachEngine {
 protected:
  Runner runner(std::vector<Kind> kinds) {
    return {database_, doorbell_, metrics_, [] { return kNow; }, std::move(kinds)};
  }
  void add(std::string key, std::string kind = "receipt", std::optional<Instant> due = std::nullopt,
           std::string tenant = "demo", Instant now = kNow) {
    database_.write([&](db::Tx& tx) {
      enqueue(tx, {.tenant = tenant, .kind = kind, .key = key, .payload = {}, .due = due}, now);
    });
  }
  Counts count(Instant now = kNow) {
    return database_.read([&](db::Tx& tx) { return counts(tx, now); });
  }
  std::vector<Dead> letters() {
    return database_.read([](db::Tx& tx) { return dead(tx, "demo"); });
  }
  std::uint64_t counted(const std::string& outcome, const std::string& kind = "receipt") {
    return metrics_.counter("parvis_jobs_total", "", {{"kind", kind}, {"outcome", outcome}})
        .value();
  }
  db::Database database_{config()};
  runtime::Doorbell doorbell_;
  Metrics metrics_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Runs, support::kEngines, support::engine_name);

TEST_P(Runs, EachByItsKindWithoutATransaction) {
  std::vector<std::string> ran;
  Runner two = runner({{"receipt",
                        {},
                        [&](const Job& job, Instant now) {
                          EXPECT_EQ(now, kNow);
                          ran.push_back("receipt " + job.key);
                          // Within another transaction this would be a CHECK.
                          EXPECT_EQ(count().leased, 1);
                          return Done{};
                        }},
                       {"report", {}, [&](const Job& job, Instant) {
                          ran.push_back("report " + job.key);
                          return Done{};
                        }}});
  add("a");
  add("b", "report", kNow - 1s);
  add("c", "receipt", kNow + 1h);
  EXPECT_EQ(two.run_due(kNow), 2u);
  EXPECT_THAT(ran, ElementsAre("report b", "receipt a"));
  EXPECT_EQ(two.run_due(kNow), 0u);
  EXPECT_EQ(counted("done"), 1u);
  EXPECT_EQ(counted("done", "report"), 1u);
  EXPECT_EQ(count().waiting, 1);
}

TEST_P(Runs, AgainAfterLongerAndLongerWaitsThenItIsADeadLetter) {
  std::vector<int> attempts;
  const Policy policy{.attempts = 4, .first = 10s, .longest = 30s};
  Runner one = runner({{"receipt", policy, [&](const Job& job, Instant) {
                          attempts.push_back(job.attempt);
                          return Failed{"SMTP 451"};
                        }}});
  add("a");
  Instant now = kNow;
  std::vector<std::chrono::milliseconds> waits;
  while (one.run_due(now) > 0 && letters().empty()) {
    const Instant next = *database_.read([](db::Tx& tx) { return next_ready(tx); });
    waits.push_back(next - now);
    EXPECT_EQ(one.run_due(next - 1ms), 0u);
    now = next;
  }
  EXPECT_THAT(attempts, ElementsAre(1, 2, 3, 4));
  ASSERT_THAT(waits, SizeIs(3));
  EXPECT_TRUE(waits[0] >= 5s && waits[0] <= 10s) << waits[0].count();
  EXPECT_TRUE(waits[1] >= 10s && waits[1] <= 20s) << waits[1].count();
  EXPECT_TRUE(waits[2] >= 15s && waits[2] <= 30s) << waits[2].count();
  ASSERT_THAT(letters(), SizeIs(1));
  EXPECT_EQ(letters()[0].why, "SMTP 451");
  EXPECT_EQ(letters()[0].attempts, 4);
  EXPECT_EQ(counted("failed"), 3u);
  EXPECT_EQ(counted("dead"), 1u);
}

TEST_P(Runs, AgainWhenTheOtherSideSaysSo) {
  Runner one = runner({{"receipt", {}, [&](const Job& job, Instant now) -> Outcome {
                          if (job.attempt == 1) return Failed{"busy", now + 2h};
                          return Done{};
                        }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 1u);
  EXPECT_EQ(one.run_due(kNow + 2h - 1ms), 0u);
  EXPECT_EQ(one.run_due(kNow + 2h), 1u);
  EXPECT_EQ(counted("done"), 1u);
}

TEST_P(Runs, LaterIsNoFailureAndNeverAtOnce) {
  std::vector<int> attempts;
  Runner one = runner({{"receipt", {.attempts = 1}, [&](const Job& job, Instant now) {
                          attempts.push_back(job.attempt);
                          return Later{now - 1h};
                        }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 1u) << "no loop without end";
  EXPECT_EQ(one.run_due(kNow + Runner::kAgainMin), 1u);
  EXPECT_THAT(attempts, ElementsAre(1, 1));
  EXPECT_THAT(letters(), IsEmpty());
}

TEST_P(Runs, GivingUpNeedsNoFurtherAttempt) {
  Runner one = runner({{"receipt", {}, [](const Job&, Instant) { return GiveUp{"gone"}; }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 1u);
  ASSERT_THAT(letters(), SizeIs(1));
  EXPECT_EQ(letters()[0].why, "gone");
}

TEST_P(Runs, AnExceptionIsAFailure) {
  Runner one = runner(
      {{"receipt",
        {.attempts = 1},
        [](const Job&, Instant) -> Outcome { throw Error(Errc::unavailable, "no key store"); }},
       {"report", {.attempts = 1}, [](const Job&, Instant) -> Outcome {
          throw std::runtime_error("Jeanne Martin");
        }}});
  add("a");
  add("b", "report");
  EXPECT_EQ(one.run_due(kNow), 2u);
  ASSERT_THAT(letters(), SizeIs(2));
  for (const Dead& letter : letters())
    EXPECT_THAT(letter.why, letter.kind == "receipt" ? HasSubstr("no key store")
                                                     : HasSubstr("unexpected error"));
}

TEST_P(Runs, AKindThatItDoesNotKnowWaitsForAnotherProgram) {
  Runner old = runner({{"receipt", {}, [](const Job&, Instant) { return Done{}; }}});
  add("a", "newer");
  add("b");
  EXPECT_EQ(old.run_due(kNow), 1u);
  EXPECT_EQ(count().waiting, 1);
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(old.run_due(kNow + i * Runner::kUnknown), 0u);
  EXPECT_THAT(letters(), IsEmpty());
  Runner fresh = runner({{"newer", {.attempts = 1}, [](const Job& job, Instant) {
                            EXPECT_EQ(job.attempt, 1);
                            return Done{};
                          }}});
  EXPECT_EQ(fresh.run_due(kNow + 21 * Runner::kUnknown), 1u);
}

TEST_P(Runs, WhatARunAsksForRunsInTheSameGo) {
  std::vector<std::string> ran;
  Runner one = runner({{"receipt", {}, [&](const Job& job, Instant) {
                          ran.push_back(job.key);
                          if (job.key == "a") add("b");
                          return Done{};
                        }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 2u);
  EXPECT_THAT(ran, ElementsAre("a", "b"));
}

TEST_P(Runs, AGoHasALimit) {
  Runner one = runner({{"receipt", {}, [&](const Job& job, Instant) {
                          add(job.key);  // itself, for ever
                          return Done{};
                        }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow, 5), 5u);
}

TEST_P(Runs, TenantsTakeTurns) {
  std::string order;
  Runner one = runner({{"receipt", {}, [&](const Job& job, Instant) {
                          order += job.tenant;
                          return Done{};
                        }}});
  for (int i = 0; i < 6; ++i) add("k" + std::to_string(i), "receipt", {}, "a");
  for (int i = 0; i < 2; ++i) add("k" + std::to_string(i), "receipt", {}, "b");
  EXPECT_EQ(one.run_due(kNow), 8u);
  EXPECT_EQ(order, "ababaaaa");
}

TEST_P(Runs, AJobCancelledOrLostWhileItRanSettlesNothing) {
  Runner one =
      runner({{"receipt", {}, [&](const Job& job, Instant) {
                 database_.write([&](db::Tx& tx) { cancel(tx, job.tenant, job.kind, job.key); });
                 return Done{};
               }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 1u);
  EXPECT_EQ(counted("lost"), 1u);
  EXPECT_EQ(counted("done"), 0u);
}

// A clock one hour back: what was at once, or backing off, does not wait for that hour.
TEST_P(Runs, GoesOnWhenTheClockGoesBack) {
  Runner one = runner({{"receipt", {.first = 10s}, [](const Job& job, Instant) -> Outcome {
                          if (job.attempt == 1) return Failed{"down"};
                          return Done{};
                        }}});
  add("a");
  EXPECT_EQ(one.run_due(kNow), 1u);
  add("b");  // before the clock is put right
  const Instant back = kNow - 1h;
  EXPECT_EQ(one.run_due(back), 1u);        // b
  EXPECT_EQ(one.run_due(back + 10s), 2u);  // both again
  EXPECT_EQ(counted("done"), 2u);
}

TEST_P(Runs, StartsRightAfterAClockThatWasAhead) {
  add("a", "receipt", std::nullopt, "demo", kNow + 24h);
  Runner one = runner({{"receipt", {}, [](const Job&, Instant) { return Done{}; }}});
  EXPECT_EQ(one.run_due(kNow), 1u);
}

// A process that is killed between lease and end: nothing is lost, and a job that kills each
// process that runs it is given up.
TEST_P(Runs, SurvivesAProcessThatDies) {
  add("a");
  const auto lost_process = [&](Instant now) {
    const pid_t child = ::fork();
    if (child == 0) {
      db::Database database(config());
      runtime::Doorbell doorbell;
      Metrics metrics;
      Runner doomed(
          database, doorbell, metrics, [] { return kNow; },
          {{"receipt", {.lease = 60s}, [](const Job&, Instant) -> Outcome { ::_exit(7); }}});
      doomed.run_due(now);
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  EXPECT_EQ(lost_process(kNow), 7);
  EXPECT_EQ(lost_process(kNow + 59s), 0) << "its lease still stands";
  EXPECT_EQ(lost_process(kNow + 60s), 7);
  int attempt = 0;
  Runner patient = runner({{"receipt", {.attempts = 3, .lease = 60s}, [&](const Job& job, Instant) {
                              attempt = job.attempt;
                              return Failed{"no"};
                            }}});
  EXPECT_EQ(patient.run_due(kNow + 120s), 1u);
  EXPECT_EQ(attempt, 3);
  ASSERT_THAT(letters(), SizeIs(1));

  add("b");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(lost_process(kNow + i * 60s), 7);
  Runner strict = runner({{"receipt", {.attempts = 2, .lease = 60s}, [](const Job&, Instant) {
                             ADD_FAILURE() << "it ran a third time";
                             return Done{};
                           }}});
  EXPECT_EQ(strict.run_due(kNow + 120s), 0u);
  EXPECT_THAT(letters(),
              Contains(AllOf(Field(&Dead::key, "b"), Field(&Dead::why, HasSubstr("crash")))));
}

TEST_P(Runs, OnThreadsWokenByTheBell) {
  std::counting_semaphore<100> ran(0);
  Runner one = runner({{"receipt", {}, [&](const Job&, Instant) {
                          ran.release();
                          return Done{};
                        }}});
  one.start(2);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) add("k" + std::to_string(5 * round + i));
    doorbell_.ring(kTopic);
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(ran.try_acquire_for(kPatience));
  }
  EXPECT_TRUE(one.stop(kPatience));
  EXPECT_EQ(counted("done"), 15u);
  EXPECT_EQ(count().due + count().leased, 0);
}

TEST_P(Runs, OnThreadsWhenItsTimeComes) {
  std::promise<Instant> ran;
  Runner one(database_, doorbell_, metrics_, system_now,
             {{"receipt", {}, [&](const Job&, Instant now) {
                 ran.set_value(now);
                 return Done{};
               }}});
  const Instant now = system_now();
  const Instant due = now + 100ms;
  add("a", "receipt", due, "demo", now);
  one.start(1);
  auto when = ran.get_future();
  ASSERT_EQ(when.wait_for(kPatience), std::future_status::ready);
  EXPECT_GE(when.get(), due);
}

// Two runners, each with threads, on one queue; each job is in one place at a time.
TEST_P(Runs, TwoRunnersNeverHoldOneJobTogether) {
  constexpr int kJobs = 24;
  std::array<std::atomic<int>, kJobs> inside{};
  std::array<std::atomic<int>, kJobs> runs{};
  std::counting_semaphore<1000> ran(0);
  const Handler handler = [&](const Job& job, Instant) {
    const auto i = static_cast<std::size_t>(std::stoi(job.key));
    EXPECT_EQ(++inside[i], 1);
    ++runs[i];
    EXPECT_EQ(--inside[i], 0);
    ran.release();
    return Done{};
  };
  db::Database elsewhere(config());
  runtime::Doorbell other_bell;
  Metrics other_metrics;
  Runner here = runner({{"receipt", {}, handler}});
  Runner there(elsewhere, other_bell, other_metrics, [] { return kNow; },
               {{"receipt", {}, handler}});
  for (int i = 0; i < kJobs; ++i) add(std::to_string(i));
  here.start(2);
  there.start(2);
  for (int i = 0; i < kJobs; ++i) ASSERT_TRUE(ran.try_acquire_for(kPatience));
  EXPECT_TRUE(here.stop(kPatience));
  EXPECT_TRUE(there.stop(kPatience));
  for (const auto& each : runs) EXPECT_EQ(each, 1);
}

TEST_P(Runs, StopsWithinItsLimit) {
  std::binary_semaphore inside(0), leave(0);
  std::atomic<int> began = 0;
  {
    Runner one = runner({{"receipt", {}, [&](const Job&, Instant) {
                            ++began;
                            inside.release();
                            EXPECT_TRUE(leave.try_acquire_for(kPatience));
                            return Done{};
                          }}});
    one.start(1);
    add("a");
    add("b");
    doorbell_.ring(kTopic);
    ASSERT_TRUE(inside.try_acquire_for(kPatience));
    EXPECT_FALSE(one.stop(1ms)) << "a handler is still in there";
    leave.release();
    EXPECT_TRUE(one.stop(kPatience));
    EXPECT_TRUE(one.stop(kPatience)) << "again is the same";
  }
  EXPECT_EQ(began, 1) << "nothing was taken after it was told to stop";
  EXPECT_EQ(counted("done"), 1u);
  EXPECT_EQ(count().due, 1);
  EXPECT_EQ(count().leased, 0) << "what ended was settled";
}

TEST_P(Runs, StopsWithoutHavingStarted) {
  Runner idle = runner({});
  EXPECT_TRUE(idle.stop({}));
  Runner never = runner({{"receipt", {}, [](const Job&, Instant) { return Done{}; }}});
  never.start(1);  // and is destroyed at once
}

TEST_P(Runs, GoesOnAfterTheDatabaseWasOutOfReach) {
  std::counting_semaphore<10> ran(0);
  Runner one = runner({{"receipt", {}, [&](const Job&, Instant) {
                          ran.release();
                          return Done{};
                        }}});
  one.start(1);
  add("a");
  doorbell_.ring(kTopic);
  ASSERT_TRUE(ran.try_acquire_for(kPatience));
  if (!on_sqlite()) cut_connections();  // a file is always in reach
  add("b");
  doorbell_.ring(kTopic);
  EXPECT_TRUE(ran.try_acquire_for(kPatience));
}

}  // namespace
}  // namespace parvis::jobs
