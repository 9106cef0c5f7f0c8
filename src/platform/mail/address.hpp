// An e-mail address that mail can be sent to. Pure; thread-safe.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/sensitive.hpp"

namespace parvis::mail {

inline constexpr std::size_t kLocalMax = 64;     // bytes, RFC 5321, 4.5.3.1.1
inline constexpr std::size_t kAddressMax = 254;  // bytes, what fits in a path of RFC 5321

// jean.dupont+mairie@exemple.fr: ASCII; before the sign letters, digits and !#$%&'*+-/=?^_`{|}~
// with single dots inside; behind it a domain of two labels or more. Refused though RFC 5321 has
// them: quoted names ("a b"@c.fr), addresses in brackets (a@[192.0.2.1]) and accents, which many
// mail servers do not take. So an address holds no space, quote, bracket or control character, and
// can be written into a command or a header as it is.
class Address {
 public:
  // White space around it is not part of it. The problem says which rule it breaks, never what
  // was written.
  static std::expected<Address, Problem> parse(std::string_view text);

  const Personal<std::string>& value() const { return value_; }  // the domain in lower case
  std::string domain() const;  // no personal data by itself: "exemple.fr"

 private:
  explicit Address(std::string value) : value_(std::move(value)) {}
  Personal<std::string> value_;
};

}  // namespace parvis::mail
