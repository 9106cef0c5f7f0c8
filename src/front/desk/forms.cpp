#include "desk/forms.hpp"

#include <algorithm>

#include "http/url.hpp"
#include "portal/icons.hpp"
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
      lines += line(*each);
    std::vector<RailEntry> entries = {{"/bureau/dossiers", "Dossiers"}};
    if (desk_.appointing != nullptr) entries.push_back({"/bureau/rendez-vous", "Rendez-vous"});
    entries.push_back({std::string(kForms), "Démarches", true});
    return Response::html(page(
        who.frame, "Démarches",
        fragment(rail("Bureau", entries),
                 h("div", {cls("list visits")}, h("div", {cls("list-head")}, h("h1", "Démarches")),
                   h("p", {cls("lead")},
                     "Pour un appel ou une visite\u00a0: imprimez le formulaire, puis "
                     "remplissez-le avec "
                     "la personne."),
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

  Html line(const Definition& definition) const {
    return h("li", {cls("visit")},
             h("div", {cls("flow")}, h("h2", definition.title), h("p", definition.summary),
               links(definition)));
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
