// Images to pixels and back: whatever is not a pixel (Exif, GPS, comments, thumbnails, colour
// profiles) is left behind, since nothing else is carried over. Bytes come from strangers: called
// in the child process only (inspector.hpp). Limits: limits.hpp.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "inspect/report.hpp"

namespace parvis::inspect {

struct Pixels {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::string rgb;  // 3 bytes a pixel, rows from the top; transparency is laid on white
};

std::expected<Pixels, Refusal> decode(Type type, std::string_view bytes);  // jpeg, png or webp
Pixels turned(Pixels pixels, int orientation);                             // 1 to 8, as Exif
Refusal judged(const Pixels& pixels);                 // tiny, dark, blank, or none
std::string encode(Type type, const Pixels& pixels);  // jpeg or png; empty when it cannot be

}  // namespace parvis::inspect
