#include <cstdint>

#include "knowledge/faq.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto document = parvis::knowledge::parse_faq_line(bytes);
  if (document && parvis::knowledge::from_json(to_json(*document)) != *document) __builtin_trap();
  return 0;
}
