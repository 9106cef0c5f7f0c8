// Any bytes as the answer of the child: what is taken means the same once encoded again.
#include "base/error.hpp"
#include "inspect/limits.hpp"
#include "inspect/words.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::inspect;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto report = parse_report(bytes);
  if (!report) return 0;
  CHECK(encode(*report) == bytes);
  CHECK(report->rewritten <= kRewrittenMax);
  CHECK((report->refusal == Refusal::none) == why_refused(*report, "acte.pdf").empty());
  (void)misnamed(*report, bytes);
  return 0;
}
