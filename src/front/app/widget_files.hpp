// The built chat for other sites: its loader, and the page that they frame.
#pragma once

#include <string>
#include <vector>

#include "http/assets.hpp"
#include "http/router.hpp"

namespace parvis::app {

// GET /widget.js, /widget/ (its index.html) and /widget/{file}, from a folder that holds widget.js
// and widget/. Only this site and `origins` may frame what is under /widget/. files outlives the
// router.
void add_widget_files(http::Router& router, const http::Assets& files,
                      const std::vector<std::string>& origins);

std::string widget_policy(const std::vector<std::string>& origins);  // Content-Security-Policy

}  // namespace parvis::app
