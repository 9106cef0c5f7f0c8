#include "http/message.hpp"

#include <algorithm>
#include <array>

#include "http/url.hpp"

namespace parvis::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> kMethods = {{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::patch, "PATCH"},
    {Method::del, "DELETE"},
    {Method::options, "OPTIONS"},
}};

std::optional<std::string_view> find(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return std::nullopt;
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Response typed(std::string body, std::string_view type, int status) {
  Response response{.status = status, .body = std::move(body)};
  response.set("Content-Type", type);
  return response;
}

}  // namespace

std::string_view name(Method method) {
  for (const auto& [value, text] : kMethods)
    if (value == method) return text;
  return "OTHER";
}

Method method_named(std::string_view name) {
  for (const auto& [value, text] : kMethods)
    if (text == name) return value;
  return Method::other;
}

std::optional<std::string_view> Request::param(std::string_view name) const {
  return find(params, name);
}
std::optional<std::string_view> Request::query_value(std::string_view name) const {
  return find(query, name);
}
std::optional<std::string_view> Request::header(std::string_view lower_name) const {
  return find(headers, lower_name);
}

// Browsers name text/html first and never JSON; programs name JSON, "*/*" or nothing.
bool Request::prefers_html() const {
  const std::string_view accept = header("accept").value_or("");
  const std::size_t html = accept.find("text/html");
  return html != std::string_view::npos &&
         html < std::min(accept.find("application/json"), accept.find("application/problem+json"));
}

Response& Response::set(std::string_view name, std::string_view value) & {
  if (std::ranges::any_of(name, control) || std::ranges::any_of(value, control))
    throw Error(Errc::failed, "a header with control characters");
  std::erase_if(headers, [&](const auto& pair) { return same_name(pair.first, name); });
  headers.emplace_back(name, value);
  return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return std::nullopt;
}

Response Response::json(const boost::json::value& value, int status) {
  return typed(boost::json::serialize(value), "application/json", status);
}
Response Response::html(std::string markup, int status) {
  return typed(std::move(markup), "text/html; charset=utf-8", status);
}
Response Response::text(std::string plain, int status) {
  return typed(std::move(plain), "text/plain; charset=utf-8", status);
}
Response Response::redirect(std::string_view to, int status) {
  return Response{.status = status}.set("Location", to);
}
Response Response::no_content() { return Response{.status = 204}; }

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

Refusal refusal(const Error& error) {
  const int status = [&] {
    switch (error.code()) {
      case Errc::invalid:
        return 400;
      case Errc::not_found:
        return 404;
      case Errc::conflict:
        return 409;
      case Errc::too_large:
        return 413;
      case Errc::overloaded:
      case Errc::unavailable:
        return 503;
      case Errc::failed:
        return 500;
    }
    return 500;
  }();
  return {status, error.detail()};
}

Response problem(const Refusal& refusal, std::string_view request_id) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", reason(refusal.status)},
                           {"status", refusal.status},
                           {"request_id", request_id}};
  if (!refusal.detail.empty()) body["detail"] = refusal.detail;
  return typed(boost::json::serialize(body), "application/problem+json", refusal.status);
}

std::expected<Pairs, Problem> parse_form(const Request& request) {
  const std::string_view type = request.header("content-type").value_or("");
  if (!same_name(type.substr(0, type.find_first_of("; ")), "application/x-www-form-urlencoded"))
    return std::unexpected(Problem{"the body is not a form"});
  return parse_pairs(request.body);
}

}  // namespace parvis::http
