#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace parvis {

std::string_view name(Errc code) {
  switch (code) {
    case Errc::invalid:
      return "invalid";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::too_large:
      return "too_large";
    case Errc::overloaded:
      return "overloaded";
    case Errc::unavailable:
      return "unavailable";
    case Errc::failed:
      return "failed";
  }
  return "failed";
}

void check_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: CHECK failed: %s\n", where.file_name(), where.line(), condition);
  std::abort();
}

}  // namespace parvis
