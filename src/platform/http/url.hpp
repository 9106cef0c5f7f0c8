// Decoding of what a client writes in a path, a query or a form. Strict: a broken escape, a NUL or
// bytes that are not UTF-8 are refused, never repaired.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace parvis::http {

// Percent-decoding; `form` also reads '+' as a space.
enum class Escapes { path, form };
std::expected<std::string, Problem> percent_decode(std::string_view text, Escapes escapes);

// "a=1&b=2&c": pairs in order, "c" with an empty value, empty pairs skipped; ≤ kQueryValues.
std::expected<Pairs, Problem> parse_pairs(std::string_view text);

std::string percent_encode(std::string_view text);  // all but unreserved characters (RFC 3986 §2.3)

}  // namespace parvis::http
