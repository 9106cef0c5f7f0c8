#include "db/writers.hpp"

#include "base/error.hpp"

namespace parvis::db {

void Writers::run(Access access, Company company, Keep keep, const std::function<void()>& body) {
  if (company == Company::shared && in_company(access, body)) return;
  by_itself(access, keep, body);
}

int Writers::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void Writers::take_turn(Company company) {
  std::unique_lock lock(mutex_);
  const bool shared = company == Company::shared;
  if (shared) ++waiting_;
  // Looked at once more when the time is over: who hands the turn on to someone who waits can rely
  // on its being taken.
  const bool mine = changed_.wait_for(
      lock, patience_, [&] { return !busy_ && (!group_ || (shared && group_->size < kGroupMax)); });
  if (shared) --waiting_;
  if (!mine) throw Error(Errc::overloaded, "too many writes wait for the database: try again");
  busy_ = true;
}

void Writers::end_turn() {
  {
    const std::lock_guard lock(mutex_);
    busy_ = false;
  }
  changed_.notify_all();
}

void Writers::end(Group& group, std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    group.error = std::move(error);
    group.ended = true;
    group_.reset();
    busy_ = false;
  }
  changed_.notify_all();
}

void Writers::by_itself(Access access, Keep keep, const std::function<void()>& body) {
  take_turn(Company::alone);
  struct End {
    Writers& writers;
    ~End() { writers.end_turn(); }
  } end{*this};
  try {
    connection_.begin(access, "");
    body();
    if (keep == Keep::commit) return connection_.commit();
  } catch (...) {
    connection_.rollback();
    throw;
  }
  connection_.rollback();
}

bool Writers::in_company(Access access, const std::function<void()>& body) {
  take_turn(Company::shared);
  // Changed by whoever's turn it is, alone.
  const bool first = !group_;
  std::exception_ptr thrown;
  if (first) {
    try {
      connection_.begin(access, "");
      body();
    } catch (...) {  // nobody has joined
      connection_.rollback();
      end_turn();
      throw;
    }
    const std::lock_guard lock(mutex_);
    group_ = std::make_shared<Group>();
  } else {
    try {
      connection_.script("savepoint one");
      body();
      connection_.script("release one");
    } catch (...) {
      thrown = std::current_exception();
      try {
        connection_.script("rollback to one; release one");
      } catch (...) {  // the engine has rolled back everything
        connection_.rollback();
        const std::shared_ptr<Group> lost = group_;
        {
          const std::lock_guard lock(mutex_);
          ++lost->size;  // it is one of them: who opened the transaction is not alone with it
        }
        end(*lost, thrown);
        return false;
      }
    }
  }
  const std::shared_ptr<Group> group = group_;
  std::unique_lock lock(mutex_);
  ++group->size;
  if (waiting_ > 0 && group->size < kGroupMax) {
    busy_ = false;
    changed_.notify_all();
    changed_.wait(lock, [&] { return group->ended; });
  } else {
    lock.unlock();
    std::exception_ptr failed;
    try {
      connection_.commit();
    } catch (...) {
      failed = std::current_exception();
      connection_.rollback();
    }
    end(*group, failed);
  }
  if (group->error) {
    if (group->size > 1) return false;
    std::rethrow_exception(group->error);
  }
  // Only now: what it saw of the others has come to be.
  if (thrown) std::rethrow_exception(thrown);
  return true;
}

}  // namespace parvis::db
