// What a job is. A job names what to look at ("receipt", "case/123"); whoever runs it looks again
// at what is true by then, so running it twice, or late, does no harm. It is run at least once.
//
// No personal data: kind, key, payload and reasons are read by administrators, and stay when what
// they are about is erased. They hold ids and numbers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/time.hpp"

namespace parvis::jobs {

inline constexpr std::size_t kKindMax = 40;       // bytes: letters, digits and -_.
inline constexpr std::size_t kKeyMax = 200;       // bytes: the same and /
inline constexpr std::size_t kPayloadMax = 4096;  // bytes, as JSON
inline constexpr std::size_t kWhyMax = 300;       // bytes kept of a reason
inline constexpr std::size_t kTakeMax = 64;       // taken at once
inline constexpr std::size_t kPageMax = 100;      // dead letters read at once

// Strict inside a tenant: nothing of p1 is taken while something of p0 is due.
enum class Priority : std::uint8_t {
  p0,  // someone waits for it now
  p1,  // a receipt, a notification
  p2,  // the usual
  p3,  // reminders
  p4,  // reports, cleaning
};

// A queue holds one job a key: its size is bounded by the number of things to look at.
struct NewJob {
  std::string tenant;
  std::string kind;
  std::string key;
  json::object payload;
  std::optional<Instant> due;  // at once when nullopt
  Priority priority = Priority::p2;
};

// What happens to a job that is there already under the same tenant, kind and key.
enum class Existing : std::uint8_t {
  keep,    // it stays as it is
  sooner,  // the earlier of both due times
  move,    // the new due time, priority and payload: a reminder that is put off
};

// A job under lease: what its handler gets.
struct Job {
  std::string tenant;
  std::string kind;
  std::string key;
  json::object payload;
  Priority priority = Priority::p2;
  std::string id;          // of this life of the key
  std::int64_t fence = 0;  // grows by one with each lease of `id`
  int attempt = 1;         // counts from 1 since it last went well
};

struct Dead {
  std::string tenant;
  std::string kind;
  std::string key;
  json::object payload;
  Priority priority = Priority::p2;
  int attempts = 0;
  std::string why;
  Instant died_at;
};

struct Counts {
  std::int64_t waiting = 0;  // for their time, or for another attempt
  std::int64_t due = 0;      // could run now; a lease that ran out is due
  std::int64_t leased = 0;
  std::int64_t dead = 0;
  std::optional<Instant> oldest_due;  // since when the one that waits longest could run
};

// How a kind is tried.
struct Policy {
  int attempts = 8;                         // then it is a dead letter
  std::chrono::milliseconds first{30'000};  // wait after the first failure; doubles with each
  std::chrono::milliseconds longest{6 * 3600'000};  // wait at most
  // After this a worker counts as lost and another one takes the job. Longer than everything a
  // handler may wait for together: a handler that lives on may see its job run beside it.
  std::chrono::milliseconds lease{5 * 60'000};
};

// The wait after `attempt` failures in a row: between half and the whole of the doubled wait, the
// same for the same job and attempt. Jobs that fail together come back apart.
std::chrono::milliseconds backoff(const Policy& policy, int attempt, std::string_view id);

}  // namespace parvis::jobs
