// The ways into a deposited case (casework/access.hpp): a link by e-mail, the code on paper; and to
// a draft, by its link.
#include <chrono>
#include <memory>

#include "casework/reference.hpp"
#include "directory/forms.hpp"
#include "portal/case_pages.hpp"
#include "portal/entering_pages.hpp"
#include "portal/visits.hpp"
#include "text/normalise.hpp"

namespace parvis::portal {
namespace {

using casework::State;
using http::Request;
using http::Response;

// Links asked for and codes tried, each: of one address, and of one browser.
constexpr double kLinksAtOnce = 10, kLinksOfBrowser = 5;
constexpr std::chrono::seconds kLinkEvery{60};

class EnteringPages : private Visits {
 public:
  using Visits::Visits;

  Response follow_page(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    Following following{};
    if (const auto reference =
            casework::read_reference(request.query_value("reference").value_or("")))
      following.reference = *reference;
    return Response::html(page(around, "Suivre un dossier", follow(around, following)));
  }

  // Whoever names the reference and the address of a case.
  Response ask_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (sender_of(request) == Sender::other_site) return refused_page(around);
    const Sending sending = sending_of(request);
    Following following{.reference = text::clean(sending.reference),
                        .email = text::clean(sending.email)};
    const auto reference = casework::read_reference(following.reference);
    if (!reference) following.reference_fault = reference_fault(following.reference);
    if (following.email.empty())
      following.email_fault = "Écrivez votre adresse e-mail.";
    else if (!directory::is_email(following.email))
      following.email_fault =
          "Cette adresse e-mail n’est pas complète. Exemple\u00a0: nom@domaine.fr.";
    if (!following.reference_fault.empty() || !following.email_fault.empty())
      return wrong(around, following, 400);
    return send_link(request, around, {*reference, following.email, {}});
  }

  // From the page of a case, in one press: the mail goes wherever the case says.
  Response ask_link_here(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    if (sender_of(request) == Sender::other_site) return refused_page(around);
    const auto reference = reference_in(request);
    if (!reference) return said(around, Told::lost, 404);
    return send_link(request, around, {*reference, std::nullopt, {}});
  }

  Response link_sent_page(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const std::string browser = browser_in(request);
    const auto reference = casework::read_reference(request.query_value("reference").value_or(""));
    return Response::html(page(
        around, "Regardez vos e-mails",
        link_sent(around, browser.empty() || !reference ? std::string()
                                                        : casework::code_of(browser, *reference))));
  }

  // The code on paper.
  Response use_code(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sending sending = sending_of(request);
    Following following{.code_reference = text::clean(sending.reference), .code_open = true};
    const auto reference = casework::read_reference(following.code_reference);
    if (!reference) following.code_reference_fault = reference_fault(following.code_reference);
    if (text::clean(sending.code).empty()) following.code_fault = "Écrivez le code.";
    if (!following.code_reference_fault.empty() || !following.code_fault.empty())
      return wrong(around, following, 400);
    const std::string to = cases_url(around, "code");
    if (const auto trust = trust_to_enter(request, sending); trust != Trust::full) {
      if (trust == Trust::none) return refused_page(around);
      following.start = new_start();
      return Response::html(page(around, "Suivre un dossier", follow(around, following)))
          .set("Set-Cookie", cookie_of(visit_from(following.start), to, request, kCaseCookie));
    }
    const auto entered =
        own_.access.enter_with_code(context(request, around), *reference, sending.code);
    if (entered) return let_in(request, theirs(around, entered->commune), *entered);
    if (entered.error() == casework::Access::Refused::locked) {
      following.code_fault =
          "Trop de codes étaient faux. Réessayez dans une heure, ou appelez le service.";
      return wrong(around, following, 429);
    }
    following.code_fault =
        "Ce code ne va pas avec cette référence. Recopiez les deux de l’accusé de réception.";
    return wrong(around, following, 400);
  }

  // To look uses nothing up: programs that read mail open links.
  Response show_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto link =
        own_.access.look(context(request, around), *request.param("link"), browser_in(request));
    if (link == casework::Access::Link::gone) return said(around, Told::used, 404);
    return entering(
        around,
        {.to = link_path(request, around), .elsewhere = link == casework::Access::Link::elsewhere},
        200);
  }

  Response use_link(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const Sending sending = sending_of(request);
    const tenancy::Context cx = context(request, around);
    const std::string_view link = *request.param("link");
    WayIn form{.to = link_path(request, around)};
    const auto trust = trust_to_enter(request, sending);
    if (trust == Trust::none) return refused_page(around);
    if (trust == Trust::to_confirm) {
      const auto seen = own_.access.look(cx, link, browser_in(request));
      if (seen == casework::Access::Link::gone) return said(around, Told::used, 404);
      form.elsewhere = seen == casework::Access::Link::elsewhere;
      form.start = new_start();
      form.code = text::clean(sending.code);
      return entering(around, form, 200)
          .set("Set-Cookie", cookie_of(visit_from(form.start), form.to, request, kCaseCookie));
    }
    const auto entered = own_.access.follow(cx, link, browser_in(request), sending.code);
    if (entered) return let_in(request, theirs(around, entered->commune), *entered);
    if (entered.error() == casework::Access::Refused::gone) return said(around, Told::used, 404);
    form.elsewhere = true;
    form.fault = text::clean(sending.code).empty()
                     ? "Écrivez le code à six chiffres."
                     : "Ce code n’est pas le bon. Recopiez celui du navigateur où vous avez "
                       "demandé le lien.";
    return entering(around, form, 400);
  }

  // The same whether there is a draft or not.
  Response ask_draft(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const std::string_view key = *request.param("link");
    if (!visit_of_link(key)) return said(around, Told::lost, 404);
    return Response::html(page(around, "Ouvrir votre demande",
                               open_link(around, link_url(around, key), new_start(), false)))
        .set("Referrer-Policy", "no-referrer");
  }

  // Whoever has the link opens the draft; whether there is one is told only now. Once it is
  // deposited the link names the case and opens nothing.
  Response follow_draft(const Request& request) const {
    const Frame around = frame_of(service_, assets_, request);
    const auto visit = visit_of_link(*request.param("link"));
    if (!visit) return said(around, Told::lost, 404);
    const std::string to = link_url(around, *request.param("link"));
    switch (trust_in(request, "", sending_of(request).start, visit_in(request, kCaseCookie))) {
      case Trust::none:
        return refused_page(around);
      case Trust::to_confirm: {
        const std::string start = new_start();
        return Response::html(
                   page(around, "Ouvrir votre demande", open_link(around, to, start, true)))
            .set("Referrer-Policy", "no-referrer")
            .set("Set-Cookie", cookie_of(visit_from(start), to, request, kCaseCookie));
      }
      case Trust::full:
        break;
    }
    const auto linked =
        own_.casework.cases.linked(context(request, around), visit->id, visit->token);
    if (!linked) return said(around, Told::lost, 404);
    const Frame there = theirs(around, linked->commune);
    if (linked->state != State::draft)
      return Response::redirect(cases_url(there, linked->reference));
    const std::string draft = procedures_url(there, linked->procedure);
    return Response::redirect(draft + "/suite")
        .set("Set-Cookie", cookie_of(*visit, draft, request, kDraftCookie));
  }

 private:
  static std::string reference_fault(const std::string& typed) {
    return typed.empty() ? "Écrivez la référence du dossier."
                         : "Cette référence n’est pas juste. Recopiez-la de l’accusé de réception.";
  }
  static Response wrong(const Frame& around, const Following& following, int status) {
    return Response::html(
        page(around, "Erreur\u00a0: suivre un dossier", follow(around, following)), status);
  }
  static std::string link_path(const Request& request, const Frame& around) {
    return cases_url(around, "acces").append("/").append(*request.param("link"));
  }
  static Response entering(const Frame& around, const WayIn& form, int status) {
    return Response::html(page(around, way_in_title(form), way_in(around, form)), status)
        .set("Referrer-Policy", "no-referrer");
  }

  // Of a form that opens a case. Without a word of where it comes from it is shown once more:
  // otherwise another site could have its visitors write into a case that it reads.
  static Trust trust_to_enter(const Request& request, const Sending& sending) {
    const Trust trust = trust_in(request, "", sending.start, visit_in(request, kCaseCookie));
    return trust == Trust::none && sender_of(request) == Sender::not_said ? Trust::to_confirm
                                                                          : trust;
  }

  // Nothing is looked up here: what is said, and when, is the same whatever there is.
  Response send_link(const Request& request, const Frame& around, casework::LinkAsked asked) const {
    asked.browser = browser_in(request);
    if (asked.browser.empty()) asked.browser = casework::new_browser();
    if (const auto wait = by_browser_->refuse(asked.browser, request.received_at))
      return too_many(around, std::chrono::ceil<std::chrono::seconds>(*wait));
    if (own_.casework.send_link) own_.casework.send_link(asked);
    return Response::redirect(cases_url(around, "envoye", "?reference=" + asked.reference))
        .set("Set-Cookie", browser_cookie(asked.browser, request));
  }

  // Shared: a router's handlers are copied, their budget is one.
  const std::shared_ptr<http::RateLimit> by_browser_ =
      std::make_shared<http::RateLimit>(kLinksOfBrowser, kLinkEvery);
};

}  // namespace

void add_entering_pages(http::Router& router, const Service& service, const http::Assets& assets,
                        const Procedures& procedures) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const EnteringPages>(service, assets, procedures);
  using Do = Response (EnteringPages::*)(const Request&) const;
  const auto to = [&](Do act) {
    return [pages, act](const Request& request) { return (*pages.*act)(request); };
  };
  const http::RouteOptions &writes = procedures.casework.budgets.writes,
                           &reads = procedures.casework.budgets.reads;
  const auto links = std::make_shared<http::RateLimit>(kLinksAtOnce, kLinkEvery),
             codes = std::make_shared<http::RateLimit>(kLinksAtOnce, kLinkEvery);
  for (const std::string base : {"/", "/{commune}/"}) {
    const std::string cases = base + "dossiers";
    router.get(cases, to(&EnteringPages::follow_page), reads);
    router.post(cases, to(&EnteringPages::ask_link), {.rate = links});
    router.get(cases + "/envoye", to(&EnteringPages::link_sent_page), reads);
    router.post(cases + "/code", to(&EnteringPages::use_code), {.rate = codes});
    router.get(cases + "/acces/{link}", to(&EnteringPages::show_link), reads);
    router.post(cases + "/acces/{link}", to(&EnteringPages::use_link), writes);
    router.post(cases + "/{key}/lien", to(&EnteringPages::ask_link_here), {.rate = links});
    router.get(cases + "/lien/{link}", to(&EnteringPages::ask_draft), reads);
    router.post(cases + "/lien/{link}", to(&EnteringPages::follow_draft), writes);
  }
}

}  // namespace parvis::portal
