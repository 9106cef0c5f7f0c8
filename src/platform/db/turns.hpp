// Who may write at the same time, among the transactions of this process. They all do, until one
// has lost against the others again and again: then it runs alone, in the order of asking, and the
// others wait for it. Each wait has an end, after which whoever waited goes on all the same: a turn
// is a courtesy, and what is right is the engine's to say. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

namespace parvis::db {

class Turns {
 public:
  enum class Company { any, alone };

  explicit Turns(std::chrono::milliseconds patience) : patience_(patience) {}

  // One transaction, from its beginning to its end. Outlived by the turns it is of.
  class Turn {
   public:
    Turn(Turns& turns, Company company);
    ~Turn();
    Turn(const Turn&) = delete;

   private:
    Turns& turns_;
    const bool alone_;
    std::list<int>::iterator place_;  // of one that wants to be alone
  };

 private:
  const std::chrono::milliseconds patience_;  // of one wait
  std::mutex mutex_;
  std::condition_variable changed_;
  int together_ = 0;      // in company, under way
  std::list<int> alone_;  // those that want to be alone, the one whose turn it is first
};

}  // namespace parvis::db
