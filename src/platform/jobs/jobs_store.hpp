// The queue in the database. Whoever wants work done enqueues it in the transaction that makes it
// necessary: the job is there if and only if that transaction commits. Afterwards it rings kTopic.
//
//   db.write([&](Tx& tx) { …; jobs::enqueue(tx, {.tenant = …, .kind = "receipt", .key = id}, now);
//   }); doorbell.ring(jobs::kTopic);
//
// take() lends a job until a time. Whoever holds it settles it by done(), later() or bury(); each
// says false, and changes nothing, when the lease ran out and someone else took the job since, or
// when it was cancelled. A lease that ran out and that nobody took still settles.
//
// The clock may be wrong. A wait (a lease, a backoff, "at once") remembers the clock it was counted
// from, and clock_went_back() counts it anew; a due time is a date and stays. When the clock jumps
// ahead, leases run out early: a job may then run twice, and the fence lets one of them settle.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "jobs/job.hpp"

namespace parvis::jobs {

inline constexpr std::string_view kTopic = "jobs";  // of the doorbell

enum class Enqueued : std::uint8_t { added, changed, kept };

// A job that runs right now has perhaps read already what just changed: it runs once more after
// that, whatever `existing` says. Errc::invalid for a kind or key that is not well formed,
// Errc::too_large past kPayloadMax.
Enqueued enqueue(db::Tx& tx, const NewJob& job, Instant now, Existing existing = Existing::keep);

// The job, and its dead letter if there is one. False when neither was there. A handler that runs
// goes on to its end.
bool cancel(db::Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key);

// Whether a job lives under the key. A dead letter does not.
bool lives(db::Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key);

// What can be taken now, at most `limit` and kTakeMax, with a fence and attempt of the past. One
// tenant after the other, beginning behind `after`, each in order of priority, then due time: many
// jobs of one tenant do not hold up the others. Reads only.
std::vector<Job> ready(db::Tx& tx, Instant now, std::size_t limit, std::string_view after = {});

// nullopt when someone else has it, or it is gone.
std::optional<Job> take(db::Tx& tx, const Job& job, Instant now, Instant until);

// Whether the lease still stands: asked by a handler in the transaction of its effects, these
// happen once though the job runs twice.
bool holds(db::Tx& tx, const Job& job);

bool done(db::Tx& tx, const Job& job, Instant now);  // a dead letter under its key goes too
// To be taken again from `at` on. `why` is empty when nothing failed: attempts count anew, and what
// was asked for while it ran comes before a date. `at` is a date, or a wait that is counted from
// `now`.
enum class At : std::uint8_t { date, wait };
bool later(db::Tx& tx, const Job& job, Instant now, Instant at, At kind, std::string_view why);
bool bury(db::Tx& tx, const Job& job, Instant now, std::string_view why);  // a dead letter

// Dead letters, the newest first, at most `limit` and kPageMax.
std::vector<Dead> dead(db::Tx& tx, std::string_view tenant, std::size_t limit = kPageMax);
// Makes a job of a dead letter, due at once, with all its attempts; false when there is none. A job
// that lives under its key already is all it takes.
bool revive(db::Tx& tx, std::string_view tenant, std::string_view kind, std::string_view key,
            Instant now);
// Forgets those that died before; how many.
std::int64_t forget_dead(db::Tx& tx, std::string_view tenant, Instant before);

// Of one tenant, or of all when `tenant` is empty; of one kind, or of all. Reads every job: for
// doctor and metrics.
Counts counts(db::Tx& tx, Instant now, std::string_view tenant = {}, std::string_view kind = {});
// The same of one tenant in a few steps of an index, however long the queue is: for /readyz, which
// is asked often.
struct Glance {
  bool any = false;   // something waits, is due or runs
  bool dead = false;  // something was given up
  std::optional<Instant> oldest_due;
};
Glance glance(db::Tx& tx, Instant now, std::string_view tenant, std::string_view kind = {});
std::optional<Instant> next_ready(db::Tx& tx);  // when there is something to take, of any tenant

// Counts anew the waits that began after `now`, by more than clocks of several nodes may differ;
// how many. For whoever sees its clock go back, and at the start.
inline constexpr std::chrono::seconds kClocksApart{1};
std::int64_t clock_went_back(db::Tx& tx, Instant now);

}  // namespace parvis::jobs
