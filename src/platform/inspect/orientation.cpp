#include "inspect/orientation.hpp"

#include <cstdint>

namespace parvis::inspect {
namespace {

constexpr std::size_t kPartsMax = 1000;  // segments or chunks that are looked through
constexpr std::string_view kExif("Exif\0\0", 6);

enum class Order : bool { little, big };

// 0 past the end.
std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size, Order order) {
  if (at > bytes.size() || bytes.size() - at < size) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t place = order == Order::big ? at + i : at + size - 1 - i;
    value = value << 8 | static_cast<unsigned char>(bytes[place]);
  }
  return value;
}

std::string_view part(std::string_view bytes, std::size_t at, std::size_t size) {
  return at <= bytes.size() ? bytes.substr(at, size) : std::string_view();
}

// Marker, length (which counts itself), content; until the pixels begin.
std::string_view exif_of_jpeg(std::string_view bytes) {
  std::size_t at = 2;
  for (std::size_t parts = 0; parts < kPartsMax; ++parts) {
    if (number(bytes, at, 1, Order::big) != 0xFF) return {};
    const std::uint32_t marker = number(bytes, at + 1, 1, Order::big);
    if (marker == 0xFF) {  // padding
      ++at;
      continue;
    }
    const std::uint32_t length = number(bytes, at + 2, 2, Order::big);
    if (marker == 0xDA || length < 2) return {};
    const std::string_view content = part(bytes, at + 4, length - 2);
    if (marker == 0xE1 && content.starts_with(kExif)) return content.substr(kExif.size());
    at += 2 + length;
  }
  return {};
}

// Length, name, content, checksum.
std::string_view exif_of_png(std::string_view bytes) {
  std::size_t at = 8;
  for (std::size_t parts = 0; parts < kPartsMax && at < bytes.size(); ++parts) {
    const std::uint32_t length = number(bytes, at, 4, Order::big);
    if (part(bytes, at + 4, 4) == "eXIf") return part(bytes, at + 8, length);
    at += std::size_t{12} + length;
  }
  return {};
}

// Name, length, content, padded to an even length.
std::string_view exif_of_webp(std::string_view bytes) {
  std::size_t at = 12;
  for (std::size_t parts = 0; parts < kPartsMax && at < bytes.size(); ++parts) {
    const std::uint32_t length = number(bytes, at + 4, 4, Order::little);
    if (part(bytes, at, 4) == "EXIF") {
      std::string_view content = part(bytes, at + 8, length);
      if (content.starts_with(kExif)) content.remove_prefix(kExif.size());
      return content;
    }
    at += std::size_t{8} + length + length % 2;
  }
  return {};
}

}  // namespace

int exif_orientation(std::string_view tiff) {
  if (!tiff.starts_with("II") && !tiff.starts_with("MM")) return 1;
  const Order order = tiff.starts_with("MM") ? Order::big : Order::little;
  const std::size_t directory = number(tiff, 4, 4, order);
  const std::uint32_t entries = number(tiff, directory, 2, order);
  for (std::size_t i = 0; i < entries && i < kPartsMax; ++i) {
    const std::size_t at = directory + 2 + 12 * i;
    if (number(tiff, at, 2, order) != 274) continue;
    const std::uint32_t value = number(tiff, at + 8, 2, order);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

int orientation(Type type, std::string_view bytes) {
  switch (type) {
    case Type::jpeg:
      return exif_orientation(exif_of_jpeg(bytes));
    case Type::png:
      return exif_orientation(exif_of_png(bytes));
    case Type::webp:
      return exif_orientation(exif_of_webp(bytes));
    default:
      return 1;
  }
}

}  // namespace parvis::inspect
