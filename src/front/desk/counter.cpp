#include "desk/counter.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dates/dates.hpp"
#include "http/url.hpp"
#include "portal/pages.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using casework::Way;
using http::Request;
using http::Response;
using procedure::Definition;

constexpr std::string_view kForms = "/bureau/demarches";

struct Typed {
  std::string start, way, received, commune, again;
  std::vector<Fault> faults = {};
};

std::string value_in(const http::Pairs& fields, std::string_view key) {
  for (const auto& [name, value] : fields)
    if (name == key) return value;
  return {};
}

Html way_choice(const Typed& typed) {
  const std::string fault = fault_of(typed.faults, "way");
  Html options;
  for (const auto& [way, label] : {std::pair(Way::counter, "La personne est au guichet"),
                                   std::pair(Way::phone, "Elle appelle"),
                                   std::pair(Way::post, "Son formulaire est venu par courrier")})
    options +=
        h("label",
          h("input",
            {type("radio"), name("way"), value(casework::name(way)),
             // The link of the error leads to the first.
             id(options.empty() ? std::string("way") : "way-" + std::string(casework::name(way))),
             flag("checked", typed.way == casework::name(way))}),
          h("span", label));
  return h("div", {cls(fault.empty() ? "field" : "field group")},
           h("fieldset", {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "way-erreur")},
             h("legend", {cls("label")}, "Comment vient la demande\u202f?"),
             when(!fault.empty(), [&] { return h("p", {cls("err"), id("way-erreur")}, fault); }),
             h("div", {cls("tick")}, options)));
}

Html commune_choice(const std::vector<tenancy::Commune>& communes, const Typed& typed) {
  if (communes.size() < 2) return {};
  return h("div", {cls("field")}, h("label", {attr("for", "commune")}, "Commune de la demande"),
           h("select", {cls("in"), id("commune"), name("commune")},
             each(communes, [&](const tenancy::Commune& commune) {
               return h("option",
                        {value(commune.insee), flag("selected", commune.insee == typed.commune)},
                        commune.name);
             })));
}

class CounterPages {
 public:
  explicit CounterPages(const Desk& desk) : desk_(desk) {}

  Response form(const Request& request, const Entered& who) const {
    const auto definition = allowed(request, who);
    Typed fresh;
    fresh.start = portal::new_start();
    return form_page(who, *definition, std::move(fresh), 200);
  }

  Response begin(const Request& request, const Entered& who) const {
    const auto definition = allowed(request, who);
    const auto fields = http::parse_form(request);
    Typed typed{.start = value_in(*fields, "_start"),
                .way = value_in(*fields, "way"),
                .received = value_in(*fields, "received"),
                .commune = value_in(*fields, "commune"),
                .again = value_in(*fields, "reprendre")};
    if (!typed.again.empty()) {
      const api::Visit visit{typed.again, casework::new_token().reveal()};
      const casework::Opened opened =
          desk_.casework.cases.retake(who.cx, who.author, visit.id, Secret(visit.token));
      return to_form(request, opened, visit);
    }
    if (!portal::start_like(typed.start)) typed.start = portal::new_start();
    const auto communes = typed_in(desk_, who, *definition);
    if (typed.commune.empty() && communes.size() == 1) typed.commune = communes.front().insee;
    const auto way = casework::way_named(typed.way);
    if (!way) typed.faults.push_back({"way", "Choisissez comment vient la demande."});
    std::optional<CivilDate> received;
    if (way == Way::post && typed.received.empty()) {
      typed.faults.push_back({"received", "Écrivez le jour où le courrier est arrivé."});
    } else if (way == Way::post) {
      const auto read = dates::parse_civil_date(typed.received, who.cx.zone.local(who.cx.now),
                                                dates::Prefer::past);
      if (read)
        received = *read;
      else
        typed.faults.push_back({"received", read.error()});
    }
    if (!typed.faults.empty()) return form_page(who, *definition, std::move(typed), 400);
    const api::Visit visit = portal::visit_from(typed.start);
    tenancy::Context cx = who.cx;
    cx.commune = typed.commune;
    const casework::Opened opened = desk_.casework.cases.begin_for(
        cx, who.author, definition->id, visit.id, Secret(visit.token), *way, received);
    return to_form(request, opened, visit);
  }

 private:
  std::shared_ptr<const Definition> allowed(const Request& request, const Entered& who) const {
    auto definition =
        desk_.casework.catalogue.newest(who.cx.tenant, request.param("id").value_or(""));
    if (!definition || typed_in(desk_, who, *definition).empty()) throw casework::gone();
    return definition;
  }

  Response form_page(const Entered& who, const Definition& definition, Typed typed,
                     int status) const {
    const std::string title = "Saisir une demande pour une personne";
    const Html main = fragment(
        summary(typed.faults), portal::back_link(std::string(kForms), "Démarches"), h("h1", title),
        h("p", {cls("lead")}, definition.title),
        h("form",
          {cls("questions"), action(typing_url(definition.id) + "#erreurs"), attr("method", "post"),
           flag("novalidate")},
          portal::hidden("_token", who.frame.token), portal::hidden("_start", typed.start),
          way_choice(typed),
          line_field(
              {.own = "received",
               .label = "Par courrier\u00a0: jour où il est arrivé",
               .hint = "Le délai de réponse part de ce jour. Exemple\u00a0: 26 novembre 2026.",
               .fault = fault_of(typed.faults, "received"),
               .value = typed.received},
              {.style = "in in--mid"}),
          commune_choice(typed_in(desk_, who, definition), typed),
          h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Commencer la saisie"))),
        h("p", {cls("soft")},
          "Votre nom et la façon dont la demande est venue sont inscrits au dossier. Vous "
          "remplissez "
          "le même formulaire que les usagers."));
    return Response::html(
        page(who.frame, typed.faults.empty() ? title : "Erreur\u00a0: saisir une demande", main),
        status);
  }

  Response to_form(const Request& request, const casework::Opened& opened,
                   const api::Visit& visit) const {
    std::string base = "/";
    for (const tenancy::Commune& commune : desk_.communes)
      if (commune.insee == opened.commune) base = "/" + commune.slug + "/";
    const std::string whole = base + "demarches/" + http::percent_encode(opened.definition->id);
    return Response::redirect(whole + "/suite")
        .set("Set-Cookie", portal::cookie_of(visit, whole, request, portal::kDraftCookie));
  }

  const Desk& desk_;
};

}  // namespace

std::vector<tenancy::Commune> typed_in(const Desk& desk, const Entered& who,
                                       const Definition& definition) {
  std::vector<tenancy::Commune> out;
  if (!who.may(casework::Act::deposit)) return out;
  for (const tenancy::Commune& commune : desk.communes)
    if (definition.serves(commune.insee) &&
        casework::answers_for(who.author, definition.service_for(commune.insee), commune.insee))
      out.push_back(commune);
  return out;
}

std::string typing_url(const std::string& procedure) {
  return std::string(kForms) + "/" + http::percent_encode(procedure) + "/saisie";
}

void add_counter(http::Router& router, const Desk& desk, const Gate& gate) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const CounterPages>(desk);
  const std::string one = std::string(kForms) + "/{id}/saisie";
  router.get(one, gate.shown([pages](const Request& request, const Entered& who) {
    return pages->form(request, who);
  }),
             desk.casework.budgets.reads);
  router.post(one, gate.sent([pages](const Request& request, const Entered& who) {
    return pages->begin(request, who);
  }),
              desk.casework.budgets.writes);
}

}  // namespace parvis::desk
