// Upload-Metadata and byte counts, whatever they hold: a value within its limits, or a problem.
#include <cstdlib>

#include "api/tus.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto metadata = parvis::api::parse_metadata(text)) {
    if (metadata->size() > parvis::api::kMetadataKeys) std::abort();
    for (const auto& [key, value] : *metadata)
      if (key.empty() || !parvis::text::valid_utf8(value)) std::abort();
  }
  if (const auto bytes = parvis::api::parse_bytes(text); bytes && *bytes < 0) std::abort();
  return 0;
}
