// E-mail addresses in a text. Inside the room: personal.hpp says what is found.
#pragma once

#include <cstddef>

#include "text/cells.hpp"

namespace parvis::text {

// Cells; `end` is 0 when the sign "@", or what stands for it, is not at `sign` or makes no address.
struct MailAddress {
  std::size_t begin = 0;
  std::size_t end = 0;
};

MailAddress mail_address_at(const Cells& cells, std::size_t sign);
inline constexpr std::size_t kLocalPart = 64;  // RFC 5321, 4.5.3.1; a longer one loses its head
inline constexpr std::size_t kDomain = 255;

}  // namespace parvis::text
