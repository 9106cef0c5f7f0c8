// Any bytes as clamd's answer: only one of them is clean, and names are fit for a log.
#include "base/error.hpp"
#include "inspect/clamd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::inspect;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const Scan scan = parse_answer(answer);
  CHECK((scan.outcome == Scan::Outcome::clean) == (answer == "stream: OK"));
  CHECK((scan.outcome == Scan::Outcome::clean) == scan.detail.empty());
  CHECK(scan.detail.size() <= kVirusMax + 100);
  for (const char c : scan.detail) CHECK(c >= ' ' && c <= '~');
  return 0;
}
