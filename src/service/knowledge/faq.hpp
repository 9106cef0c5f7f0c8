// One line of a FAQ file: {"id","question","answer","url"?,"updated"?,"territory"?}.
#pragma once

#include <expected>
#include <string_view>

#include "base/error.hpp"
#include "knowledge/document.hpp"

namespace parvis::knowledge {

inline constexpr std::size_t kFaqLineBytes = 256 * 1024;
inline constexpr std::size_t kFaqLines = 100'000;
inline constexpr std::size_t kIdBytes = 200;
inline constexpr std::size_t kTitleBytes = 2000;

// id: text or a whole number; question and answer: not empty; url: http or https; updated:
// YYYY-MM-DD, alone or with a time after it; territory: a name, or INSEE codes separated by spaces
// or commas. Members it does not know are ignored. Never throws.
std::expected<Document, Problem> parse_faq_line(std::string_view line);

// Plain text as blocks: one paragraph a line, "- " "• " "* " items, "1. " numbered items, http(s)
// addresses as links.
Blocks blocks_of_text(std::string_view text);

bool is_web_address(std::string_view url);  // http or https, no space or control character

}  // namespace parvis::knowledge
