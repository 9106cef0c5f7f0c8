#include "portal/accent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace parvis::portal {
namespace {

using ::testing::HasSubstr;

std::string value(const std::string& css, const std::string& name) {
  const std::size_t at = css.find("--" + name + ":") + name.size() + 3;
  return css.substr(at, css.find_first_of(";}", at) - at);
}

// WCAG 2.2: relative luminance and contrast ratio, of "#rgb" and "#rrggbb".
double luminance(std::string hex) {
  if (hex.size() == 4) hex = {'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]};
  double out = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(hex.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    out += weights[i] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return out;
}
double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Accent, AnyColourATownPicksStaysLegibleInBothThemes) {
  const std::string digits = "0369cf";
  for (const char r : digits)
    for (const char g : digits)
      for (const char b : digits) {
        const std::string town{'#', r, r, g, g, b, b};
        const std::string css = town_css(town);
        EXPECT_EQ(value(css, "tenant"), town);
        EXPECT_GE(contrast(town, value(css, "on-tenant")), 4.5) << town;
        EXPECT_GE(contrast("#ffffff", value(css, "accent-light")), 6.8) << town;
        EXPECT_GE(contrast("#0d1012", value(css, "accent-dark")), 6.8) << town;
        for (const std::string ground : {"#f4f2ec", "#fffefb", "#e9e5db"})
          EXPECT_GE(contrast(ground, value(css, "accent-ink-light")), 7) << town << ground;
        for (const std::string ground : {"#14181b", "#1d2327", "#0d1012"})
          EXPECT_GE(contrast(ground, value(css, "accent-ink-dark")), 7) << town << ground;
        EXPECT_GE(contrast("#1a1f24", value(css, "accent-soft-light")), 7) << town;
        EXPECT_GE(contrast("#f3efe6", value(css, "accent-soft-dark")), 7) << town;
      }
}

TEST(Accent, ATownWithoutOneHasTheHousesOwn) {
  EXPECT_EQ(town_css(""), town_css(kAccent));
  for (const std::string_view wrong : {"blue", "#12345", "#12345g", "#1234567", "0b5563"})
    EXPECT_EQ(town_css(wrong), town_css(kAccent)) << wrong;
  EXPECT_THAT(town_css("#0B5563"), HasSubstr("--tenant:#0b5563;"));
}

}  // namespace
}  // namespace parvis::portal
