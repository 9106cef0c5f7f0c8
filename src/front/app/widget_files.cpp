#include "app/widget_files.hpp"

namespace parvis::app {

using http::Request;

std::string widget_policy(const std::vector<std::string>& origins) {
  std::string policy =
      "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; "
      "frame-ancestors 'self'";
  for (const std::string& origin : origins) policy.append(" ").append(origin);
  return policy;
}

void add_widget_files(http::Router& router, const http::Assets& files,
                      const std::vector<std::string>& origins) {
  const auto framed = [&files, policy = widget_policy(origins)](const Request& request,
                                                                std::string_view file) {
    return files.serve(request, std::string("widget/").append(file))
        .set("Content-Security-Policy", policy);
  };
  const http::RouteOptions options{.runs = http::Runs::on_loop};
  router.get(
      "/widget.js", [&files](const Request& request) { return files.serve(request, "widget.js"); },
      options);
  router.get(
      "/widget/", [framed](const Request& request) { return framed(request, "index.html"); },
      options);
  router.get(
      "/widget/{file...}",
      [framed](const Request& request) { return framed(request, *request.param("file")); },
      options);
}

}  // namespace parvis::app
