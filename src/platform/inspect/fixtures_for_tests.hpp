// Files for tests, made as cameras, scanners and authors of PDFs make them.
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inspect/image.hpp"

namespace parvis::inspect::fixtures {

// A page with lines of writing, darker at the top left: its orientation shows.
inline Pixels page(std::uint32_t width = 600, std::uint32_t height = 400) {
  Pixels pixels{
      .width = width, .height = height, .rgb = std::string(3ull * width * height, '\xF0')};
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      const bool corner = x < width / 3 && y < height / 3;
      const bool line = y % 20 < 3 && x > width / 8 && x < width - width / 8;
      if (!corner && !line) continue;
      for (std::size_t c = 0; c < 3; ++c) pixels.rgb[3 * (std::size_t{y} * width + x) + c] = 0x20;
    }
  return pixels;
}

inline Pixels plain(std::uint32_t width, std::uint32_t height, char level) {
  return {.width = width, .height = height, .rgb = std::string(3ull * width * height, level)};
}

inline std::string big(std::uint32_t number, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(number >> shift));
  return out;
}

// Exif with an orientation, a place (GPS) and the name of a camera.
inline constexpr std::string_view kCamera = "Appareil de Mme Personne";
inline constexpr std::string_view kPlace = "48.8566N 2.3522E";
inline std::string exif(int orientation) {
  std::string tiff = "MM" + big(42, 2) + big(8, 4) + big(2, 2);
  tiff += big(271, 2) + big(2, 2) + big(static_cast<std::uint32_t>(kCamera.size()), 4) + big(38, 4);
  tiff += big(274, 2) + big(3, 2) + big(1, 4) + big(static_cast<std::uint32_t>(orientation), 2) +
          big(0, 2);
  return tiff + big(0, 4) + std::string(kCamera) + std::string(kPlace);
}

inline std::string with_exif(std::string jpeg, int orientation) {
  const std::string content = std::string("Exif\0\0", 6) + exif(orientation);
  const std::string comment = "\xFF\xFE" + big(2 + 9, 2) + "Mme Untel";
  return jpeg.insert(
      2, "\xFF\xE1" + big(static_cast<std::uint32_t>(content.size()) + 2, 2) + content + comment);
}

inline std::uint32_t crc(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFF;
  for (const char c : bytes) {
    value ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) value = value >> 1 ^ (value & 1 ? 0xEDB88320 : 0);
  }
  return ~value;
}

inline std::string png_chunk(std::string_view name, std::string_view content) {
  const std::string both = std::string(name) + std::string(content);
  return big(static_cast<std::uint32_t>(content.size()), 4) + both + big(crc(both), 4);
}

inline std::string png_with_exif(std::string png, int orientation) {
  return png.insert(8 + 25, png_chunk("eXIf", exif(orientation)) +
                                png_chunk("tEXt", std::string("Author\0Mme Untel", 16)));
}

// A PNG that claims to be larger than it is.
inline std::string png_claiming(std::uint32_t width, std::uint32_t height) {
  const std::string head = big(width, 4) + big(height, 4) + std::string("\x08\x02\x00\x00\x00", 5);
  return std::string("\x89PNG\r\n\x1a\n") + png_chunk("IHDR", head) +
         png_chunk("IDAT", "\x78\x9c\x03") + png_chunk("IEND", "");
}

// Objects 1 (the catalog, with `catalog` in it), 2 (the pages), 3 onwards (one a page), then
// `more`, whole objects. The table of objects is right.
inline std::string pdf(std::string_view catalog = "", int pages = 1, std::string_view page = "",
                       const std::vector<std::string>& more = {}) {
  std::vector<std::string> objects = {
      "<< /Type /Catalog /Pages 2 0 R " + std::string(catalog) + " >>", "<< /Type /Pages /Kids ["};
  for (int i = 0; i < pages; ++i) objects[1] += std::to_string(3 + i) + " 0 R ";
  objects[1] += "] /Count " + std::to_string(pages) + " >>";
  for (int i = 0; i < pages; ++i)
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + std::string(page) +
                      " >>");
  objects.insert(objects.end(), more.begin(), more.end());
  std::string out = "%PDF-1.7\n";
  std::string table = "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    std::string at = std::to_string(out.size());
    table += std::string(10 - at.size(), '0') + at + " 00000 n \n";
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::string start = std::to_string(out.size());
  return out + table + "trailer\n<< /Size " + std::to_string(objects.size() + 1) +
         " /Root 1 0 R >>\nstartxref\n" + start + "\n%%EOF\n";
}

}  // namespace parvis::inspect::fixtures
