#include "directory/forms.hpp"

#include <algorithm>

namespace parvis::directory {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }

bool all_of(std::string_view text, std::size_t longest, bool (*allowed)(char)) {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, allowed);
}

// Printable ASCII that cannot leave an attribute or a header line.
bool plain(char c) {
  return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '<' && c != '>' && c != '\\';
}

}  // namespace

bool is_slug(std::string_view text) {
  return all_of(text, 63, [](char c) { return lower(c) || digit(c) || c == '-'; }) &&
         text.front() != '-' && text.back() != '-';
}

bool is_insee(std::string_view text) {
  if (text.size() != 5) return false;
  const bool corsica = text[0] == '2' && (text[1] == 'A' || text[1] == 'B');
  return std::ranges::all_of(text.substr(corsica ? 2 : 0), digit);
}

bool is_pivot(std::string_view text) {
  return all_of(text, 80,
                [](char c) { return lower(c) || upper(c) || digit(c) || c == '-' || c == '_'; });
}

bool is_postcode(std::string_view text) { return text.size() == 5 && all_of(text, 5, digit); }

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return all_of(text, 254, plain) && at != 0 && at != std::string_view::npos &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find('.', at + 2) != std::string_view::npos && text.back() != '.';
}

bool is_web_address(std::string_view text) {
  if (!all_of(text, 2000, plain)) return false;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  return scheme > 0 && text.size() > scheme && text[scheme] != '/';
}

bool is_phone_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto digits = std::ranges::count_if(text, digit);
  return all_of(text, 30, [](char c) { return digit(c) || c == ' '; }) && digits >= 2 &&
         digits <= 15;
}

}  // namespace parvis::directory
