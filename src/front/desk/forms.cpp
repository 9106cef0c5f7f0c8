#include "desk/forms.hpp"

#include <algorithm>

#include "calendar/words.hpp"
#include "desk/counter.hpp"
#include "http/url.hpp"
#include "portal/icons.hpp"
#include "portal/pages.hpp"
#include "procedure/procedure_store.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using http::Request;
using http::Response;
using procedure::Definition;

constexpr std::string_view kForms = "/bureau/demarches";

Html form_link(const Definition& definition, const tenancy::Commune* commune) {
  std::string to = std::string(kForms) + "/" + http::percent_encode(definition.id) + "/formulaire";
  if (commune != nullptr) to.append("?commune=").append(http::percent_encode(commune->insee));
  return h("a", {cls("link"), href(to)}, portal::icon(portal::Icon::print), "Formulaire vide (PDF)",
           commune == nullptr ? std::string() : ", " + commune->name,
           h("span", {cls("vh")}, "\u00a0: ", definition.title));
}

class FormPages {
 public:
  explicit FormPages(const Desk& desk) : desk_(desk) {}

  Response list(const Request&, const Entered& who) const {
    if (!who.may_read()) throw casework::gone();
    Html lines;
    for (const auto& each : desk_.casework.catalogue.offered(who.cx.tenant, ""))
      lines += line(*each, who);
    std::vector<RailEntry> entries = {{"/bureau/dossiers", "Dossiers"}};
    if (desk_.appointing != nullptr) entries.push_back({"/bureau/rendez-vous", "Rendez-vous"});
    entries.push_back({std::string(kForms), "Démarches", true});
    return Response::html(page(
        who.frame, "Démarches",
        fragment(rail("Bureau", entries),
                 h("div", {cls("list visits")}, h("div", {cls("list-head")}, h("h1", "Démarches")),
                   h("p", {cls("lead")},
                     "Pour un appel, une visite ou un courrier\u00a0: saisissez la demande avec la "
                     "personne, ou imprimez le formulaire."),
                   drafts(who),
                   lines.empty() ? h("p", "Aucune démarche n’est publiée.")
                                 : h("ul", {cls("visits-list")}, lines))),
        Shape::board));
  }

  Response form(const Request& request, const Entered& who) const {
    if (!who.may_read()) throw casework::gone();
    const auto definition =
        desk_.casework.catalogue.newest(who.cx.tenant, request.param("id").value_or(""));
    if (!definition || !desk_.form_pdf)
      return Response::html(page(who.frame, "Page introuvable", refused(404, "")), 404);
    const auto office = office_of(*definition, request.query_value("commune").value_or(""));
    Response out{.status = 200};
    out.body = desk_.form_pdf(*definition, office ? &*office : nullptr);
    return std::move(out)
        .set("Content-Type", "application/pdf")
        .set("Content-Disposition",
             "attachment; filename=\"formulaire-" + definition->id + ".pdf\"");
  }

 private:
  // One, unless the service that takes it depends on the commune.
  Html links(const Definition& definition) const {
    if (!desk_.form_pdf) return {};
    if (definition.services.size() < 2) return h("p", form_link(definition, nullptr));
    Html out;
    for (const tenancy::Commune& commune : desk_.communes)
      if (definition.serves(commune.insee)) out += h("p", form_link(definition, &commune));
    return out;
  }

  Html line(const Definition& definition, const Entered& who) const {
    return h("li", {cls("visit")},
             h("div", {cls("flow")}, h("h2", definition.title), h("p", definition.summary),
               when(!typed_in(desk_, who, definition).empty(),
                    [&] {
                      return h("p", h("a", {cls("btn btn--2"), href(typing_url(definition.id))},
                                      "Saisir une demande pour une personne",
                                      h("span", {cls("vh")}, "\u00a0: ", definition.title)));
                    }),
               links(definition)));
  }

  // What this agent began to type, and did not send.
  Html drafts(const Entered& who) const {
    const auto typings = desk_.casework.cases.typings(who.cx, who.author);
    if (typings.empty()) return {};
    return h("section", {cls("flow"), attr("aria-labelledby", "saisies")},
             h("h2", {id("saisies")}, "Vos saisies en cours"),
             h("ul", {cls("visits-list")}, each(typings, [&](const casework::Typing& typing) {
                 const auto definition =
                     desk_.casework.catalogue.newest(who.cx.tenant, typing.procedure);
                 const std::string title = definition ? definition->title : typing.procedure;
                 const LocalTime saved = who.cx.zone.local(typing.saved_at);
                 const std::string when_saved = calendar::date_words(civil_date(saved)) + ", à " +
                                                calendar::time_words(time_of_day(saved));
                 return h(
                     "li", {cls("visit")},
                     h("div", {cls("flow")}, h("h3", title),
                       h("p", {cls("soft")}, "Demande faite ", casework::words(typing.way),
                         ", gardée ", when_saved, "."),
                       h("form", {action(typing_url(typing.procedure)), attr("method", "post")},
                         portal::hidden("_token", who.frame.token),
                         portal::hidden("reprendre", typing.id),
                         h("button", {cls("btn btn--2")}, "Reprendre",
                           h("span", {cls("vh")}, "\u00a0: ", title, ", ", when_saved)))));
               })));
  }

  // Of that commune; else of the first that knows it.
  std::optional<directory::Service> office_of(const Definition& definition,
                                              std::string_view wanted) const {
    for (const tenancy::Commune& commune : desk_.communes) {
      if ((!wanted.empty() && commune.insee != wanted) || !definition.serves(commune.insee))
        continue;
      const auto services = desk_.services(commune.insee);
      const auto found = std::ranges::find(services, definition.service_for(commune.insee),
                                           &directory::Service::id);
      if (found != services.end()) return *found;
    }
    return std::nullopt;
  }

  const Desk& desk_;
};

}  // namespace

void add_forms(http::Router& router, const Desk& desk, const Gate& gate) {
  // Shared: the handlers of the router are its owners.
  const auto pages = std::make_shared<const FormPages>(desk);
  const http::RouteOptions& reads = desk.casework.budgets.reads;
  router.get(std::string(kForms), gate.shown([pages](const Request& request, const Entered& who) {
    return pages->list(request, who);
  }),
             reads);
  router.get(std::string(kForms) + "/{id}/formulaire",
             gate.shown([pages](const Request& request, const Entered& who) {
               return pages->form(request, who);
             }),
             reads);
}

}  // namespace parvis::desk
