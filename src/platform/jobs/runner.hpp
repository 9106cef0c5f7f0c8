// Runs what is due, by kind.
//
//   jobs::Runner runner(db, doorbell, metrics, system_now, {
//       {"receipt", {}, [&](const Job& job, Instant now) { return send_receipt(job, now); }}});
//   runner.start(2);
//
// A handler gets a job under lease and no open transaction; it looks at what is true, acts, and
// says what became of it. It may run twice for one job (a crash, a lost lease): its effects carry
// the job's id, or are written in a transaction that asks holds() first. What it waits for ends
// before its lease does.
//
// One process after a crash: each lease it held runs out, then the job is taken again; a job that
// ends the process each time becomes a dead letter like any other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/metrics.hpp"
#include "db/database.hpp"
#include "jobs/job.hpp"
#include "runtime/doorbell.hpp"

namespace parvis::jobs {

struct Done {};
// Nothing failed: there is nothing to do yet. Looked at again at that date.
struct Later {
  Instant at;
};
// Tried again after a backoff, or at a time that the other side named; after Policy::attempts in a
// row, a dead letter.
struct Failed {
  std::string why;  // no personal data
  std::optional<Instant> at = std::nullopt;
};
// Trying again is of no use.
struct GiveUp {
  std::string why;  // no personal data
};
using Outcome = std::variant<Done, Later, Failed, GiveUp>;

// An exception is Failed: an Error with its detail, anything else without a word (the log has it).
using Handler = std::function<Outcome(const Job&, Instant now)>;  // called on several threads

struct Kind {
  std::string name;
  Policy policy;
  Handler handler;
};

class Runner {
 public:
  using Clock = std::function<Instant()>;  // thread-safe

  static constexpr std::chrono::seconds kPoll{2};  // the doorbell does not ring for other nodes
  static constexpr std::chrono::seconds kPauseMax{30};  // while the database is out of reach
  static constexpr std::chrono::minutes kUnknown{
      10};  // until a kind without handler is asked again
  static constexpr std::chrono::seconds kAgainMin{1};  // no handler asks for less

  // CHECKs: kinds are told apart by their names, and each has a handler.
  Runner(db::Database& database, runtime::Doorbell& doorbell, Metrics& metrics, Clock clock,
         std::vector<Kind> kinds);
  ~Runner();  // stops, and waits for the handlers that run, however long
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Runs on the caller's thread what is due at `now` until nothing is, or `limit` have run; how
  // many. Not beside itself nor a started runner. For tests and the command line.
  std::size_t run_due(Instant now, std::size_t limit = 10'000);

  // From now on, on `threads` threads and one that looks: woken by kTopic, by the next due time,
  // and every kPoll. Once.
  void start(std::size_t threads);

  // Takes nothing more and waits for the handlers that run, `limit` at most; false when some still
  // do. What they hold settles if they end before the process does, else its lease runs out.
  bool stop(std::chrono::milliseconds limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parvis::jobs
