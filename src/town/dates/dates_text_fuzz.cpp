// Dates in what people write: what is found lies in the text, in order, and can be written out.
#include <cstdint>

#include "base/error.hpp"
#include "dates/dates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // A leap day, just before midnight.
  const LocalTime now =
      std::chrono::local_days(std::chrono::year(2028) / 2 / 29) + std::chrono::seconds(86'399);
  for (const auto prefer : {dates::Prefer::future, dates::Prefer::past}) {
    const auto found = dates::parse(text, now, prefer);
    CHECK(found.size() <= dates::kResults);
    std::size_t last = 0;
    for (const dates::Found& each : found) {
      CHECK(each.begin >= last && each.begin < each.stop && each.stop <= text.size());
      last = each.stop;
      CHECK(each.kind != dates::Kind::none);
      CHECK(each.kind != dates::Kind::instant || (each.start && !each.end));
      CHECK(each.kind != dates::Kind::interval || each.start || each.end);
      CHECK(!each.start || !each.end || *each.start < *each.end);
      CHECK((each.kind == dates::Kind::duration) == each.length.has_value());
      CHECK((each.kind == dates::Kind::recurring) == !each.rule.empty());
      if (each.length) CHECK(dates::format_length(*each.length, each.grain).starts_with('P'));
    }
    if (!found.empty())
      CHECK(dates::to_json(found, text).at("all").as_array().size() == found.size());
  }
  const auto date = dates::parse_civil_date(text, now, dates::Prefer::past);
  if (date)
    CHECK(date->ok() && *date <= civil_date(now));
  else
    CHECK(!date.error().empty());
  return 0;
}
