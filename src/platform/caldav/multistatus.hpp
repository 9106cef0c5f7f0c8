// What a calendar server answers to PROPFIND and REPORT (RFC 4918, 4791, 6578). Pure; takes any
// bytes, never throws. Names are compared without their prefix, since servers choose their own.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"

namespace parvis::caldav {

inline constexpr std::size_t kResponsesMax = 20'000;  // of one answer
inline constexpr std::size_t kHrefMax = 2'000;        // bytes
inline constexpr std::size_t kTokenMax = 2'000;       // bytes, of a token of synchronisation
inline constexpr std::size_t kEtagMax = 200;          // bytes

struct Response {
  std::string href;  // as the server wrote it
  int status = 0;    // of the whole; 0: its properties have theirs
  std::string etag = {};
  std::optional<Personal<std::string>> data = std::nullopt;  // calendar-data
  bool calendar = false;                                     // its resourcetype says so
  bool events = true;    // may hold VEVENT; what says nothing may
  bool writable = true;  // by its privileges; what says nothing may be
  std::string ctag = {};
};

struct Multistatus {
  std::vector<Response> responses;
  std::string sync_token;
};

// An error says what is wrong with the answer, never what was in it.
std::expected<Multistatus, std::string> parse_multistatus(std::string_view xml);

bool etag_like(std::string_view text);  // fit for a header, not empty

}  // namespace parvis::caldav
