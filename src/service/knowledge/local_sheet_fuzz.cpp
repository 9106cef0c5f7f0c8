#include <cstdint>

#include "knowledge/local_sheet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"a.md", "a.html"}) {
    const auto document = parvis::knowledge::parse_local_sheet(name, bytes);
    if (document && parvis::knowledge::from_json(to_json(*document)) != *document) __builtin_trap();
  }
  return 0;
}
