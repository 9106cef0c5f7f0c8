#include "db/turns.hpp"

namespace parvis::db {

Turns::Turn::Turn(Turns& turns, Company company)
    : turns_(turns), alone_(company == Company::alone) {
  std::unique_lock lock(turns.mutex_);
  if (alone_) {
    place_ = turns.alone_.insert(turns.alone_.end(), 0);
    turns.changed_.wait_for(lock, turns.patience_,
                            [&] { return place_ == turns.alone_.begin() && turns.together_ == 0; });
  } else {
    turns.changed_.wait_for(lock, turns.patience_, [&] { return turns.alone_.empty(); });
    ++turns.together_;
  }
}

Turns::Turn::~Turn() {
  {
    const std::scoped_lock lock(turns_.mutex_);
    if (alone_)
      turns_.alone_.erase(place_);
    else
      --turns_.together_;
  }
  turns_.changed_.notify_all();
}

}  // namespace parvis::db
