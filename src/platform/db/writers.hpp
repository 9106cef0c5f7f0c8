// Whose turn it is on SQLite's only writer, and whose commit.
//
// A commit waits for the disk; whoever waits for its turn meanwhile joins the transaction that is
// open instead of opening the next: each has a savepoint of its own, runs on its own thread, and
// returns once the commit that all of them share is on the disk. So n writers at once cost one wait
// for the disk, not n, and a writer that is alone pays nothing. When the engine loses such a
// transaction (the disk is full), each of it is run again by itself, so that nobody fails for
// another's sake. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "db/connection.hpp"

namespace parvis::db {

inline constexpr int kGroupMax = 32;  // transactions of a commit

class Writers {
 public:
  enum class Company { shared, alone };
  enum class Keep { commit, roll_back };

  Writers(Connection& connection, std::chrono::milliseconds patience)
      : connection_(connection), patience_(patience) {}

  // Runs `body` with the connection inside a transaction; it may run twice. What it throws rolls it
  // back. Errc::overloaded when its turn does not come. A migration and a rehearsal are alone.
  void run(Access access, Company company, Keep keep, const std::function<void()>& body);
  int waiting();  // for a turn in company, at this moment

 private:
  // Those who share a commit. Shared: it lives until the last of them has read its end.
  struct Group {
    int size = 0;
    bool ended = false;
    std::exception_ptr error;
  };
  bool in_company(Access access, const std::function<void()>& body);  // false: run again alone
  void by_itself(Access access, Keep keep, const std::function<void()>& body);
  void take_turn(Company company);
  void end_turn();
  void end(Group& group, std::exception_ptr error);

  Connection& connection_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false;             // it is someone's turn
  int waiting_ = 0;               // for a turn in company
  std::shared_ptr<Group> group_;  // whose transaction is open
};

}  // namespace parvis::db
