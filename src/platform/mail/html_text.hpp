// The text of an HTML body, for a mail that has no plain one. Inside the room.
#pragma once

#include <string>
#include <string_view>

namespace parvis::mail {

inline constexpr std::size_t kHtmlRead = 1 << 20;  // bytes
inline constexpr std::size_t kHtmlDepth = 2000;    // elements in elements

// Blocks are lines, quoted ones (blockquote) begin with "> "; nothing of scripts, styles and what
// is hidden. Empty past a limit.
std::string html_text(std::string_view html);

}  // namespace parvis::mail
