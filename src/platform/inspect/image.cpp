#include "inspect/image.hpp"

#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>
#include <utility>

#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

constexpr int kQuality = 88;  // of JPEG: text of an identity card stays sharp

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string space(std::uint32_t width, std::uint32_t height, std::size_t channels) {
  return std::string(std::size_t{width} * height * channels, '\0');
}

std::uint64_t area(int width, int height) {
  return static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
}

using Turbo = std::unique_ptr<void, decltype([](void* handle) { tjDestroy(handle); })>;

// Inks as Adobe writes them, upside down: 255 is no ink.
std::string rgb_of_inks(const std::string& cmyk) {
  std::string rgb(cmyk.size() / 4 * 3, '\0');
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(cmyk[i]); };
  for (std::size_t i = 0; i < cmyk.size() / 4; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      rgb[3 * i + c] = static_cast<char>(at(4 * i + c) * at(4 * i + 3) / 255);
  return rgb;
}

std::expected<Pixels, Refusal> decode_jpeg(std::string_view bytes) {
  const Turbo turbo(tjInitDecompress());
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colours = 0;
  const auto size = static_cast<unsigned long>(bytes.size());
  // Cameras leave odd bytes between markers, which is no harm; half an image is.
  const auto harmed = [&](int result) {
    return result != 0 && (tjGetErrorCode(turbo.get()) != TJERR_WARNING ||
                           std::string_view(tjGetErrorStr2(turbo.get())).contains("remature end"));
  };
  if (!turbo || harmed(tjDecompressHeader3(turbo.get(), raw(bytes), size, &width, &height,
                                           &sampling, &colours)))
    return std::unexpected(Refusal::unreadable);
  if (area(width, height) > kJpegPixelsMax) return std::unexpected(Refusal::pixels);
  tjscalingfactor scale{1, 1};
  while (area(TJSCALED(width, scale), TJSCALED(height, scale)) > kPixelsMax) scale.denom *= 2;
  Pixels pixels{.width = static_cast<std::uint32_t>(TJSCALED(width, scale)),
                .height = static_cast<std::uint32_t>(TJSCALED(height, scale)),
                .rgb = {}};
  const bool inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
  pixels.rgb = space(pixels.width, pixels.height, inks ? 4 : 3);
  if (harmed(tjDecompress2(turbo.get(), raw(bytes), size, raw(pixels.rgb),
                           static_cast<int>(pixels.width), 0, static_cast<int>(pixels.height),
                           inks ? TJPF_CMYK : TJPF_RGB, TJFLAG_LIMITSCANS)))
    return std::unexpected(Refusal::unreadable);
  if (inks) pixels.rgb = rgb_of_inks(pixels.rgb);
  return pixels;
}

std::expected<Pixels, Refusal> decode_png(std::string_view bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0)
    return std::unexpected(Refusal::unreadable);
  Pixels pixels{.width = image.width, .height = image.height, .rgb = {}};
  bool read = false;
  if (std::uint64_t{image.width} * image.height <= kPixelsMax) {
    pixels.rgb = space(image.width, image.height, 3);
    image.format = PNG_FORMAT_RGB;
    const png_color white{255, 255, 255};
    read = png_image_finish_read(&image, &white, pixels.rgb.data(), 0, nullptr) != 0;
  }
  png_image_free(&image);
  if (pixels.rgb.empty()) return std::unexpected(Refusal::pixels);
  if (!read) return std::unexpected(Refusal::unreadable);
  return pixels;
}

std::expected<Pixels, Refusal> decode_webp(std::string_view bytes) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(raw(bytes), bytes.size(), &features) != VP8_STATUS_OK)
    return std::unexpected(Refusal::unreadable);
  if (features.has_animation != 0) return std::unexpected(Refusal::animated);
  if (area(features.width, features.height) > kPixelsMax) return std::unexpected(Refusal::pixels);
  Pixels pixels{.width = static_cast<std::uint32_t>(features.width),
                .height = static_cast<std::uint32_t>(features.height),
                .rgb = {}};
  std::string rgba = space(pixels.width, pixels.height, 4);
  if (WebPDecodeRGBAInto(raw(bytes), bytes.size(), raw(rgba), rgba.size(), 4 * features.width) ==
      nullptr)
    return std::unexpected(Refusal::unreadable);
  pixels.rgb = space(pixels.width, pixels.height, 3);
  for (std::size_t i = 0; i < rgba.size() / 4; ++i) {
    const int alpha = static_cast<unsigned char>(rgba[4 * i + 3]);
    for (std::size_t c = 0; c < 3; ++c) {
      const int colour = static_cast<unsigned char>(rgba[4 * i + c]);
      pixels.rgb[3 * i + c] = static_cast<char>((colour * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return pixels;
}

// How many pixels have each brightness; of a large image, one pixel in several.
struct Brightness {
  explicit Brightness(const Pixels& pixels) {
    const std::size_t count = pixels.rgb.size() / 3;
    const std::size_t step = 1 + count / 4'000'000;
    for (std::size_t i = 0; i < count; i += step) {
      const auto at = [&](std::size_t c) {
        return static_cast<unsigned>(static_cast<unsigned char>(pixels.rgb[3 * i + c]));
      };
      ++counts[(299 * at(0) + 587 * at(1) + 114 * at(2)) / 1000];
      ++total;
    }
  }
  // The brightness that this share of the pixels does not pass.
  int at_share(double share) const {
    const double wanted = share * static_cast<double>(total);
    double seen = 0;
    for (int level = 0; level < 256; ++level) {
      seen += static_cast<double>(counts[static_cast<std::size_t>(level)]);
      if (seen >= wanted) return level;
    }
    return 255;
  }
  // The share of pixels that are further than this from `level`.
  double beyond(int level, int distance) const {
    std::uint64_t far = 0;
    for (int i = 0; i < 256; ++i)
      if (std::abs(i - level) > distance) far += counts[static_cast<std::size_t>(i)];
    return static_cast<double>(far) / static_cast<double>(total);
  }
  std::array<std::uint64_t, 256> counts{};
  std::uint64_t total = 0;
};

}  // namespace

std::expected<Pixels, Refusal> decode(Type type, std::string_view bytes) {
  switch (type) {
    case Type::jpeg:
      return decode_jpeg(bytes);
    case Type::png:
      return decode_png(bytes);
    case Type::webp:
      return decode_webp(bytes);
    default:
      return std::unexpected(Refusal::type);
  }
}

// Exif names where the first row and the first column of the stored pixels belong: 2 to 4 mirror
// and turn by half, 5 to 8 exchange rows and columns too.
Pixels turned(Pixels pixels, int orientation) {
  if (orientation <= 1 || orientation > 8) return pixels;
  const bool exchanged = orientation >= 5;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Pixels out{.width = exchanged ? pixels.height : pixels.width,
             .height = exchanged ? pixels.width : pixels.height,
             .rgb = std::string(pixels.rgb.size(), '\0')};
  for (std::size_t y = 0; y < out.height; ++y)
    for (std::size_t x = 0; x < out.width; ++x) {
      std::size_t column = exchanged ? y : x;
      std::size_t row = exchanged ? x : y;
      if (from_right) column = pixels.width - 1 - column;
      if (from_bottom) row = pixels.height - 1 - row;
      const char* from = pixels.rgb.data() + 3 * (row * pixels.width + column);
      std::copy_n(from, 3, out.rgb.data() + 3 * (y * out.width + x));
    }
  return out;
}

Refusal judged(const Pixels& pixels) {
  if (std::min(pixels.width, pixels.height) < kSideMin ||
      std::uint64_t{pixels.width} * pixels.height < kPixelsMin)
    return Refusal::tiny;
  constexpr int kDark = 40;           // of 255: hardly told from black
  constexpr int kSame = 20;           // noise of a sensor, of compression
  constexpr double kTraces = 0.0002;  // a signature on a page is ten times that
  const Brightness brightness(pixels);
  if (brightness.at_share(0.995) < kDark) return Refusal::dark;
  if (brightness.beyond(brightness.at_share(0.5), kSame) < kTraces) return Refusal::blank;
  return Refusal::none;
}

std::string encode(Type type, const Pixels& pixels) {
  if (type == Type::jpeg) {
    const Turbo turbo(tjInitCompress());
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    std::string out;
    if (turbo && tjCompress2(turbo.get(), raw(pixels.rgb), static_cast<int>(pixels.width), 0,
                             static_cast<int>(pixels.height), TJPF_RGB, &bytes, &size, TJSAMP_420,
                             kQuality, 0) == 0)
      out.assign(reinterpret_cast<const char*>(bytes), size);
    tjFree(bytes);
    return out;
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = pixels.width;
  image.height = pixels.height;
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string out(size, '\0');
  if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.rgb.data(), 0, nullptr) == 0)
    return "";
  out.resize(size);
  return out;
}

}  // namespace parvis::inspect
