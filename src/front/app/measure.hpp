// What benchmarks share: times, memory, and a figure beside its peer or limit.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/answers.hpp"
#include "app/arguments.hpp"
#include "app/models.hpp"
#include "base/json.hpp"

namespace parvis::app {

class Times {
 public:
  using Clock = std::chrono::steady_clock;
  void add(Clock::duration time);
  void add(const Times& others);
  std::size_t size() const { return ms_.size(); }
  double at(double share);  // milliseconds; 0.5 is the median. Not empty

 private:
  std::vector<double> ms_;
};

// {"ours","peer","ratio"}, and {"ours","limit","ratio"}.
json::object beside(double ours, double peer);
json::object within(double ours, double limit);

// Proportional set size of a process ("self", or its id): its own share of what it maps. In bytes;
// 0 when it cannot be read.
double memory_of(const std::string& process);

// The file that the command names, else the demonstration's; cleaned. Throws Error(invalid).
std::vector<std::string> questions_of(const Arguments& arguments);

// The embedder alone, the peer of an answer. Throws Error(unavailable) when it stopped.
void embed(Models& models, std::string_view question);

// One JSON line each. Exit code 0, throws Error.
int bench_answer(const Arguments& arguments);
int bench_streams(const Arguments& arguments);
int bench_deposit(const Arguments& arguments);
int bench_cases(const Arguments& arguments);
int bench_bookings(const Arguments& arguments);
int bench_slots(const Arguments& arguments);

}  // namespace parvis::app
