// What a piece of work is done for: the first parameter of what acts, passed by hand.
#pragma once

#include <chrono>
#include <string>

#include "base/sensitive.hpp"
#include "base/time.hpp"

namespace parvis::tenancy {

// Who acts, by plain ids.
struct Actor {
  enum class Kind { visitor, agent, system };
  Kind kind = Kind::visitor;
  std::string reason = {};   // of the system: why it works with no person behind it
  std::string account = {};  // of an agent: the id of their account (town/identity)
  Personal<std::string> name = Personal(std::string());  // of an agent, as others read it

  static Actor visitor() { return {}; }
  static Actor agent(std::string account, Personal<std::string> name) {
    return {.kind = Kind::agent, .account = std::move(account), .name = std::move(name)};
  }
  static Actor system(std::string reason) {
    return {.kind = Kind::system, .reason = std::move(reason)};
  }
};

struct Context {
  std::string tenant;
  std::string commune;  // INSEE code; empty: the tenant as a whole
  Actor actor;
  Zone zone;  // of the tenant: legal deadlines and opening hours are in it
  std::chrono::steady_clock::time_point deadline;  // work that goes on after it is of no use
  std::string request;                             // id that the log and problem+json share
  Instant now;                                     // the only clock of a decision
};

}  // namespace parvis::tenancy
