#include <cstdint>

#include "base/error.hpp"
#include "text/language.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using parvis::text::Language;
  const auto guess = parvis::text::language_of({reinterpret_cast<const char*>(data), size});
  CHECK(guess.confidence >= 0 && guess.confidence <= 1);
  CHECK((guess.language == Language::unknown) == (guess.confidence == 0));
  CHECK(guess.language != Language::unknown || guess.code.empty());
  CHECK(guess.code.size() <= 8);
  CHECK((guess.language == Language::french) == (guess.code == "fr"));
  return 0;
}
