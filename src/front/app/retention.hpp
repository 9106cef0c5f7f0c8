// Erases conversations that nobody has written in for so many days, drafts and ended cases of
// démarches that are too old, and what agents' sign-ins leave.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "appointment/appointments.hpp"
#include "base/metrics.hpp"
#include "casework/cases.hpp"
#include "casework/pieces.hpp"
#include "conversation/conversations.hpp"

namespace parvis::app {

// One thread: once at the start, then every kEvery. What fails stops nothing of the rest: it is
// logged, counted ("parvis_retention_failures_total"), and tried the next time.
class Retention {
 public:
  // An empty tenant has no conversations. `now` tells how old they are, and nothing else. When it
  // returns the first look is under way or over.
  // cases: those that are erased, drafts and ended ones; nullptr: none. pieces: whose uploads that
  // never ended are. appointments: whose old bookings are.
  Retention(db::Database& database, conversation::Conversations& conversations,
            casework::Cases* cases, casework::Pieces* pieces,
            appointment::Appointments* appointments, Metrics& metrics, std::string tenant,
            std::chrono::days kept, std::function<Instant()> now);
  ~Retention();  // stops between two batches
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

  static constexpr std::chrono::hours kEvery{1};
  static constexpr int kBatches = 1000;  // of one look, conversation::kExpireBatch each

 private:
  void run();
  void look();
  // Batch after batch, until one erases nothing.
  void step(const std::string& name, const std::function<std::size_t()>& batch);
  bool stopping();

  db::Database& database_;
  conversation::Conversations& conversations_;
  casework::Cases* const cases_;
  casework::Pieces* const pieces_;
  appointment::Appointments* const appointments_;
  Metrics& metrics_;
  const std::string tenant_;
  const std::chrono::days kept_;
  const std::function<Instant()> now_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

// One look: how many were erased. goes_on is asked between two batches.
std::size_t expire_all(
    conversation::Conversations& conversations, const std::string& tenant, std::chrono::days kept,
    Instant now, const std::function<bool()>& goes_on = [] { return true; });

}  // namespace parvis::app
