// multipart/form-data (RFC 7578) as browsers send it, read while it comes: no part is ever whole in
// memory. Debian has no library for it that takes bytes as they come and is not a server of its
// own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parvis::http {

inline constexpr std::size_t kBoundaryMax = 70;        // RFC 2046
inline constexpr std::size_t kPartHeadMax = 4 * 1024;  // bytes of the fields of a part
inline constexpr std::size_t kPartsMax = 200;          // of a body

struct Part {
  std::string name;
  std::optional<std::string> filename;  // as sent, percent escapes of the form undone; a file when
                                        // there is one, an empty one when none was chosen
};

// Of a Content-Type that is multipart/form-data with a boundary.
std::optional<std::string> boundary_of(std::string_view content_type);

class Multipart {
 public:
  struct Events {  // what they throw passes through take()
    std::function<void(const Part&)> begin;
    std::function<void(std::string_view)> data;
    std::function<void()> end;
  };
  Multipart(std::string_view boundary, Events events)
      : delimiter_("\r\n--" + std::string(boundary)), events_(std::move(events)), rest_("\r\n") {}

  // The next bytes, any number of them. False once they are not what a browser sends.
  bool take(std::string_view bytes);
  bool whole() const { return at_ == At::end; }  // the last boundary was there

 private:
  enum class At { preamble, boundary, head, data, end, broken };
  bool step();  // false: more bytes are needed

  const std::string delimiter_;
  const Events events_;
  std::string rest_;  // at most a head, or a boundary and the piece that came last
  At at_ = At::preamble;
  std::size_t parts_ = 0;
};

}  // namespace parvis::http
