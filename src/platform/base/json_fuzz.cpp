// Any bytes as JSON, and as the dates and times that JSON carries.
#include "base/json.hpp"
#include "base/time.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // A number may come back rounded (Boost.JSON is not exact beyond 15 digits), but it comes back.
  if (const auto value = parse_json(text)) CHECK(parse_json(json::serialize(*value)));
  if (const auto instant = parse_rfc3339(text)) {
    const auto second = std::chrono::floor<std::chrono::seconds>(*instant);
    CHECK(parse_rfc3339(format_rfc3339(*instant)) == second);
  }
  if (const auto date = parse_iso_date(text)) CHECK(format_iso_date(*date) == text);
  return 0;
}
