#include "text/normalise.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"

namespace parvis::text {
namespace {

using namespace std::string_view_literals;

const icu::Normalizer2& normaliser(bool compatibility_composed) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = compatibility_composed
                                         ? icu::Normalizer2::getNFKCInstance(status)
                                         : icu::Normalizer2::getNFKDInstance(status);
  CHECK(U_SUCCESS(status));
  return *instance;
}

icu::UnicodeString normalised(std::string_view text, bool composed) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString in = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  icu::UnicodeString out = normaliser(composed).normalize(in, status);
  CHECK(U_SUCCESS(status));
  return out;
}

// White space, and what stands for nothing that a reader sees.
bool is_blank(UChar32 c) {
  if (u_isUWhiteSpace(c) != 0) return true;
  const auto category = u_charType(c);
  return category == U_CONTROL_CHAR || category == U_FORMAT_CHAR || category == U_SURROGATE ||
         c == 0xFFFD;
}

// Format characters join the letters around them; the others separate words.
bool is_invisible(UChar32 c) { return u_charType(c) == U_FORMAT_CHAR; }

std::string spaced(const icu::UnicodeString& in) {
  icu::UnicodeString out;
  bool gap = false;
  for (std::int32_t i = 0; i < in.length();) {
    const UChar32 c = in.char32At(i);
    i += U16_LENGTH(c);
    if (is_invisible(c)) continue;
    if (is_blank(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.isEmpty()) out.append(u' ');
    gap = false;
    out.append(c);
  }
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

// What fold makes of a letter from U+00C0 to U+00FF; 0 is left to ICU.
constexpr std::string_view kLatin1 =
    "aaaaaa\x01"
    "ceeeeiiii"
    "\0"
    "nooooo"
    "\0\0"
    "uuuuy"
    "\0\x03"
    "aaaaaa\x01"
    "ceeeeiiii"
    "\0"
    "nooooo"
    "\0\0"
    "uuuuy"
    "\0"
    "y"sv;
static_assert(kLatin1.size() == 64);

// The letters and marks that French is written with, in one pass; nothing when there is another.
std::optional<std::string> fold_french(std::string_view text) {
  struct Mark {
    std::string_view bytes, folded;
  };
  static constexpr std::array kMarks = {
      Mark{"\u2019", "'"},      Mark{"\u00A0", " "},      Mark{"\u202F", " "},
      Mark{"\u00AB", "\u00AB"}, Mark{"\u00BB", "\u00BB"}, Mark{"\u0153", "oe"},
      Mark{"\u0152", "oe"},     Mark{"\u20AC", "\u20AC"}, Mark{"\u2018", "'"},
      Mark{"\u2013", "-"},      Mark{"\u203A", "\u203A"}, Mark{"\u00B0", "\u00B0"}};
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text[0];
    if (static_cast<unsigned char>(c) < 0x80) {
      const bool space = c >= '\t' && c <= '\r';
      out.push_back(space ? ' ' : c == '`' ? '\'' : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
      text.remove_prefix(1);
      continue;
    }
    if (c == '\xC3' && text.size() > 1) {
      const char folded = kLatin1[static_cast<unsigned char>(text[1]) & 0x3FU];
      if (folded == '\0') return std::nullopt;
      out.append(folded == '\x01'   ? "ae"sv
                 : folded == '\x03' ? "ss"sv
                                    : std::string_view(&folded, 1));
      text.remove_prefix(2);
      continue;
    }
    const auto mark =
        std::ranges::find_if(kMarks, [&](const Mark& one) { return text.starts_with(one.bytes); });
    if (mark == kMarks.end()) return std::nullopt;
    out.append(mark->folded);
    text.remove_prefix(mark->bytes.size());
  }
  return out;
}

}  // namespace

std::string clean(std::string_view text) { return spaced(normalised(text, true)); }

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  if (is_ascii(text)) {
    for (const char c : text)
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return out;
  }
  if (auto french = fold_french(text)) return std::move(*french);
  icu::UnicodeString in = normalised(text, false);
  in.toLower(icu::Locale::getRoot());
  icu::UnicodeString folded;
  for (std::int32_t i = 0; i < in.length();) {
    const UChar32 c = in.char32At(i);
    i += U16_LENGTH(c);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    switch (c) {
      case 0x0153:
        folded.append(u"oe", 2);
        break;
      case 0x00E6:
        folded.append(u"ae", 2);
        break;
      case 0x00DF:
        folded.append(u"ss", 2);
        break;
      case 0x2018:
      case 0x2019:
      case 0x02BC:
      case 0x0060:
      case 0x00B4:
      case 0x2032:
        folded.append(u'\'');
        break;
      case 0x2010:
      case 0x2011:
      case 0x2012:
      case 0x2013:
      case 0x2014:
      case 0x2212:
        folded.append(u'-');
        break;
      default:
        folded.append(u_isUWhiteSpace(c) != 0 ? UChar32(' ') : c);
    }
  }
  folded.toUTF8String(out);
  return out;
}

bool valid_utf8(std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    if (c < 0) return false;
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace parvis::text
