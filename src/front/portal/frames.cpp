#include "portal/frames.hpp"

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "calendar/words.hpp"

namespace parvis::portal {
namespace {

std::optional<answer::Contact> town_hall(const Service& service, const std::string& insee) {
  const std::vector<directory::Service> all = service.services(insee);
  const directory::Service* found =
      directory::service_for(all, {.commune = insee, .pivot = "mairie", .topic = ""});
  if (found == nullptr)
    found = directory::service_for(all, {.commune = insee, .pivot = "epci", .topic = ""});
  if (found == nullptr) return std::nullopt;
  return answer::contact_of(*found, service.zone.local(service.now()));
}

}  // namespace

// The commune that a path names; an unknown one is a page that does not exist.
const tenancy::Commune* commune_of(const Service& service, const http::Request& request) {
  const auto slug = request.param("commune");
  if (!slug) return nullptr;
  for (const tenancy::Commune& commune : service.communes)
    if (commune.slug == *slug) return &commune;
  throw Error(Errc::not_found, "this page does not exist");
}

std::string insee_of(const tenancy::Commune* commune) {
  return commune == nullptr ? std::string() : commune->insee;
}

Frame frame(const Service& service, const http::Assets& assets, const tenancy::Commune* commune) {
  Frame out;
  out.town = service.town;
  out.communes = service.communes;
  out.files = {.town_css = std::string(kTownCss),
               .css = assets.url("portal.css"),
               .script = assets.url("portal.js"),
               .icon = assets.url("favicon.svg"),
               .pieces_script = assets.url("pieces.js")};
  out.procedures = service.procedures != nullptr;
  out.commune = commune;
  if (commune != nullptr) out.base = "/" + commune->slug + "/";
  out.today = calendar::date_words(civil_date(service.zone.local(service.now())));
  return out;
}

Frame frame_of(const Service& service, const http::Assets& assets, const http::Request& request) {
  const tenancy::Commune* commune = commune_of(service, request);
  Frame out = frame(service, assets, commune);
  out.desk = town_hall(service, insee_of(commune));
  return out;
}

http::Response refused_page(const Frame& around) {
  return http::Response::html(page(around, "Erreur", refused(around, 403)), 403);
}

http::Response too_many(const Frame& around, std::chrono::seconds wait) {
  return http::Response::html(page(around, "Erreur", refused(around, 429)), 429)
      .set("Retry-After", std::to_string(wait.count()));
}

}  // namespace parvis::portal
