#include "http/router.hpp"

#include <algorithm>
#include <optional>

#include "http/url.hpp"

namespace parvis::http {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_param(std::string_view segment) { return segment.starts_with('{'); }
bool is_rest(std::string_view segment) { return segment.ends_with("...}"); }

std::string_view param_name(std::string_view segment) {
  segment = segment.substr(1, segment.size() - 2);
  return segment.substr(0, segment.find("..."));
}

// Literal segments sort before parameters, parameters before a rest: the least fits best.
std::string rank(const Route& route) {
  std::string order;
  for (const std::string& segment : route.segments)
    order += is_rest(segment) ? 'c' : is_param(segment) ? 'b' : 'a';
  return order;
}

std::optional<Pairs> params_of(const Route& route, const std::vector<std::string>& path) {
  Pairs params;
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const std::string& segment = route.segments[i];
    if (i >= path.size()) return std::nullopt;
    if (!is_param(segment)) {
      if (segment != path[i]) return std::nullopt;
      continue;
    }
    std::string value = path[i];
    if (is_rest(segment))
      for (std::size_t k = i + 1; k < path.size(); ++k) value.append("/").append(path[k]);
    if (value.empty()) return std::nullopt;
    params.emplace_back(param_name(segment), std::move(value));
    if (is_rest(segment)) return params;
  }
  if (path.size() != route.segments.size()) return std::nullopt;
  return params;
}

}  // namespace

void Router::add(Route route) {
  CHECK(route.pattern.starts_with('/') && route.method != Method::head);
  for (const std::string_view segment : split(route.pattern)) {
    CHECK(route.segments.empty() || !is_rest(route.segments.back()));
    if (is_param(segment)) CHECK(segment.ends_with('}') && !param_name(segment).empty());
    route.segments.emplace_back(segment);
  }
  CHECK(route.segments.size() <= kPathSegments);
  for (const Route& other : routes_)
    CHECK(other.method != route.method || other.pattern != route.pattern);
  routes_.push_back(std::move(route));
}

void Router::add(Method method, std::string pattern, Handler handler, RouteOptions options) {
  CHECK(handler);
  add({method, std::move(pattern), {}, std::move(handler), std::move(options)});
}

void Router::get(std::string pattern, Handler handler, RouteOptions options) {
  add(Method::get, std::move(pattern), std::move(handler), std::move(options));
}
void Router::post(std::string pattern, Handler handler, RouteOptions options) {
  add(Method::post, std::move(pattern), std::move(handler), std::move(options));
}

void Router::stream(std::string pattern, StreamHandler handler, RouteOptions options) {
  CHECK(handler && options.runs == Runs::on_worker);
  add({Method::get, std::move(pattern), {}, nullptr, std::move(options), std::move(handler)});
}

void Router::receive(Method method, std::string pattern, ReceiveHandler handler,
                     RouteOptions options) {
  CHECK(handler && options.runs == Runs::on_worker);
  Route route{method, std::move(pattern), {}, nullptr, std::move(options)};
  route.receives = std::move(handler);
  add(std::move(route));
}

std::expected<Match, Problem> Router::match(Method method, std::string_view path) const {
  if (!path.starts_with('/'))
    return std::unexpected(Problem{"a path that does not begin with '/'"});
  std::vector<std::string> decoded;
  for (const std::string_view segment : split(path)) {
    if (decoded.size() == kPathSegments) return std::unexpected(Problem{"too many path segments"});
    auto text = percent_decode(segment, Escapes::path);
    if (!text) return std::unexpected(text.error());
    if (*text == "." || *text == "..") return std::unexpected(Problem{"a dot segment"});
    decoded.push_back(*std::move(text));
  }
  const Method wanted = method == Method::head ? Method::get : method;
  Match best;
  std::string best_rank;
  for (const Route& route : routes_) {
    auto params = params_of(route, decoded);
    if (!params) continue;
    const std::string verb(name(route.method));
    if (best.allow.find(verb) == std::string::npos) {
      best.allow.append(best.allow.empty() ? "" : ", ").append(verb);
      if (route.method == Method::get) best.allow.append(", HEAD");
    }
    if (route.method != wanted) continue;
    std::string order = rank(route);
    if (best.route && best_rank <= order) continue;
    best.route = &route;
    best.params = *std::move(params);
    best_rank = std::move(order);
  }
  return best;
}

std::vector<std::string> Router::names() const {
  std::vector<std::string> names;
  for (const Route& route : routes_)
    names.push_back(std::string(name(route.method)) + " " + route.pattern);
  return names;
}

}  // namespace parvis::http
