#include "text/cells.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "base/error.hpp"

namespace parvis::text {
namespace {

struct Look {
  char c;
  bool upper;
};

Look ascii(unsigned char c) {
  if (c >= 'A' && c <= 'Z') return {static_cast<char>(c - 'A' + 'a'), true};
  if (c < 0x20 || c == 0x7F) return {c == '\t' || c == '\n' || c == '\r' ? ' ' : kOther, false};
  return {static_cast<char>(c), false};
}

// The first character of the compatibility decomposition: "É" → "E", "ｆ" → "f", "①" → "1".
UChar32 base_of(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  static const icu::Normalizer2* const nfkd = icu::Normalizer2::getNFKDInstance(status);
  CHECK(nfkd != nullptr);
  icu::UnicodeString out;
  return nfkd->getDecomposition(c, out) != 0 ? out.char32At(0) : c;
}

Look look(UChar32 c) {
  if (u_isUWhiteSpace(c) != 0) return {' ', false};
  if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
    return {static_cast<char>('0' + u_charDigitValue(c)), false};
  if (u_charType(c) == U_DASH_PUNCTUATION || c == 0x2212) return {'-', false};
  if (c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x3002) return {'.', false};
  const UChar32 base = base_of(c);
  if (base < 0x80 && (u_isalpha(base) != 0 || u_ispunct(base) != 0 || base == '+'))
    return ascii(static_cast<unsigned char>(base));
  return {u_isalpha(c) != 0 ? kOtherLetter : kOther, false};
}

bool is_invisible(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_FORMAT_CHAR || type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

}  // namespace

Cells::Cells(std::string_view text) {
  cells_.reserve(text.size());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    if (c >= 0x80 && is_invisible(c)) continue;
    const Look seen = c < 0      ? Look{kOther, false}
                      : c < 0x80 ? ascii(static_cast<unsigned char>(c))
                                 : look(c);
    cells_.push_back(
        {seen.c, seen.upper, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(i)});
  }
  taken_.assign(cells_.size(), false);
}

bool Cells::reads(std::size_t i, std::string_view what) const {
  for (std::size_t k = 0; k < what.size(); ++k)
    if (at(i + k) != what[k]) return false;
  return true;
}

void Cells::take(std::size_t begin, std::size_t end) {
  CHECK(begin < end && end <= taken_.size());
  for (std::size_t i = begin; i < end; ++i) taken_[i] = true;
}

}  // namespace parvis::text
