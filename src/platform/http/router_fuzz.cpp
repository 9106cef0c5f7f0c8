// Any path against a router that has every kind of pattern.
#include "http/router.hpp"
#include "http/url.hpp"
#include "text/normalise.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parvis::http;
  static const Router router = [] {
    Router r;
    const auto handler = [](const Request&) { return Response(); };
    for (const char* pattern : {"/", "/a", "/a/{x}", "/{c}/", "/{c}/s/{id}", "/files/{f...}"})
      r.get(pattern, handler);
    r.post("/a/{x}", handler);
    return r;
  }();
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  for (const Method method : {Method::get, Method::head, Method::post, Method::other}) {
    const auto match = router.match(method, path);
    if (!match) continue;
    CHECK(!match->route || !match->allow.empty());
    for (const auto& [name, value] : match->params) {
      CHECK(!value.empty() && parvis::text::valid_utf8(value));
      CHECK(value != "." && value != "..");
    }
  }
  return 0;
}
