// Whatever a browser, or somebody else, sends: read in one piece or byte by byte it is the same,
// and nothing is told of a part before it begins or after it ends.
#include <cstdlib>

#include "http/multipart.hpp"

namespace {

struct Heard {
  std::string text;
  bool inside = false, sound = true;
  parvis::http::Multipart::Events events() {
    return {[this](const parvis::http::Part& part) {
              if (inside) std::abort();
              inside = true;
              text += "(" + part.name + "|" + part.filename.value_or("-") + "|";
            },
            [this](std::string_view bytes) {
              if (!inside || bytes.empty()) std::abort();
              text += bytes;
            },
            [this] {
              if (!inside) std::abort();
              inside = false;
              text += ")";
            }};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const auto boundary = parvis::http::boundary_of(text.substr(0, line));
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  Heard whole, slow;
  parvis::http::Multipart one(boundary.value_or("b"), whole.events());
  parvis::http::Multipart other(boundary.value_or("b"), slow.events());
  const bool first = one.take(body);
  bool second = true;
  for (const char c : body) second = other.take({&c, 1});
  if (!body.empty() && (first != second || one.whole() != other.whole())) std::abort();
  if (first && whole.text != slow.text && one.whole()) std::abort();
  return 0;
}
