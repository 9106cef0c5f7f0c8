#include <cstdint>

#include "base/error.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string clean = parvis::text::clean(text);
  CHECK(parvis::text::valid_utf8(clean));
  CHECK(parvis::text::clean(clean) == clean);
  for (const auto& word : parvis::text::words(text)) CHECK(word.begin < word.end);
  parvis::text::terms(text);
  parvis::text::sentences(clean);
  return 0;
}
