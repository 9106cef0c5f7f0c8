// What was found about a file, and how it travels from the process that looked to the one that
// asked.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "inspect/refusal.hpp"

namespace parvis::inspect {

// The next bytes of a file, in pieces of any size; empty at its end.
using Source = std::function<std::string()>;
// Takes bytes, in pieces.
using Sink = std::function<void(std::string_view)>;

enum class Type : std::uint8_t { other, pdf, jpeg, png, webp };
std::string_view extension(Type type);  // ".pdf"; empty for `other`

std::string_view name(Refusal refusal);  // a word of lower-case letters and low lines, for storing

struct Report {
  Refusal refusal = Refusal::none;
  Type type = Type::other;  // by content
  std::string mime = {};    // what libmagic says; "" when it was not asked
  std::uint32_t pages = 0;  // of a PDF
  std::uint32_t width = 0;  // of an image, in pixels, as it is kept
  std::uint32_t height = 0;
  Type kept =
      Type::other;  // of the content to keep: an image is written anew, WebP and large PNG as JPEG
  std::uint32_t rewritten = 0;  // bytes of it; 0: a PDF, kept as it is
  bool operator==(const Report&) const = default;
};

inline constexpr std::size_t kMimeMax = 100;    // bytes
inline constexpr std::size_t kReportMax = 256;  // bytes of a report on its way

std::string encode(const Report& report);
// Of bytes that a broken process may have made: nothing unless they are wholly what encode makes.
std::optional<Report> parse_report(std::string_view bytes);

}  // namespace parvis::inspect
