// A month of slots for twenty counters with ten thousand bookings, and the limit that is set for
// it.
#include <benchmark/benchmark.h>

#include "appointment/slots.hpp"

namespace parvis::appointment {
namespace {

void month_of_slots(benchmark::State& state) {
  const Instant now = *parse_rfc3339("2026-12-01T08:00:00+01:00");
  calendar::Week week;
  for (std::size_t day = 0; day < 5; ++day)
    week.days[day] = {{Minutes(8 * 60), Minutes(12 * 60), ""},
                      {Minutes(13 * 60), Minutes(18 * 60), ""}};
  const calendar::Hours hours{.weeks = {week}, .exceptions = {}, .comment = {}};
  std::vector<Counter> counters(20);
  std::vector<Desk> desks;
  for (std::size_t n = 0; n < counters.size(); ++n) {
    counters[n].id = "g" + std::to_string(n);
    desks.push_back({.counter = &counters[n], .hours = hours});
  }
  const Reason reason{.id = "r", .label = "R", .notice = Minutes(0)};
  const Wish wish{.reason = &reason, .from = now, .until = now + std::chrono::days(31)};
  std::vector<Taken> taken;  // three quarters of what there is
  for (const Slot& slot : slots(desks, wish, {}, Zone::paris(), now))
    for (std::size_t desk = 0; desk < desks.size() && taken.size() < 10'000; ++desk)
      taken.push_back({.desk = desk, .seat = 0, .from = slot.start, .to = slot.end});
  for (auto _ : state) benchmark::DoNotOptimize(slots(desks, wish, taken, Zone::paris(), now));
  state.counters["bookings"] = static_cast<double>(taken.size());
}
BENCHMARK(month_of_slots)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parvis::appointment
