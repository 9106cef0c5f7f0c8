#include "text/addresses.hpp"

#include <string_view>

namespace parvis::text {
namespace {

using namespace std::string_view_literals;

bool in_local(char c) { return is_word(c) || "._%+'-"sv.contains(c); }
bool in_label(char c) { return is_word(c) || c == '-'; }

// How many cells say "at" here; 0: none.
std::size_t says_at(const Cells& cells, std::size_t i) {
  for (const std::string_view word :
       {"@"sv, "@ "sv, " @"sv, " @ "sv, " arobase "sv, " arobas "sv, "(arobase)"sv, " (arobase) "sv,
        "(at)"sv, " (at) "sv, "[at]"sv, " [at] "sv})
    if (cells.reads(i, word) && is_word(cells.at(i + word.size()))) return word.size();
  return 0;
}

std::size_t says_dot(const Cells& cells, std::size_t i) {
  for (const std::string_view word :
       {"."sv, " point "sv, " dot "sv, "(point)"sv, "(dot)"sv, "[dot]"sv})
    if (cells.reads(i, word)) return word.size();
  return 0;
}

bool top_level(const Cells& cells, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    if (!is_letter(cells.at(i))) return false;
  return end - begin >= 2;
}

// One past the last label that may be a top level and is not the only one; 0: none.
std::size_t domain_end(const Cells& cells, std::size_t begin) {
  std::size_t end = 0, label = begin;
  for (std::size_t i = begin; i <= begin + kDomain;) {
    if (in_label(cells.at(i))) {
      ++i;
      continue;
    }
    if (label != begin && top_level(cells, label, i)) end = i;
    const std::size_t dot = says_dot(cells, i);
    if (i == label || dot == 0) break;
    label = i += dot;
  }
  return end;
}

}  // namespace

MailAddress mail_address_at(const Cells& cells, std::size_t sign) {
  if (!in_local(cells.before(sign))) return {};
  const std::size_t width = says_at(cells, sign);
  if (width == 0) return {};
  std::size_t begin = sign;
  while (begin > 0 && sign - begin < kLocalPart && in_local(cells.at(begin - 1))) --begin;
  while (begin < sign && !is_word(cells.at(begin))) ++begin;
  const std::size_t end = domain_end(cells, sign + width);
  return begin < sign && end != 0 ? MailAddress{begin, end} : MailAddress{};
}

}  // namespace parvis::text
