#include "api/api.hpp"

#include <algorithm>

#include "api/openapi.hpp"
#include "api/resources.hpp"
#include "base/error.hpp"

namespace parvis::api {

void add_api(http::Router& router, const Service& service) {
  add_answers(router, service);
  add_search(router, service);
  router.get("/api/openapi.json", [text = json::serialize(openapi())](const http::Request&) {
    return http::Response::text(text).set("Content-Type", "application/json");
  });
}

std::string known_commune(const Service& service, std::string_view insee) {
  if (insee.empty()) return "";
  const auto communes = service.communes();
  if (std::ranges::find(communes, insee, &tenancy::Commune::insee) == communes.end())
    throw Error(Errc::invalid, "\"commune\" is not the INSEE code of a commune of this town");
  return std::string(insee);
}

}  // namespace parvis::api
