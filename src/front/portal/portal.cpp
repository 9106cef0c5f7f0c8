#include "portal/portal.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "portal/pages.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using http::Request;
using http::Response;

Frame frame(const Service& service, const http::Assets& assets) {
  return {service.town, assets.url("portal.css")};
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

answer::Question asked_in_json(const Request& request) {
  const auto value = parse_json(request.body);
  if (!value || !value->is_object())
    throw Error(Errc::invalid, "send a JSON object {\"question\": \"…\"}");
  const json::object& object = value->get_object();
  const auto question = string_at(object, "question");
  if (!question) throw Error(Errc::invalid, "the member \"question\" is missing or is not text");
  return {.text = required(std::string(*question)),
          .earlier = texts(object, "after"),
          .chosen = texts(object, "chosen")};
}

}  // namespace

void add_portal(http::Router& router, const Service& service, const http::Assets& assets) {
  router.get("/", [&](const Request&) {
    return Response::html(page(frame(service, assets), "Accueil", home()));
  });
  router.post("/question", [&](const Request& request) {
    const answer::Question question = asked(request);
    return Response::html(
        page(frame(service, assets), "Réponse", answered(question, service.ask(question))));
  });
  router.get("/fiche/{audience}/{id}", [&](const Request& request) {
    const auto found =
        service.sheet({std::string(*request.param("audience")), std::string(*request.param("id"))});
    if (!found) throw Error(Errc::not_found, "this sheet does not exist");
    return Response::html(page(frame(service, assets), found->title, sheet(*found)));
  });
  router.post("/api/v1/answers", [&](const Request& request) {
    return Response::json(to_json(service.ask(asked_in_json(request))));
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
