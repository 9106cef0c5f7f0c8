// Making outside text safe and comparable. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace parvis::text {

// Valid UTF-8, NFKC, without control characters, bidirectional overrides, zero-width characters and
// byte-order marks; every run of white space is one space; trimmed. Malformed bytes become U+FFFD,
// then a space. What a citizen types goes through this before anything else, and what the embedder
// reads (its tokenizer expects just this normal form).
std::string clean(std::string_view text);

// For comparing and indexing: lower case, without accents, ligatures opened (œ → oe), typographic
// apostrophes and dashes as ASCII. Length may change.
std::string fold(std::string_view text);

bool valid_utf8(std::string_view text);

// The longest prefix of at most `bytes` bytes that ends on a character boundary.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace parvis::text
