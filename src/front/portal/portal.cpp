#include "portal/portal.hpp"

#include "answer/contact.hpp"
#include "base/error.hpp"
#include "portal/accent.hpp"
#include "portal/frames.hpp"
#include "portal/pages.hpp"
#include "portal/visitor.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using http::Request;
using http::Response;
using namespace html;

constexpr double kVotesAtOnce = 20;  // of one address
constexpr std::chrono::seconds kVoteEvery{10};

// text is empty when nothing was written.
answer::Question asked(const Request& request) {
  const auto form = http::parse_form(request);
  if (!form) throw Error(Errc::invalid, form.error().what);
  answer::Question out;
  for (const auto& [key, value] : *form) {
    if (key == "q") out.text = text::clean(value);
    if (key == "choice") out.chosen.push_back(value);
    if (key == "after") out.earlier.push_back(value);
  }
  return out;
}

struct Ballot {
  knowledge::DocumentKey about;  // empty without a source
  std::optional<Helped> helped;  // nothing: "no" without a reason of the list
};

Ballot ballot_of(const Request& request) {
  const auto form = http::parse_form(request);
  if (!form) throw Error(Errc::invalid, form.error().what);
  Ballot out;
  bool yes = false, no = false;
  for (const auto& [key, value] : *form) {
    if (key == "audience") out.about.audience = value;
    if (key == "sheet") out.about.id = value;
    if (key == "helped") (value == "yes" ? yes : no) = true;
    if (key == "reason") out.helped = reason_named(value);
  }
  if (yes == no) throw Error(Errc::invalid, "\"helped\" is yes or no");
  if (yes) out.helped = Helped::yes;
  if (out.about.id.empty()) out.about.audience.clear();
  return out;
}

}  // namespace

void add_portal(http::Router& router, const Service& service, const http::Assets& assets) {
  const auto show_home = [&](const Request& request, Asked asked) {
    const Frame around = frame_of(service, assets, request);
    return page(around,
                asked == Asked::empty ? "Erreur\u00a0: il manque votre question" : "Accueil",
                home(around, service.themes,
                     service.procedures ? service.procedures(insee_of(around.commune))
                                        : std::vector<Offered>{},
                     asked));
  };
  const http::Handler home_page = [=](const Request& request) {
    return Response::html(show_home(request, Asked::not_yet));
  };
  const http::Handler answer_page = [&, show_home](const Request& request) {
    const answer::Question question = asked(request);
    if (question.text.empty()) return Response::html(show_home(request, Asked::empty), 400);
    const Frame around = frame_of(service, assets, request);
    const answer::Answer answer = service.ask(question, insee_of(around.commune));
    // A browser may keep the page for its Back button, which cannot post the question again.
    return Response::html(page(around, "Réponse\u00a0: " + answer_title(answer),
                               answered(around, question, answer, {new_start(), new_id()})))
        .set("Cache-Control", "private, no-cache");
  };
  const http::Handler services_page = [&](const Request& request) {
    const Frame around = frame_of(service, assets, request);
    const LocalTime now = service.zone.local(service.now());
    std::vector<answer::Contact> all;
    for (const directory::Service& each : service.services(insee_of(around.commune)))
      all.push_back(answer::contact_of(each, now));
    return Response::html(page(around, "Services et horaires", services(all)));
  };
  const http::Handler themes_page = [&](const Request& request) {
    const Frame around = frame_of(service, assets, request);
    return Response::html(page(around, "Tous les thèmes", themes(around, service.themes)));
  };
  const http::Handler sheet_page = [&](const Request& request) {
    const auto found =
        service.sheet({std::string(*request.param("audience")), std::string(*request.param("id"))});
    if (!found) throw Error(Errc::not_found, "this sheet does not exist");
    const Frame around = frame_of(service, assets, request);
    const std::string insee = insee_of(around.commune);
    const std::vector<directory::Service> all = service.services(insee);
    const Offices offices = [&](std::string_view pivot) -> std::optional<answer::Contact> {
      const directory::Service* office =
          directory::service_for(all, {.commune = insee, .pivot = std::string(pivot), .topic = ""});
      if (office == nullptr) return std::nullopt;
      return answer::contact_of(*office, service.zone.local(service.now()));
    };
    return Response::html(page(around, found->title, sheet(around, *found, offices)));
  };
  const http::Handler vote = [&](const Request& request) {
    const tenancy::Commune* commune = commune_of(service, request);
    const Ballot ballot = ballot_of(request);
    // Only sheets that are shown have counts: a stranger cannot fill the table with others.
    const bool known = ballot.about.id.empty() || service.sheet(ballot.about).has_value();
    if (!known) throw Error(Errc::invalid, "this sheet does not exist");
    if (!ballot.helped) {
      const Frame around = frame_of(service, assets, request);
      return Response::html(page(around, "Erreur\u00a0: il manque une raison",
                                 h("div", {cls("wrap")},
                                   h("div", {cls("page-head")}, h("h1", "Votre avis"),
                                     feedback(around, ballot.about, ReasonGiven::missing)))),
                            400);
    }
    service.vote({.day = civil_date(service.zone.local(service.now())),
                  .commune = insee_of(commune),
                  .audience = ballot.about.audience,
                  .sheet = ballot.about.id,
                  .helped = *ballot.helped});
    return Response::redirect((commune == nullptr ? "/" : "/" + commune->slug + "/") + "avis");
  };
  const http::Handler thanks_page = [&](const Request& request) {
    const Frame around = frame_of(service, assets, request);
    return Response::html(page(around, "Merci, votre avis est compté", thanks(around)));
  };
  const auto rate = std::make_shared<http::RateLimit>(kVotesAtOnce, kVoteEvery);
  for (const std::string base : {"/", "/{commune}/"}) {
    router.get(base, home_page);
    router.post(base + "question", answer_page);
    router.get(base + "services", services_page);
    router.get(base + "themes", themes_page);
    router.get(base + "fiche/{audience}/{id}", sheet_page);
    router.get(base + "avis", thanks_page);
    router.post(base + "avis", vote, {.rate = rate});
  }
  router.get(std::string(kTownCss), [css = town_css(service.accent)](const Request&) {
    return Response::text(css)
        .set("Content-Type", "text/css; charset=utf-8")
        .set("Cache-Control", "public, max-age=300");
  });
}

http::ErrorPage error_page(const Service& service, const http::Assets& assets) {
  return [&](const Request& request, const http::Refusal& refusal) {
    const tenancy::Commune* commune = nullptr;  // the first step of the path, routed or not
    for (const tenancy::Commune& each : service.communes)
      if (request.path.starts_with("/" + each.slug + "/")) commune = &each;
    const Frame around = frame(service, assets, commune);
    return Response::html(page(around, "Erreur", refused(around, refusal.status)), refusal.status);
  };
}

}  // namespace parvis::portal
