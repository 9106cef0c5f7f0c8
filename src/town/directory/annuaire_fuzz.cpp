// The reader of the national directory of administrations.
#include <cstdint>

#include "directory/annuaire.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto annuaire = directory::read_annuaire(text);
  if (!annuaire) return 0;
  CHECK(!annuaire->services.empty());
  for (const directory::Service& service : annuaire->services) {
    CHECK(!service.communes.empty());
    CHECK(text::valid_utf8(service.name));
    CHECK(faults(service.hours).empty());
    CHECK(directory::service_from_json(directory::to_json(service)) == service);
  }
  return 0;
}
