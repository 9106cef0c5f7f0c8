#include "jobs/jobs_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "support/items.hpp"

namespace parvis::jobs {
namespace {

using support::error_of;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;
using namespace std::chrono_literals;

const Instant kNow = *parse_rfc3339("2026-11-28T09:00:00Z");
constexpr auto kLease = 5min;

class Jobs : public support::EachEngine {
 protected:
  static NewJob job(std::string key, Priority priority = Priority::p2,
                    std::optional<Instant> due = std::nullopt, std::string tenant = "demo") {
    return {.tenant = std::move(tenant),
            .kind = "receipt",
            .key = std::move(key),
            .payload = {},
            .due = due,
            .priority = priority};
  }
  Enqueued add(const NewJob& one, Instant now = kNow, Existing existing = Existing::keep) {
    return database_.write([&](db::Tx& tx) { return enqueue(tx, one, now, existing); });
  }
  std::vector<Job> look(Instant now = kNow, std::size_t limit = kTakeMax,
                        std::string_view after = {}) {
    return database_.read([&](db::Tx& tx) { return ready(tx, now, limit, after); });
  }
  std::vector<std::string> keys(Instant now = kNow, std::size_t limit = kTakeMax,
                                std::string_view after = {}) {
    std::vector<std::string> out;
    for (const Job& each : look(now, limit, after)) out.push_back(each.key);
    return out;
  }
  // The first that is ready; nullopt when none is.
  std::optional<Job> next(Instant now = kNow) {
    const std::vector<Job> found = look(now, 1);
    if (found.empty()) return std::nullopt;
    return database_.write([&](db::Tx& tx) { return take(tx, found[0], now, now + kLease); });
  }
  template <typename Fn>
  auto write(Fn fn) {
    return database_.write(fn);
  }
  bool finish(const Job& held, Instant now = kNow) {
    return write([&](db::Tx& tx) { return done(tx, held, now); });
  }
  Counts count(Instant now = kNow, std::string_view tenant = {}) {
    return database_.read([&](db::Tx& tx) { return counts(tx, now, tenant); });
  }
  std::vector<Dead> letters(std::string_view tenant = "demo") {
    return database_.read([&](db::Tx& tx) { return dead(tx, tenant); });
  }
  db::Database database_{config()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Jobs, support::kEngines, support::engine_name);

TEST_P(Jobs, IsThereOnceItsTransactionCommits) {
  NewJob one = job("case/1", Priority::p1);
  one.payload = {{"case", 1}, {"name", "é"}};
  EXPECT_EQ(add(one), Enqueued::added);
  const std::optional<Job> held = next();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->tenant, "demo");
  EXPECT_EQ(held->kind, "receipt");
  EXPECT_EQ(held->key, "case/1");
  EXPECT_EQ(held->payload, one.payload);
  EXPECT_EQ(held->priority, Priority::p1);
  EXPECT_EQ(held->attempt, 1);
  EXPECT_EQ(held->fence, 1);
  EXPECT_TRUE(finish(*held));
  EXPECT_EQ(count().due + count().leased + count().waiting + count().dead, 0);
}

TEST_P(Jobs, ATransactionThatRollsBackLeavesNone) {
  EXPECT_THROW(write([](db::Tx& tx) {
                 enqueue(tx, job("a"), kNow);
                 throw Error(Errc::invalid, "no");
               }),
               Error);
  EXPECT_THAT(keys(kNow + 24h), IsEmpty());
}

TEST_P(Jobs, GoesByPriorityThenDueTime) {
  add(job("late", Priority::p2, kNow - 1s));
  add(job("early", Priority::p2, kNow - 2s));
  add(job("reminder", Priority::p3, kNow - 9h));
  add(job("urgent", Priority::p0));
  add(job("report", Priority::p4, kNow - 24h));
  add(job("notice", Priority::p1));
  add(job("tomorrow", Priority::p0, kNow + 24h));
  EXPECT_THAT(keys(), ElementsAre("urgent", "notice", "early", "late", "reminder", "report"));
  EXPECT_THAT(keys(kNow, 3), ElementsAre("urgent", "notice", "early"));
  EXPECT_THAT(keys(kNow, 0), IsEmpty());
}

TEST_P(Jobs, WaitsForItsTime) {
  add(job("a", Priority::p2, kNow + 1h));
  EXPECT_FALSE(next(kNow + 1h - 1ms));
  EXPECT_EQ(database_.read([](db::Tx& tx) { return next_ready(tx); }), kNow + 1h);
  EXPECT_TRUE(next(kNow + 1h));
  EXPECT_EQ(database_.read([](db::Tx& tx) { return next_ready(tx); }), kNow + 1h + kLease);
}

TEST_P(Jobs, TheSameKeyIsTheSameJob) {
  EXPECT_EQ(add(job("a", Priority::p2, kNow + 1h)), Enqueued::added);
  EXPECT_EQ(add(job("a", Priority::p0, kNow)), Enqueued::kept);
  EXPECT_THAT(keys(kNow + 59min), IsEmpty());
  ASSERT_THAT(look(kNow + 1h), ElementsAre(Field(&Job::priority, Priority::p2)));
  NewJob other = job("a");
  other.kind = "reminder";
  EXPECT_EQ(add(other), Enqueued::added);
  EXPECT_EQ(add(job("a", Priority::p2, {}, "elsewhere")), Enqueued::added);
  EXPECT_EQ(count(kNow + 1h).due, 3);
}

TEST_P(Jobs, MayComeSoonerOrMove) {
  add(job("a", Priority::p2, kNow + 2h));
  EXPECT_EQ(add(job("a", Priority::p2, kNow + 3h), kNow, Existing::sooner), Enqueued::kept);
  EXPECT_THAT(keys(kNow + 2h), ElementsAre("a"));
  EXPECT_EQ(add(job("a", Priority::p2, kNow + 1h), kNow, Existing::sooner), Enqueued::changed);
  EXPECT_THAT(keys(kNow + 1h), ElementsAre("a"));
  NewJob moved = job("a", Priority::p1, kNow + 5h);
  moved.payload = {{"n", 2}};
  EXPECT_EQ(add(moved, kNow, Existing::move), Enqueued::changed);
  EXPECT_THAT(keys(kNow + 5h - 1ms), IsEmpty());
  const std::optional<Job> held = next(kNow + 5h);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->priority, Priority::p1);
  EXPECT_EQ(held->payload, moved.payload);
  EXPECT_EQ(add(job("b"), kNow, Existing::move), Enqueued::added);
}

// Whoever holds it may have looked already: what changed meanwhile needs another look.
TEST_P(Jobs, AskedForWhileItRunsItRunsOnceMore) {
  for (const Existing existing : {Existing::keep, Existing::sooner, Existing::move}) {
    add(job("a"));
    const Job first = *next();
    EXPECT_EQ(add(job("a"), kNow + 1s, existing), Enqueued::changed);
    EXPECT_EQ(add(job("a", Priority::p2, kNow + 1s), kNow + 1s, existing), Enqueued::changed);
    EXPECT_FALSE(next(kNow + 2s)) << "not beside itself";
    EXPECT_TRUE(finish(first, kNow + 3s));
    const std::optional<Job> second = next(kNow + 3s);
    ASSERT_TRUE(second);
    EXPECT_NE(second->id, first.id);
    EXPECT_EQ(second->attempt, 1);
    EXPECT_TRUE(finish(*second, kNow + 4s));
    EXPECT_FALSE(next(kNow + 24h)) << "twice asked, one more look";
  }
}

TEST_P(Jobs, AskedForWhileItRunsItComesBeforeADateThatWasFoundWithoutIt) {
  add(job("a"));
  const Job first = *next();
  add(job("a"), kNow + 1s, Existing::sooner);
  EXPECT_TRUE(
      write([&](db::Tx& tx) { return later(tx, first, kNow + 2s, kNow + 720h, At::date, ""); }));
  const std::optional<Job> second = next(kNow + 2s);
  ASSERT_TRUE(second);
  add(job("a"), kNow + 3s, Existing::sooner);
  // After a failure its wait is waited for.
  EXPECT_TRUE(write(
      [&](db::Tx& tx) { return later(tx, *second, kNow + 4s, kNow + 60s, At::wait, "bad"); }));
  EXPECT_FALSE(next(kNow + 59s));
  EXPECT_TRUE(next(kNow + 60s));
}

TEST_P(Jobs, CountsOneKind) {
  add(job("a"));
  NewJob other = job("b");
  other.kind = "watch";
  add(other);
  const auto of = [&](std::string_view kind) {
    return database_.read([&](db::Tx& tx) { return counts(tx, kNow, "demo", kind); }).due;
  };
  EXPECT_EQ(of(""), 2);
  EXPECT_EQ(of("watch"), 1);
  EXPECT_EQ(of("absent"), 0);
}

TEST_P(Jobs, AskedForALaterTimeWhileItRuns) {
  add(job("a"));
  const Job first = *next();
  add(job("a", Priority::p2, kNow + 2h));
  add(job("a", Priority::p2, kNow + 1h), kNow, Existing::sooner);
  add(job("a", Priority::p2, kNow + 3h));
  EXPECT_TRUE(finish(first));
  EXPECT_FALSE(next(kNow + 1h - 1ms));
  EXPECT_TRUE(next(kNow + 1h));
}

TEST_P(Jobs, AFailureLooksAgainAnyway) {
  add(job("a"));
  const Job held = *next();
  add(job("a"), kNow + 1s);
  EXPECT_TRUE(
      write([&](db::Tx& tx) { return later(tx, held, kNow + 2s, kNow + 60s, At::wait, "down"); }));
  EXPECT_FALSE(next(kNow + 59s)) << "the backoff stands";
  const Job again = *next(kNow + 60s);
  EXPECT_EQ(again.attempt, 2);
  EXPECT_TRUE(finish(again, kNow + 61s));
  EXPECT_FALSE(next(kNow + 24h));
}

TEST_P(Jobs, ACrashFreesItWhenTheLeaseEnds) {
  add(job("a"));
  const Job first = *next();
  EXPECT_FALSE(next(kNow + kLease - 1ms));
  const std::optional<Job> second = next(kNow + kLease);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->id, first.id);
  EXPECT_EQ(second->fence, 2);
  EXPECT_EQ(second->attempt, 2);
  // The first was only slow: it can no longer settle anything.
  write([&](db::Tx& tx) {
    EXPECT_FALSE(holds(tx, first));
    EXPECT_FALSE(done(tx, first, kNow + kLease));
    EXPECT_FALSE(later(tx, first, kNow + kLease, kNow, At::wait, "late"));
    EXPECT_FALSE(bury(tx, first, kNow + kLease, "late"));
    EXPECT_TRUE(holds(tx, *second));
  });
  EXPECT_TRUE(finish(*second, kNow + kLease));
  EXPECT_FALSE(finish(*second, kNow + kLease)) << "once";
}

TEST_P(Jobs, ALeaseThatNobodyTookStillSettles) {
  add(job("a"));
  EXPECT_TRUE(finish(*next(), kNow + 24h));
  EXPECT_FALSE(next(kNow + 48h));
}

TEST_P(Jobs, AStaleFenceDoesNotReachTheNextLifeOfAKey) {
  add(job("a"));
  const Job old = *next();
  const Job taken = *next(kNow + kLease);
  EXPECT_TRUE(finish(taken, kNow + kLease));
  add(job("a"), kNow + kLease);
  const Job fresh = *next(kNow + kLease);
  EXPECT_EQ(fresh.fence, old.fence) << "fences count from 1 in each life";
  EXPECT_FALSE(finish(old, kNow + kLease));
  EXPECT_TRUE(finish(fresh, kNow + kLease));
}

TEST_P(Jobs, IsTakenByOne) {
  add(job("a"));
  const std::vector<Job> found = look();
  ASSERT_THAT(found, SizeIs(1));
  const auto grab = [&] {
    return write([&](db::Tx& tx) { return take(tx, found[0], kNow, kNow + kLease); });
  };
  EXPECT_TRUE(grab());
  EXPECT_FALSE(grab());
}

TEST_P(Jobs, ManyJobsOfOneTenantDoNotHoldUpTheOthers) {
  write([](db::Tx& tx) {
    for (int i = 0; i < 10'000; ++i)
      enqueue(tx, job("a" + std::to_string(i), Priority::p0, {}, "large"), kNow);
    for (const char* key : {"x", "y"}) enqueue(tx, job(key, Priority::p4, {}, "small"), kNow + 1s);
    enqueue(tx, job("z", Priority::p2, {}, "tiny"), kNow + 1s);
  });
  std::vector<std::string> order;
  for (const Job& each : look(kNow + 1s, 6)) order.push_back(each.tenant);
  EXPECT_THAT(order, ElementsAre("large", "small", "tiny", "large", "small", "large"));
  // One at a time, whose turn it is goes round.
  order.clear();
  std::string after;
  for (int i = 0; i < 5; ++i) {
    const std::vector<Job> one = look(kNow + 1s, 1, after);
    ASSERT_THAT(one, SizeIs(1));
    after = one[0].tenant;
    order.push_back(after);
    write([&](db::Tx& tx) { take(tx, one[0], kNow + 1s, kNow + kLease); });
  }
  EXPECT_THAT(order, ElementsAre("large", "small", "tiny", "large", "small"));
}

TEST_P(Jobs, TimersThatAreNotDueAreNoTurn) {
  add(job("a", Priority::p0, kNow + 24h, "first"));
  add(job("b", Priority::p2, {}, "second"));
  EXPECT_THAT(keys(kNow, 1), ElementsAre("b"));
}

TEST_P(Jobs, LooksAtNoMoreThanItsLimit) {
  write([](db::Tx& tx) {
    for (std::size_t i = 0; i <= kTakeMax; ++i) enqueue(tx, job("a" + std::to_string(i)), kNow);
  });
  EXPECT_THAT(look(kNow, 1'000'000), SizeIs(kTakeMax));
}

TEST_P(Jobs, FailuresCountUntilItGoesWell) {
  add(job("a"));
  const auto put_back = [&](const Job& held, std::string_view why) {
    return write([&](db::Tx& tx) { return later(tx, held, kNow, kNow, At::date, why); });
  };
  Job held = *next();
  EXPECT_TRUE(put_back(held, "down"));
  EXPECT_FALSE(put_back(held, "down")) << "it holds nothing any more";
  held = *next();
  EXPECT_EQ(held.attempt, 2);
  EXPECT_TRUE(put_back(held, ""));  // not a failure: nothing to do yet
  EXPECT_EQ(next()->attempt, 1);
}

TEST_P(Jobs, DeadLettersAreKeptAndRevived) {
  NewJob one = job("a", Priority::p1);
  one.payload = {{"case", 7}};
  add(one);
  const Job held = *next();
  const std::string why = std::string(kWhyMax - 1, 'x') + "é and more";
  EXPECT_TRUE(write([&](db::Tx& tx) { return bury(tx, held, kNow + 1s, why); }));
  EXPECT_FALSE(next(kNow + 24h));
  ASSERT_THAT(letters(), SizeIs(1));
  const Dead letter = letters()[0];
  EXPECT_EQ(letter.key, "a");
  EXPECT_EQ(letter.payload, one.payload);
  EXPECT_EQ(letter.attempts, 1);
  EXPECT_EQ(letter.why, std::string(kWhyMax - 1, 'x')) << "whole characters";
  EXPECT_EQ(letter.died_at, kNow + 1s);
  EXPECT_THAT(letters("elsewhere"), IsEmpty());
  EXPECT_EQ(count().dead, 1);

  const auto again = [&] {
    return write([](db::Tx& tx) { return revive(tx, "demo", "receipt", "a", kNow + 2s); });
  };
  EXPECT_TRUE(again());
  EXPECT_FALSE(again());
  EXPECT_THAT(letters(), IsEmpty());
  const Job back = *next(kNow + 2s);
  EXPECT_EQ(back.attempt, 1);
  EXPECT_EQ(back.payload, one.payload);
  EXPECT_EQ(back.priority, Priority::p1);
  EXPECT_FALSE(finish(held, kNow + 2s)) << "that was its life before";
}

TEST_P(Jobs, AskedForWhileItRunsItOutlivesItsDeath) {
  add(job("a"));
  const Job held = *next();
  add(job("a"), kNow + 1s);
  EXPECT_TRUE(write([&](db::Tx& tx) { return bury(tx, held, kNow + 1s, "bad"); }));
  EXPECT_THAT(letters(), SizeIs(1));
  const Job again = *next(kNow + 2s);
  EXPECT_EQ(again.attempt, 1);
  EXPECT_TRUE(finish(again, kNow + 2s));
  EXPECT_THAT(letters(), IsEmpty()) << "what it was about is done";
}

TEST_P(Jobs, OneDeadLetterAKeyAndOldOnesGo) {
  for (int i = 0; i < 2; ++i) {
    add(job("a"), kNow);
    const Job held = *next();
    write([&](db::Tx& tx) { bury(tx, held, kNow + i * 1h, "no " + std::to_string(i)); });
  }
  add(job("b"));
  const Job held = *next();
  write([&](db::Tx& tx) { bury(tx, held, kNow + 30min, "no"); });
  EXPECT_THAT(letters(), ElementsAre(Field(&Dead::why, "no 1"), Field(&Dead::key, "b")));
  EXPECT_EQ(write([](db::Tx& tx) { return forget_dead(tx, "demo", kNow + 1h); }), 1);
  EXPECT_THAT(letters(), ElementsAre(Field(&Dead::key, "a")));
}

TEST_P(Jobs, RevivingLeavesAJobThatLives) {
  add(job("a"));
  const Job held = *next();
  write([&](db::Tx& tx) { bury(tx, held, kNow, "no"); });
  add(job("a", Priority::p0), kNow);
  EXPECT_TRUE(write([](db::Tx& tx) { return revive(tx, "demo", "receipt", "a", kNow); }));
  ASSERT_THAT(look(), ElementsAre(Field(&Job::priority, Priority::p0)));
}

TEST_P(Jobs, IsCancelledByItsKey) {
  const auto stop = [&](std::string_view key) {
    return write([&](db::Tx& tx) { return cancel(tx, "demo", "receipt", key); });
  };
  add(job("a"));
  EXPECT_TRUE(stop("a"));
  EXPECT_FALSE(stop("a"));
  EXPECT_FALSE(next());
  add(job("b"));
  const Job held = *next();
  EXPECT_TRUE(stop("b"));
  EXPECT_FALSE(finish(held)) << "whoever runs it learns it when it settles";
  add(job("c"));
  const Job failing = *next();
  write([&](db::Tx& tx) { bury(tx, failing, kNow, "no"); });
  EXPECT_TRUE(stop("c"));
  EXPECT_THAT(letters(), IsEmpty());
}

TEST_P(Jobs, Counts) {
  EXPECT_EQ(count().oldest_due, std::nullopt);
  add(job("running"));
  ASSERT_TRUE(next());
  add(job("old", Priority::p2, kNow - 2h));
  add(job("now"));
  add(job("tomorrow", Priority::p2, kNow + 24h));
  add(job("other", Priority::p2, kNow - 9h, "elsewhere"));
  const Counts mine = count(kNow, "demo");
  EXPECT_EQ(mine.leased, 1);
  EXPECT_EQ(mine.due, 2);
  EXPECT_EQ(mine.waiting, 1);
  EXPECT_EQ(mine.oldest_due, kNow - 2h);
  EXPECT_EQ(count().due, 3);
  EXPECT_EQ(count().oldest_due, kNow - 9h);
  EXPECT_EQ(count(kNow + kLease, "demo").leased, 0) << "a lease that ran out is due";
}

TEST_P(Jobs, AClockThatGoesBackHoldsNothingUp) {
  add(job("at-once"));
  add(job("running"));
  add(job("failed"));
  add(job("date", Priority::p2, kNow + 30min));
  for (const Job& each : look()) {
    if (each.key == "at-once") continue;
    const Job held = *write([&](db::Tx& tx) { return take(tx, each, kNow, kNow + kLease); });
    if (each.key == "failed")
      write([&](db::Tx& tx) { return later(tx, held, kNow, kNow + 60s, At::wait, "down"); });
  }
  const Instant back = kNow - 1h;
  EXPECT_THAT(keys(back), IsEmpty());
  EXPECT_EQ(write([&](db::Tx& tx) { return clock_went_back(tx, back); }), 3);
  EXPECT_THAT(keys(back), ElementsAre("at-once"));
  EXPECT_THAT(keys(back + 60s), ElementsAre("at-once", "failed"));
  EXPECT_THAT(keys(back + kLease), ElementsAre("at-once", "failed", "running"));
  EXPECT_THAT(keys(kNow + 30min - 1ms), SizeIs(3)) << "a date is a date";
  EXPECT_THAT(keys(kNow + 30min), SizeIs(4));
  EXPECT_EQ(write([&](db::Tx& tx) { return clock_went_back(tx, back); }), 0);
}

TEST_P(Jobs, ClocksOfTwoNodesMayDiffer) {
  add(job("a"), kNow + kClocksApart);
  EXPECT_EQ(write([](db::Tx& tx) { return clock_went_back(tx, kNow); }), 0);
  add(job("b"), kNow + kClocksApart + 1ms);
  EXPECT_EQ(write([](db::Tx& tx) { return clock_went_back(tx, kNow); }), 1);
}

TEST_P(Jobs, AClockThatJumpsADayAheadRunsItTwiceAndSettlesItOnce) {
  add(job("a"));
  const Job first = *next();
  const Job second = *next(kNow + 24h);
  EXPECT_FALSE(finish(first, kNow + 24h));
  EXPECT_TRUE(finish(second, kNow + 24h));
  EXPECT_FALSE(next(kNow + 48h));
}

TEST_P(Jobs, RefusesWhatIsNotWellFormed) {
  const auto refused = [&](const NewJob& one) { return error_of([&] { add(one); }).code(); };
  for (const std::string& key : {std::string(), std::string("a b"), std::string("é"),
                                 std::string("a\n"), std::string(kKeyMax + 1, 'a')})
    EXPECT_EQ(refused(job(key)), Errc::invalid) << key;
  for (const std::string& kind :
       {std::string(), std::string("a/b"), std::string(kKindMax + 1, 'a')}) {
    NewJob one = job("a");
    one.kind = kind;
    EXPECT_EQ(refused(one), Errc::invalid) << kind;
  }
  NewJob large = job("a");
  large.payload = {{"text", std::string(kPayloadMax, 'x')}};
  EXPECT_EQ(refused(large), Errc::too_large);
  EXPECT_THAT(keys(), IsEmpty());
  EXPECT_EQ(add(job(std::string(kKeyMax, 'a'))), Enqueued::added);
}

TEST_P(Jobs, RowLevelSecurityStandsBehind) {
  add(job("a"));
  const Job held = *next();
  write([&](db::Tx& tx) { bury(tx, held, kNow, "no"); });
  add(job("a"));
  if (on_sqlite()) {  // it has no such wall: the statements alone keep tenants apart
    EXPECT_THAT(letters("elsewhere"), IsEmpty());
    return;
  }
  database_.read("elsewhere", [](db::Tx& tx) {
    EXPECT_THAT(ready(tx, kNow, 9), IsEmpty());
    EXPECT_THAT(dead(tx, "demo"), IsEmpty());
  });
  EXPECT_THROW(database_.write("elsewhere", [](db::Tx& tx) { enqueue(tx, job("b"), kNow); }),
               Error);
  EXPECT_EQ(database_.write("demo", [](db::Tx& tx) { return enqueue(tx, job("b"), kNow); }),
            Enqueued::added);
}

// Workers that take and settle beside others that enqueue the same keys again and again: no job
// runs in two places at a time, and after the last time it was asked for each runs once more.
TEST_P(Jobs, ManyWorkersNeverRunOneJobAtTheSameTime) {
  constexpr int kKeys = 8;
  constexpr int kRounds = 6;
  std::array<std::atomic<int>, kKeys> inside{};
  std::array<std::atomic<int>, kKeys> asked{};  // as a handler sees it: what is true
  std::array<std::atomic<int>, kKeys> seen{};
  std::atomic<int> enqueuing = 2;
  const auto work = [&] {
    for (bool last = false; !last;) {
      last = enqueuing == 0;
      for (const Job& found : look(kNow, 3)) {
        const std::optional<Job> held =
            write([&](db::Tx& tx) { return take(tx, found, kNow, kNow + kLease); });
        last = false;
        if (!held) continue;
        const auto key = static_cast<std::size_t>(std::stoi(held->key));
        EXPECT_EQ(++inside[key], 1) << held->key;
        seen[key] = asked[key].load();
        EXPECT_EQ(--inside[key], 0);
        EXPECT_TRUE(finish(*held));
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round)
          for (int key = 0; key < kKeys; ++key) {
            ++asked[static_cast<std::size_t>(key)];
            add(job(std::to_string(key)));
          }
        --enqueuing;
      });
    for (int i = 0; i < 3; ++i) threads.emplace_back(work);
  }
  for (std::size_t key = 0; key < kKeys; ++key) EXPECT_EQ(seen[key], 2 * kRounds) << key;
  EXPECT_EQ(count().due + count().leased + count().waiting, 0);
}

TEST_P(Jobs, AGlanceSaysWhatCountsSayOfItsTenantAndKind) {
  const auto seen = [&](std::string_view kind = {}, std::string_view tenant = "demo") {
    return database_.read([&](db::Tx& tx) { return glance(tx, kNow, tenant, kind); });
  };
  EXPECT_FALSE(seen().any);
  add(job("later", Priority::p0, kNow + 1h));
  add(job("here", Priority::p3, std::nullopt, "other"));
  EXPECT_TRUE(seen().any);
  EXPECT_TRUE(seen("receipt").any);
  EXPECT_FALSE(seen("reminder").any);
  EXPECT_EQ(seen().oldest_due, std::nullopt);
  EXPECT_EQ(seen("receipt").oldest_due, std::nullopt);
  add(job("due", Priority::p4, kNow - 2h), kNow - 2h);
  add(job("since", Priority::p1, kNow - 1h), kNow - 1h);
  EXPECT_EQ(seen().oldest_due, kNow - 2h);
  EXPECT_EQ(seen("receipt").oldest_due, kNow - 2h);
  EXPECT_EQ(seen("reminder").oldest_due, std::nullopt);
  EXPECT_FALSE(seen("receipt").dead);
  const auto held = next();
  ASSERT_TRUE(held);
  write([&](db::Tx& tx) { return bury(tx, *held, kNow, "given up"); });
  EXPECT_TRUE(seen("receipt", held->tenant).dead);
  EXPECT_TRUE(seen("", held->tenant).dead);
  EXPECT_FALSE(seen("reminder", held->tenant).dead);
}

TEST_P(Jobs, AGlanceReadsNoMoreOfALongQueue) {
  write([&](db::Tx& tx) {
    for (int i = 0; i < 2000; ++i) {
      NewJob one = job(std::to_string(i), static_cast<Priority>(i % 5), kNow + i * 1s);
      enqueue(tx, one, kNow);
    }
    tx.each("analyze jobs_job", {}, [](db::Row) {});  // as PostgreSQL does by itself, later
    return true;
  });
  database_.read([&](db::Tx& tx) {
    if (database_.engine() == db::Engine::sqlite) {
      std::vector<std::string> plan;
      const auto line = [&](db::Row row) { plan.emplace_back(row.text(3)); };
      tx.each(
          "explain query plan select min(ready_at) from jobs_job where tenant = $1 and kind = $2",
          {"demo", "receipt"}, line);
      tx.each(
          "explain query plan select min(ready_at) from jobs_job where tenant = $1 and "
          "priority = 0",
          {"demo"}, line);
      EXPECT_THAT(plan, ElementsAre(::testing::HasSubstr("COVERING INDEX jobs_job_by_kind"),
                                    ::testing::HasSubstr("COVERING INDEX jobs_job_by_turn")));
    } else {
      EXPECT_EQ(glance(tx, kNow, "demo").oldest_due, kNow);
      EXPECT_EQ(glance(tx, kNow, "demo", "receipt").oldest_due, kNow);
      std::int64_t rows = 0;
      tx.each(
          "select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables "
          "where relname = 'jobs_job'",
          {}, [&](db::Row row) { rows = row.integer(0); });
      EXPECT_LE(rows, 20);
      EXPECT_GT(rows, 0);
    }
    return true;
  });
}

}  // namespace
}  // namespace parvis::jobs
