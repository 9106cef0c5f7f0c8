#include "mail/address.hpp"

#include <algorithm>

namespace parvis::mail {
namespace {

constexpr std::size_t kLabelMax = 63;  // RFC 1035, 2.3.4

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool atom(char c) {  // RFC 5322, 3.2.3
  return letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}

bool dotted(std::string_view local) {
  return !local.empty() && local.front() != '.' && local.back() != '.' && !local.contains("..") &&
         std::ranges::all_of(local, [](char c) { return c == '.' || atom(c); });
}

bool label(std::string_view text) {
  return !text.empty() && text.size() <= kLabelMax && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return c == '-' || letter_or_digit(c); });
}

bool domain_like(std::string_view domain) {
  std::size_t labels = 0;
  std::string_view last;
  for (std::string_view rest = domain;;) {
    const std::size_t dot = rest.find('.');
    last = rest.substr(0, dot);
    if (!label(last)) return false;
    ++labels;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  // The last label of a name is never a number: 192.0.2.1 is no domain.
  return labels >= 2 && last.size() >= 2 &&
         !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::expected<Address, Problem> Address::parse(std::string_view text) {
  const auto no = [](const char* what) { return std::unexpected(Problem{what}); };
  constexpr std::string_view kSpace = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  if (text.empty()) return no("an e-mail address is missing");
  if (text.size() > kAddressMax) return no("an e-mail address has 254 characters at most");
  const std::size_t sign = text.find('@');
  if (sign == std::string_view::npos || text.find('@', sign + 1) != std::string_view::npos)
    return no("an e-mail address has one sign @");
  const std::string_view local = text.substr(0, sign);
  if (local.size() > kLocalMax || !dotted(local))
    return no(
        "what stands before the @ of an e-mail address is 1 to 64 letters without accents, "
        "digits, hyphens and single dots");
  if (!domain_like(text.substr(sign + 1)))
    return no("what stands behind the @ of an e-mail address is a domain such as exemple.fr");
  std::string value(text);
  std::transform(value.begin() + static_cast<std::ptrdiff_t>(sign), value.end(),
                 value.begin() + static_cast<std::ptrdiff_t>(sign), [](char c) {
                   return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
                 });
  return Address(std::move(value));
}

std::string Address::domain() const { return value_.read().substr(value_.read().find('@') + 1); }

}  // namespace parvis::mail
