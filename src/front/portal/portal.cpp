#include "portal/portal.hpp"

#include <algorithm>

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "portal/pages.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using http::Request;
using http::Response;

// The commune that a path names; an unknown one is a page that does not exist.
const tenancy::Commune* commune_of(const Service& service, const Request& request) {
  const auto slug = request.param("commune");
  if (!slug) return nullptr;
  for (const tenancy::Commune& commune : service.communes)
    if (commune.slug == *slug) return &commune;
  throw Error(Errc::not_found, "this page does not exist");
}

std::optional<answer::Contact> town_hall(const Service& service, const std::string& insee) {
  const std::vector<directory::Service> all = service.services(insee);
  const directory::Service* found =
      directory::service_for(all, {.commune = insee, .pivot = "mairie", .topic = ""});
  if (found == nullptr)
    found = directory::service_for(all, {.commune = insee, .pivot = "epci", .topic = ""});
  if (found == nullptr) return std::nullopt;
  return answer::contact_of(*found, service.zone.local(service.now()));
}

Frame frame(const Service& service, const http::Assets& assets,
            const tenancy::Commune* commune = nullptr,
            const std::optional<answer::Contact>& desk = std::nullopt) {
  Frame out;
  out.town = service.town;
  out.stylesheet = assets.url("portal.css");
  if (commune != nullptr) {
    out.commune = commune->name;
    out.base = "/" + commune->slug + "/";
  }
  if (desk) out.phones = desk->phones;
  return out;
}

std::string required(std::optional<std::string> question) {
  std::string clean = text::clean(question.value_or(""));
  if (clean.empty()) throw Error(Errc::invalid, "Écrivez votre question, puis recommencez.");
  return clean;
}

answer::Question asked(const Request& request) {
  const auto form = http::parse_form(request);
  if (!form) throw Error(Errc::invalid, form.error().what);
  answer::Question out;
  for (const auto& [key, value] : *form) {
    if (key == "q") out.text = value;
    if (key == "choice") out.chosen.push_back(value);
  }
  out.text = required(out.text);
  return out;
}

// An optional array of texts.
std::vector<std::string> texts(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const json::value* values = object.if_contains(key);
  if (values == nullptr) return out;
  const auto wrong = [&] {
    return Error(Errc::invalid, "\"" + std::string(key) + "\" is not an array of texts");
  };
  if (!values->is_array()) throw wrong();
  for (const json::value& value : values->get_array()) {
    if (!value.is_string()) throw wrong();
    out.emplace_back(value.get_string());
  }
  return out;
}

answer::Question asked_in_json(const Request& request, std::string& commune) {
  const auto value = parse_json(request.body);
  if (!value || !value->is_object())
    throw Error(Errc::invalid, "send a JSON object {\"question\": \"…\"}");
  const json::object& object = value->get_object();
  const auto question = string_at(object, "question");
  if (!question) throw Error(Errc::invalid, "the member \"question\" is missing or is not text");
  commune = string_at(object, "commune").value_or("");
  return {.text = required(std::string(*question)),
          .earlier = texts(object, "after"),
          .chosen = texts(object, "chosen")};
}

}  // namespace

void add_portal(http::Router& router, const Service& service, const http::Assets& assets) {
  const auto insee = [](const tenancy::Commune* commune) {
    return commune == nullptr ? std::string() : commune->insee;
  };
  const http::Handler show_home = [&, insee](const Request& request) {
    const tenancy::Commune* commune = commune_of(service, request);
    const auto desk = town_hall(service, insee(commune));
    std::vector<Place> places;
    if (commune == nullptr)
      for (const tenancy::Commune& each : service.communes)
        places.push_back({each.name, "/" + each.slug + "/"});
    const Frame around = frame(service, assets, commune, desk);
    return Response::html(page(around, "Accueil", home(around, places, desk)));
  };
  const http::Handler show_answer = [&, insee](const Request& request) {
    const tenancy::Commune* commune = commune_of(service, request);
    const answer::Question question = asked(request);
    const Frame around = frame(service, assets, commune, town_hall(service, insee(commune)));
    return Response::html(
        page(around, "Réponse", answered(around, question, service.ask(question, insee(commune)))));
  };
  const http::Handler show_services = [&, insee](const Request& request) {
    const tenancy::Commune* commune = commune_of(service, request);
    const LocalTime now = service.zone.local(service.now());
    std::vector<answer::Contact> all;
    for (const directory::Service& each : service.services(insee(commune)))
      all.push_back(answer::contact_of(each, now));
    return Response::html(
        page(frame(service, assets, commune), "Services et horaires", services(all)));
  };
  router.get("/", show_home);
  router.get("/services", show_services);
  router.post("/question", show_answer);
  router.get("/{commune}/", show_home);
  router.get("/{commune}/services", show_services);
  router.post("/{commune}/question", show_answer);
  router.get("/fiche/{audience}/{id}", [&](const Request& request) {
    const auto found =
        service.sheet({std::string(*request.param("audience")), std::string(*request.param("id"))});
    if (!found) throw Error(Errc::not_found, "this sheet does not exist");
    return Response::html(page(frame(service, assets), found->title, sheet(*found)));
  });
  router.post("/api/v1/answers", [&](const Request& request) {
    std::string commune;
    const answer::Question question = asked_in_json(request, commune);
    if (!commune.empty() && std::ranges::find(service.communes, commune,
                                              &tenancy::Commune::insee) == service.communes.end())
      throw Error(Errc::invalid, "\"commune\" is not the INSEE code of a commune of this town");
    return Response::json(to_json(service.ask(question, commune)));
  });
}

http::ErrorPage error_page(const Service& service, const http::Assets& assets) {
  return [&](const Request&, const http::Refusal& refusal) {
    return Response::html(
        page(frame(service, assets), "Erreur", refused(refusal.status, refusal.detail)),
        refusal.status);
  };
}

}  // namespace parvis::portal
