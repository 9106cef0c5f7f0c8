#include <cstdint>
#include <string_view>

#include "knowledge/vdd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)parvis::knowledge::parse_fiche_json(bytes, "particuliers");
  (void)parvis::knowledge::parse_fiche_xml(bytes, "particuliers");
  return 0;
}
