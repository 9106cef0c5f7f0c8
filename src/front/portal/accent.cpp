#include "portal/accent.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

// Shades are made in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020):
// its lightness is what the eye sees, so one bound on it bounds contrast whatever the hue.

namespace parvis::portal {
namespace {

struct Rgb {  // linear light, 0 to 1 inside the gamut
  double r, g, b;
};
struct Lch {
  double lightness, chroma, hue;
};

double linear(int byte) {
  const double c = byte / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

int byte(double light) {
  const double c = light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<int>(std::lround(std::clamp(c, 0.0, 1.0) * 255));
}

std::optional<Rgb> parse(std::string_view hex) {
  if (hex.size() != 7 || hex[0] != '#') return std::nullopt;
  std::array<int, 3> bytes{};
  for (std::size_t i = 0; i < 6; ++i) {
    const char c = hex[i + 1];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    bytes[i / 2] = bytes[i / 2] * 16 + digit;
  }
  return Rgb{linear(bytes[0]), linear(bytes[1]), linear(bytes[2])};
}

std::string hex(const Rgb& colour) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "#";
  for (const double part : {colour.r, colour.g, colour.b}) {
    const auto value = static_cast<std::size_t>(byte(part));
    out.push_back(kDigits[value / 16]);
    out.push_back(kDigits[value % 16]);
  }
  return out;
}

double luminance(const Rgb& c) { return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b; }

Lch lch(const Rgb& c) {
  const double l = std::cbrt(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
  const double m = std::cbrt(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
  const double s = std::cbrt(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
  const double a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  const double b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, std::hypot(a, b),
          std::atan2(b, a)};
}

Rgb rgb(const Lch& c) {
  const double a = c.chroma * std::cos(c.hue), b = c.chroma * std::sin(c.hue);
  const double l = std::pow(c.lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(c.lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(c.lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool shown(const Rgb& c) {
  constexpr double kSlack = 1e-4;
  for (const double part : {c.r, c.g, c.b})
    if (part < -kSlack || part > 1 + kSlack) return false;
  return true;
}

// The nearest colour of that lightness and hue that a screen can show.
std::string shade(double lightness, double most_chroma, const Lch& town) {
  double low = 0, high = std::min(town.chroma, most_chroma);
  if (shown(rgb({lightness, high, town.hue}))) low = high;
  for (int i = 0; i < 20 && low < high; ++i) {
    const double middle = (low + high) / 2;
    (shown(rgb({lightness, middle, town.hue})) ? low : high) = middle;
  }
  return hex(rgb({lightness, low, town.hue}));
}

}  // namespace

std::string town_css(std::string_view accent) {
  const Rgb exact = parse(accent).value_or(*parse(kAccent));
  const Lch town = lch(exact);
  const double light = std::min(town.lightness, .43);
  std::string out = ":root{--tenant:" + hex(exact);
  const auto set = [&](std::string_view name, const std::string& value) {
    out.append(";--").append(name).append(":").append(value);
  };
  set("on-tenant", luminance(exact) > .179 ? "#000" : "#fff");
  set("accent-light", shade(light, .14, town));
  set("accent-hover-light", shade(std::max(light - .08, 0.0), .14, town));
  set("accent-ink-light", shade(std::min(town.lightness, .375), .12, town));
  set("accent-soft-light", shade(.925, .016, town));
  set("accent-dark", shade(std::clamp(town.lightness, .78, .86), .11, town));
  set("accent-hover-dark", shade(.9, .08, town));
  set("accent-ink-dark", shade(std::clamp(town.lightness, .82, .88), .1, town));
  set("accent-soft-dark", shade(.29, .035, town));
  return out + "}\n";
}

}  // namespace parvis::portal
