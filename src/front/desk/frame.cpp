#include "desk/frame.hpp"

#include <algorithm>

#include "portal/frames.hpp"
#include "portal/icons.hpp"
#include "portal/pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

Html initial(std::string_view name) {
  std::size_t end = 1;  // one character, however many bytes
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) ++end;
  return h("span", {cls("mark mark--person"), attr("aria-hidden", "true")}, name.substr(0, end));
}

Html search(const Frame& frame) {
  return h("form",
           {cls("find"), action("/bureau/dossiers"), attr("method", "get"), attr("role", "search")},
           h("label", {cls("vh"), attr("for", "q")}, "Chercher un dossier"),
           h("input", {cls("in"), id("q"), name("q"), type("search"), value(frame.sought),
                       attr("autocomplete", "off"), attr("spellcheck", "false"),
                       attr("placeholder", "Référence, e-mail, téléphone, nom")}),
           h("button", {cls("btn btn--2")}, "Chercher"));
}

Html header(const Frame& frame) {
  return h("header", {cls("desk-top")},
           portal::plaque(frame.town, frame.agent.empty() ? "/" : "/bureau/dossiers"),
           when(!frame.agent.empty(), [&] {
             return fragment(search(frame),
                             h("nav", {cls("me"), attr("aria-label", "Votre compte")},
                               initial(frame.agent), h("span", frame.agent),
                               h("a", {cls("link"), href("/bureau/mot-de-passe")}, "Mot de passe"),
                               h("form", {action("/bureau/deconnexion"), attr("method", "post")},
                                 portal::hidden("_token", frame.token),
                                 h("button", {cls("link")}, "Se déconnecter"))));
           }));
}

std::string described(const Line& line) {
  std::string out;
  if (!line.fault.empty()) out.append(line.own).append("-erreur");
  if (!line.hint.empty()) out.append(out.empty() ? "" : " ").append(line.own).append("-aide");
  return out;
}

Html label_of(const Line& line) {
  return fragment(
      h("label", {attr("for", line.own)}, line.label,
        when(line.optional, [] { return h("span", {cls("maybe")}, " (facultatif)"); })),
      when(!line.hint.empty(),
           [&] { return h("p", {cls("hint"), id(std::string(line.own) + "-aide")}, line.hint); }),
      when(!line.fault.empty(), [&] {
        return h("p", {cls("err"), id(std::string(line.own) + "-erreur")},
                 h("span", h("span", {cls("vh")}, "Erreur\u00a0: "), line.fault));
      }));
}

}  // namespace

Files files_of(const http::Assets& assets) {
  return {.town_css = std::string(portal::kTownCss),
          .css = assets.url("portal.css"),
          .desk_css = assets.url("desk.css"),
          .script = assets.url("portal.js"),
          .icon = assets.url("favicon.svg")};
}

std::string page(const Frame& frame, std::string_view title, const Html& main, Shape shape) {
  return document(
             h("html", {lang("fr")},
               h("head", h("meta", {attr("charset", "utf-8")}),
                 h("meta",
                   {name("viewport"), attr("content", "width=device-width, initial-scale=1")}),
                 h("meta", {name("color-scheme"), attr("content", "light dark")}),
                 h("meta", {name("robots"), attr("content", "noindex")}),
                 h("title", title, ", bureau, ", frame.town),
                 h("link", {attr("rel", "icon"), type("image/svg+xml"), href(frame.files.icon)}),
                 h("link", {attr("rel", "stylesheet"), href(frame.files.town_css)}),
                 h("link", {attr("rel", "stylesheet"), href(frame.files.css)}),
                 h("link", {attr("rel", "stylesheet"), href(frame.files.desk_css)}),
                 h("script", {src(frame.files.script)})),
               h("body", {cls("desk")}, h("a", {cls("skip"), href("#contenu")}, "Aller au contenu"),
                 header(frame),
                 h("main",
                   {id("contenu"), attr("tabindex", "-1"),
                    cls(shape == Shape::board ? "board" : "column")},
                   main),
                 h("footer", {cls("desk-foot")}, portal::display_form()))))
      .str();
}

Html rail(std::string_view label, const std::vector<RailEntry>& entries) {
  return h("nav", {cls("rail"), attr("aria-label", label)},
           h("ul", each(entries, [](const RailEntry& entry) {
               return h("li",
                        h("a", {href(entry.to), attr_if(entry.current, "aria-current", "page")},
                          entry.words));
             })));
}

std::string case_url(std::string_view reference, std::string_view act) {
  std::string out = "/bureau/dossiers/";
  out.append(reference);
  if (!act.empty()) out.append("/").append(act);
  return out;
}

Html paragraphs(std::string_view text) {
  Html out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += h("p", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Html line_field(const Line& line, const Kind& kind) {
  const std::string by = described(line);
  return h(
      "div", {cls(line.fault.empty() ? "field" : "field group")}, label_of(line),
      h("input", {cls(kind.style), id(line.own), name(line.field.empty() ? line.own : line.field),
                  type(kind.type), value(line.value), attr("autocomplete", kind.autocomplete),
                  attr("spellcheck", "false"), attr_if(!by.empty(), "aria-describedby", by),
                  attr_if(!line.fault.empty(), "aria-invalid", "true")}));
}

Html area_field(const Line& line, int rows) {
  const std::string by = described(line);
  return h("div", {cls(line.fault.empty() ? "field" : "field group")}, label_of(line),
           h("textarea",
             {cls("in"), id(line.own), name(line.own), attr("rows", rows),
              attr_if(!by.empty(), "aria-describedby", by),
              attr_if(!line.fault.empty(), "aria-invalid", "true")},
             line.value));
}

Html summary(const std::vector<Fault>& faults) {
  if (faults.empty()) return {};
  std::vector<std::pair<std::string, std::string>> links;
  for (const Fault& fault : faults)
    links.emplace_back(fault.field.empty() ? "" : "#" + fault.field, fault.words);
  return portal::error_summary(links);
}

std::string fault_of(const std::vector<Fault>& faults, std::string_view field) {
  const auto found = std::ranges::find(faults, field, &Fault::field);
  return found == faults.end() ? std::string() : found->words;
}

Html notice(const Html& inside) {
  return h("div", {cls("notice done"), attr("role", "status")}, portal::icon(portal::Icon::check),
           h("div", inside));
}

Html resumed_notice() {
  return notice(h("p",
                  "Vous êtes reconnecté. Ce que vous avez écrit est là\u00a0: relisez, puis "
                  "envoyez."));
}

Html lost() {
  return fragment(
      h("h1", "Ce dossier n’est pas à votre service"),
      h("p", {cls("lead")},
        "Il n’existe pas, ou un autre service le suit. Vérifiez la référence\u00a0: elle s’écrit "
        "comme KILU-BAFO-7."),
      h("p", h("a", {cls("btn"), href("/bureau/dossiers")}, "Revenir aux dossiers")));
}

Html lost_appointment() {
  return fragment(
      h("h1", "Ce rendez-vous n’est pas à votre service"),
      h("p", {cls("lead")},
        "Il n’existe pas, il est effacé, ou un autre service le suit. Partez du jour pour le "
        "retrouver."),
      h("p", h("a", {cls("btn"), href("/bureau/rendez-vous")}, "Voir les rendez-vous du jour")));
}

Html refused(int status, std::string_view detail) {
  const char* title = status == 404   ? "Cette page n’existe pas"
                      : status == 403 ? "Ce formulaire ne peut pas être reçu"
                      : status == 429 ? "Trop de demandes en ce moment"
                                      : "La page ne peut pas s’afficher";
  const char* words =
      status == 404   ? "Vérifiez l’adresse, ou partez de la liste des dossiers."
      : status == 403 ? "Il ne vient pas de cette page, ou elle est trop ancienne. Revenez au "
                        "dossier, puis recommencez."
      : status == 429 ? "Attendez une minute, puis rechargez la page."
                      : "Réessayez dans un instant. Si cela dure, appelez votre administrateur.";
  return fragment(h("h1", title), h("p", {cls("lead")}, words),
                  when(!detail.empty() && status < 500 && status != 404 && status != 403,
                       [&] { return h("p", detail); }),
                  h("p", h("a", {cls("btn"), href("/bureau/dossiers")}, "Voir les dossiers")));
}

}  // namespace parvis::desk
