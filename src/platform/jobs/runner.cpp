// One thread looks, the others run. The looking thread is a loop of its own on which one coroutine
// lives; it may block on the database, since nothing else is on that loop. It takes as many jobs as
// there are free threads, so none lies under lease without running.
#include "jobs/runner.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "jobs/jobs_store.hpp"
#include "runtime/worker_pool.hpp"

namespace parvis::jobs {

namespace asio = boost::asio;
using db::Tx;
using runtime::Doorbell;

namespace {

constexpr std::string_view kLost = "ended without a word each time: a crash, or past its lease";

template <typename... Fs>
struct Cases : Fs... {
  using Fs::operator()...;
};

void say(Level level, std::string_view event, const Job& job, std::string_view why) {
  log(level, event,
      {{"tenant", job.tenant},
       {"kind", job.kind},
       {"key", job.key},
       {"attempt", job.attempt},
       {"why", why}});
}

}  // namespace

struct Runner::Impl {
  struct Known {
    Kind kind;
    Counter& done;
    Counter& later;
    Counter& failed;
    Counter& dead;
    Counter& lost;
  };

  db::Database& database;
  Doorbell& doorbell;
  const Clock clock;
  std::map<std::string, Known, std::less<>> kinds;
  std::string last_tenant;  // whose turn it was: for whoever looks
  std::optional<Instant> last_look;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::size_t running = 0;     // handlers, or about to
  std::function<void()> wake;  // the looking thread, once it listens

  std::unique_ptr<runtime::WorkerPool> pool;
  asio::io_context io{1};
  std::thread looking;

  Impl(db::Database& db, Doorbell& bell, Metrics& metrics, Clock now, std::vector<Kind> all)
      : database(db), doorbell(bell), clock(std::move(now)) {
    for (Kind& kind : all) {
      CHECK(kind.handler && kind.policy.attempts > 0 && kind.policy.lease.count() > 0);
      const auto count = [&](const char* outcome) -> Counter& {
        return metrics.counter("parvis_jobs_total", "Runs of jobs by what became of them",
                               {{"kind", kind.name}, {"outcome", outcome}});
      };
      Known known{kind,          count("done"), count("later"), count("failed"),
                  count("dead"), count("lost")};
      CHECK(kinds.emplace(kind.name, std::move(known)).second);
    }
  }

  const Known* known(const Job& job) const {
    const auto at = kinds.find(job.kind);
    return at == kinds.end() ? nullptr : &at->second;
  }

  // Takes up to `limit` jobs that are to run. Others are settled here: a kind that this program
  // does not know (a newer one does), and what was lost once too often.
  std::vector<Job> take_due(Instant now, std::size_t limit) {
    if (!last_look || now < *last_look) {
      const std::int64_t waits = database.write([&](Tx& tx) { return clock_went_back(tx, now); });
      if (waits > 0) log(Level::warning, "clock_went_back", {{"waits_counted_anew", waits}});
    }
    last_look = now;
    const std::vector<Job> found =
        database.read([&](Tx& tx) { return ready(tx, now, limit, last_tenant); });
    if (found.empty()) return {};
    last_tenant = found.back().tenant;
    std::vector<Job> taken = database.write([&](Tx& tx) {
      std::vector<Job> mine;
      for (const Job& job : found) {
        const Known* kind = known(job);
        if (auto one = take(tx, job, now, now + (kind ? kind->kind.policy.lease : kUnknown)))
          mine.push_back(std::move(*one));
      }
      return mine;
    });
    std::erase_if(taken, [&](const Job& job) {
      const Known* kind = known(job);
      if (kind == nullptr) {
        say(Level::warning, "job_without_handler", job, "asked again later");
        settle(job, [&](Tx& tx) { return later(tx, job, now, now + kUnknown, At::wait, ""); });
        return true;
      }
      if (job.attempt <= kind->kind.policy.attempts) return false;
      say(Level::error, "job_dead", job, kLost);
      kind->dead.add();
      settle(job, [&](Tx& tx) { return bury(tx, job, now, kLost); });
      return true;
    });
    return taken;
  }

  template <typename Fn>
  bool settle(const Job& job, Fn&& fn) {
    try {
      return database.write(fn);
    } catch (const Error& error) {  // its lease runs out, then it runs again
      say(Level::warning, "job_not_settled", job, error.detail());
      return true;
    }
  }

  static Outcome outcome_of(const Handler& handler, const Job& job, Instant now) {
    try {
      return handler(job, now);
    } catch (const Error& error) {
      return Failed{error.detail()};
    } catch (const std::exception& error) {
      say(Level::error, "job_threw", job, error.what());
      return Failed{"an unexpected error: the log has it"};
    }
  }

  void run(const Job& job, Instant now, const Clock& after) {
    const Known& known = kinds.at(job.kind);
    const Policy& policy = known.kind.policy;
    const Outcome outcome = outcome_of(known.kind.handler, job, now);
    const Instant then = after();
    Counter* counter = &known.done;
    const auto give_up = [&](std::string_view why) {
      counter = &known.dead;
      say(Level::error, "job_dead", job, why);
      return settle(job, [&](Tx& tx) { return bury(tx, job, then, why); });
    };
    const bool settled = std::visit(
        Cases{[&](const Done&) { return settle(job, [&](Tx& tx) { return done(tx, job, then); }); },
              [&](const Later& it) {
                counter = &known.later;
                const Instant at = std::max(it.at, then + kAgainMin);
                return settle(job, [&](Tx& tx) { return later(tx, job, then, at, At::date, ""); });
              },
              [&](const Failed& it) {
                const std::string why = it.why.empty() ? "failed" : it.why;
                if (job.attempt >= policy.attempts) return give_up(why);
                say(Level::warning, "job_failed", job, why);
                counter = &known.failed;
                const auto wait = backoff(policy, job.attempt, job.id);
                const Instant at = std::max(it.at.value_or(then + wait), then + kAgainMin);
                const At kind = it.at ? At::date : At::wait;
                return settle(job, [&](Tx& tx) { return later(tx, job, then, at, kind, why); });
              },
              [&](const GiveUp& it) { return give_up(it.why); }},
        outcome);
    (settled ? *counter : known.lost).add();
    if (!settled)
      say(Level::warning, "job_lost", job, "taken by another worker, or cancelled, while it ran");
  }

  // The looking thread. Ends when `stopping`.
  asio::awaitable<void> look(std::size_t threads) {
    Doorbell::Bell bell(doorbell, std::string(kTopic), co_await asio::this_coro::executor);
    {
      const std::scoped_lock lock(mutex);
      wake = [this, waker = bell.waker()] { asio::post(io, waker); };
    }
    std::chrono::milliseconds pause{0};
    for (;;) {
      bell.rung();  // what was rung until here is read below
      std::size_t free = 0;
      {
        const std::scoped_lock lock(mutex);
        if (stopping) co_return;
        free = threads - running;
      }
      auto sleep = std::chrono::milliseconds(kPoll);
      try {
        if (free > 0) sleep = hand_out(free);
        pause = {};
      } catch (const Error& error) {
        pause = std::min<std::chrono::milliseconds>(pause * 2 + kPoll, kPauseMax);
        sleep = pause;
        log(Level::warning, "jobs_not_read", {{"why", error.detail()}});
      }
      co_await bell.sleep_until(std::chrono::steady_clock::now() + sleep);
    }
  }

  // How long there is nothing to do, unless the bell rings or a handler ends.
  std::chrono::milliseconds hand_out(std::size_t free) {
    const Instant now = clock();
    std::vector<Job> jobs = take_due(now, std::min(free, kTakeMax));
    for (Job& job : jobs) {
      {
        const std::scoped_lock lock(mutex);
        ++running;
      }
      CHECK(pool->try_submit([this, job = std::move(job)] {
        run(job, clock(), clock);
        const std::scoped_lock lock(mutex);
        --running;
        changed.notify_all();
        if (wake) wake();
      }));
    }
    if (jobs.size() == free) return kPoll;  // the first to end wakes
    const auto next = database.read([](Tx& tx) { return next_ready(tx); });
    return next ? std::clamp<std::chrono::milliseconds>(*next - now, {}, kPoll) : kPoll;
  }
};

Runner::Runner(db::Database& database, Doorbell& doorbell, Metrics& metrics, Clock clock,
               std::vector<Kind> kinds)
    : impl_(std::make_unique<Impl>(database, doorbell, metrics, std::move(clock),
                                   std::move(kinds))) {}

Runner::~Runner() {
  stop({});
  if (impl_->pool) impl_->pool->stop();
}

std::size_t Runner::run_due(Instant now, std::size_t limit) {
  CHECK(!impl_->pool);
  std::size_t count = 0;
  while (count < limit) {
    // One at a time: what a job makes more urgent goes before what waits.
    const std::vector<Job> jobs = impl_->take_due(now, 1);
    if (jobs.empty() && impl_->database.read([&](Tx& tx) { return ready(tx, now, 1).empty(); }))
      break;
    for (const Job& job : jobs) impl_->run(job, now, [now] { return now; });
    count += jobs.size();
  }
  return count;
}

void Runner::start(std::size_t threads) {
  CHECK(threads > 0 && !impl_->pool);
  impl_->pool = std::make_unique<runtime::WorkerPool>(threads, threads);
  asio::co_spawn(impl_->io, impl_->look(threads), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);  // a bug: it ends the process
  });
  impl_->looking = std::thread([this] { impl_->io.run(); });
}

bool Runner::stop(std::chrono::milliseconds limit) {
  std::unique_lock lock(impl_->mutex);
  impl_->stopping = true;
  if (impl_->wake) impl_->wake();
  lock.unlock();
  if (impl_->looking.joinable()) impl_->looking.join();
  lock.lock();
  impl_->wake = nullptr;
  return impl_->changed.wait_for(lock, limit, [&] { return impl_->running == 0; });
}

}  // namespace parvis::jobs
