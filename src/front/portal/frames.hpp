// What stands around the matter of a page, for a request.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "portal/pages.hpp"
#include "portal/portal.hpp"

namespace parvis::portal {

inline constexpr std::string_view kTownCss = "/town.css";

// The commune that the path names; an unknown one is a page that does not exist (not_found).
const tenancy::Commune* commune_of(const Service& service, const http::Request& request);
std::string insee_of(const tenancy::Commune* commune);  // empty without one

// Reads memory only: the error page is made of it.
Frame frame(const Service& service, const http::Assets& assets, const tenancy::Commune* commune);
// With the town hall and its hours.
Frame frame_of(const Service& service, const http::Assets& assets, const http::Request& request);

// A form that this site did not send, and one too many.
http::Response refused_page(const Frame& around);
http::Response too_many(const Frame& around, std::chrono::seconds wait);

}  // namespace parvis::portal
