// A town sets one colour; the rest of its palette follows. Pure.
#pragma once

#include <string>
#include <string_view>

namespace parvis::portal {

inline constexpr std::string_view kAccent = "#0b5563";  // of a town that has not chosen

// The style sheet of a town: its exact colour for the plaque (--tenant, with what is legible on it,
// --on-tenant), and shades of the same hue brought to a legible lightness in both themes, as
// --accent-light, --accent-dark and so on for hover, ink (text) and soft (grounds). accent:
// "#rrggbb"; anything else gives kAccent's. Contrast, over every hue: plaque 4.6, button 6.8, link
// 7 or more.
std::string town_css(std::string_view accent);

}  // namespace parvis::portal
