// The decoders of paths, queries and forms.
#include "base/error.hpp"
#include "http/url.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::http;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto decoded = percent_decode(text, Escapes::path)) {
    CHECK(parvis::text::valid_utf8(*decoded));
    CHECK(*percent_decode(percent_encode(*decoded), Escapes::path) == *decoded);
  }
  if (const auto pairs = parse_pairs(text))
    for (const auto& [key, value] : *pairs)
      CHECK(parvis::text::valid_utf8(key) && parvis::text::valid_utf8(value));
  return 0;
}
