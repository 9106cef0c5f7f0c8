// Any bytes as a calendar: read or refused, in bounded time; what is read touches the window.
#include <cstdint>

#include "base/error.hpp"
#include "ics/read.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const Instant from = *parse_rfc3339("2026-01-01T00:00:00Z");
  const Instant until = *parse_rfc3339("2026-03-31T00:00:00Z");
  std::size_t work = 200'000;  // less than kWorkMax: many inputs rather than long ones
  const auto read =
      ics::read({reinterpret_cast<const char*>(data), size}, from, until, Zone::paris(), work);
  if (!read) {
    CHECK(!read.error().what.empty() && !read.error().remedy.empty());
    CHECK(text::valid_utf8(read.error().what));
    return 0;
  }
  std::vector<ics::Interval> all;
  for (const ics::Entry& entry : read->entries) {
    CHECK(entry.uid.size() <= ics::kForeignUidMax && text::valid_utf8(entry.uid));
    CHECK(entry.summary.read().size() <= ics::kSummaryMax);
    CHECK(text::valid_utf8(entry.summary.read()));
    for (const ics::Interval& interval : entry.intervals) {
      CHECK(interval.start < interval.end && interval.end > from && interval.start < until);
      all.push_back(interval);
    }
  }
  CHECK(all.size() <= ics::kIntervalsMax);
  const auto merged = ics::merged(all);
  for (std::size_t i = 1; i < merged.size(); ++i) CHECK(merged[i - 1].end < merged[i].start);
  return 0;
}
