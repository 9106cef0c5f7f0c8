#include "mail/ids.hpp"

#include <algorithm>

#include "mail/message.hpp"

namespace parvis::mail {

bool id_like(std::string_view id) {
  const std::size_t sign = id.find('@');
  return id.size() <= kIdMax && sign != std::string_view::npos && sign > 0 &&
         sign + 1 < id.size() && std::ranges::all_of(id, [](char c) {
           return c > ' ' && c < 0x7f && !std::string_view("<>()[]\\\",;:").contains(c);
         });
}

std::string_view enhanced_status(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t at = 0;
  for (int number = 0; number < 3; ++number) {
    if (number > 0 && (at >= text.size() || text[at++] != '.')) return {};
    const std::size_t begin = at;
    while (at < text.size() && digit(text[at])) ++at;
    if (at == begin || at > begin + 3) return {};
  }
  const bool ends = at == text.size() || text[at] == ' ' || text[at] == '\r' || text[at] == '\n';
  return ends ? text.substr(0, at) : std::string_view{};
}

}  // namespace parvis::mail
