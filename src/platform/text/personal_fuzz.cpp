#include <cstdint>

#include "base/error.hpp"
#include "text/normalise.hpp"
#include "text/personal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto spans = parvis::text::personal_spans(text);
  CHECK(spans.size() <= parvis::text::kPersonalSpans + 1);
  std::string kept, marks;
  std::size_t from = 0;
  for (const auto& span : spans) {
    CHECK(span.begin >= from && span.begin < span.end && span.end <= size);
    if (parvis::text::valid_utf8(text))
      CHECK(parvis::text::valid_utf8(text.substr(span.begin, span.end - span.begin)));
    kept.append(text.substr(from, span.begin - from)).append(parvis::text::mark(span.kind));
    from = span.end;
  }
  CHECK(parvis::text::mask(text) == kept.append(text.substr(from)));
  return 0;
}
