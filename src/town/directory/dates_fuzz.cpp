// Days, times and periods as people write them.
#include <cstdint>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "directory/dates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = directory::parse_time(text))
    CHECK(*time >= Minutes(0) && *time <= Minutes(24 * 60));
  if (const auto ranges = directory::parse_ranges(text))
    for (const calendar::Range& range : *ranges) CHECK(!calendar::time_words(range.from).empty());
  if (const auto days = directory::parse_weekdays(text)) {
    CHECK(!days->empty());
    for (const std::size_t day : *days) CHECK(day < 7);
  }
  if (const auto period = directory::parse_period(text))
    CHECK(directory::parse_period(directory::format_period(*period)) == *period);
  const auto half = static_cast<std::ptrdiff_t>(text.size() / 2);
  directory::period_between(text.substr(0, half), text.substr(half));
  return 0;
}
