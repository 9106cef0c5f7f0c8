// The YAML readers of services and towns.
#include <cstdint>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "directory/service_yaml.hpp"
#include "directory/town.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto services = directory::read_services(text)) {
    const CivilDate day = std::chrono::year(2026) / 11 / 24;
    for (const directory::Service& service : *services) {
      CHECK(faults(service.hours).empty());
      CHECK(directory::service_from_json(directory::to_json(service)) == service);
      calendar::open_words(open_at(service.hours, std::chrono::local_days(day)),
                           std::chrono::local_days(day));
      week_words(service.hours, day);
    }
  } else {
    CHECK(!services.error().empty());
  }
  const auto town = directory::read_town(text);
  CHECK(!town || !town->communes.empty());
  return 0;
}
