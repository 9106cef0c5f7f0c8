// What a TZID means: local times to instants and back. Inside the room.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "ics/parts.hpp"

namespace parvis::ics {

class Clock {
 public:
  struct Change {
    Instant at;
    std::chrono::seconds before;  // offsets from UTC
    std::chrono::seconds after;
  };
  explicit Clock(const Zone& zone) : how_(zone) {}
  explicit Clock(std::vector<Change> changes) : how_(std::move(changes)) {}  // sorted; none: UTC

  LocalTime local(Instant at) const;
  // An hour that is left out has the offset before it; one that comes twice is the first.
  Instant instant(LocalTime at) const;

 private:
  std::variant<Zone, std::vector<Change>> how_;
};

// The value of a DATE or DATE-TIME.
struct Stamp {
  LocalTime at;
  bool date = false;
  bool utc = false;
};
std::expected<Stamp, Fault> parse_stamp(const std::string& value, std::size_t line);

// The clocks of one file.
class Clocks {
 public:
  // VTIMEZONEs are read when they are asked for, as far as `until`; `work` is spent on it.
  Clocks(const std::vector<Part>& parts, const Zone& floating, Instant until, std::size_t& work);
  const Clock& floating() const { return floating_; }
  const Clock& utc() const { return utc_; }
  std::expected<const Clock*, Fault> named(const std::string& tzid, std::size_t line);

 private:
  std::expected<Clock, Fault> given(const Part& part);
  const std::vector<Part>& parts_;
  Clock floating_, utc_;
  Instant until_;
  std::size_t& work_;
  std::map<std::string, Clock> known_;
};

Fault too_much(std::size_t line);  // a rule gives more dates than are looked at

}  // namespace parvis::ics
