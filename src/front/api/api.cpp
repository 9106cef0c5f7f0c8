#include "api/api.hpp"

#include <algorithm>

#include "api/openapi.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"
#include "text/normalise.hpp"

namespace parvis::api {
namespace {

bool is_json(const http::Request& request) {
  std::string type(request.header("content-type").value_or(""));
  type.resize(std::min(type.size(), type.find_first_of("; ")));
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type == "application/json";
}

}  // namespace

void add_api(http::Router& router, const Service& service) {
  add_answers(router, service);
  add_search(router, service);
  router.get("/api/openapi.json", [text = json::serialize(openapi())](const http::Request&) {
    return http::Response::text(text).set("Content-Type", "application/json");
  });
}

std::variant<json::object, http::Response> object_of(const http::Request& request,
                                                     std::string_view wanted) {
  if (!is_json(request))
    return http::problem({415, "send JSON, with Content-Type: application/json"},
                         request.request_id);
  auto value = parse_json(request.body);
  if (!value || !value->is_object()) throw Error(Errc::invalid, std::string(wanted));
  return std::move(value->get_object());
}

bool idempotency_key_like(std::string_view key) {
  return key.size() >= kKeyMin && key.size() <= kKeyMax && std::ranges::all_of(key, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::string bearer(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view value = request.header("authorization").value_or("");
  if (text::fold(value.substr(0, kScheme.size())) != kScheme) return "";
  return std::string(value.substr(kScheme.size()));
}

std::string text_of(const json::object& object, std::string_view key) {
  const auto text = string_at(object, key);
  if (object.contains(key) && !text)
    throw Error(Errc::invalid, "\"" + std::string(key) + "\" is not a text");
  return std::string(text.value_or(""));
}

std::string known_commune(const Service& service, std::string_view insee) {
  if (insee.empty()) return "";
  const auto communes = service.communes();
  if (std::ranges::find(communes, insee, &tenancy::Commune::insee) == communes.end())
    throw Error(Errc::invalid, "\"commune\" is not the INSEE code of a commune of this town");
  return std::string(insee);
}

}  // namespace parvis::api
