// Any bytes as the answer of a calendar server: what is kept is within its limits, and an etag can
// be written into a header.
#include <cstdint>

#include "base/error.hpp"
#include "caldav/multistatus.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis;
  using namespace parvis::caldav;
  const auto read = parse_multistatus({reinterpret_cast<const char*>(data), size});
  if (!read) {
    CHECK(!read.error().empty());
    return 0;
  }
  CHECK(read->responses.size() <= kResponsesMax && read->sync_token.size() <= kTokenMax);
  for (const Response& response : read->responses) {
    CHECK(!response.href.empty() && response.href.size() <= kHrefMax);
    CHECK(response.status >= 0 && response.status <= 999);
    CHECK(response.etag.empty() || etag_like(response.etag));
    CHECK(response.ctag.size() <= kTokenMax);
  }
  return 0;
}
