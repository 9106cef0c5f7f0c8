#include <algorithm>

#include "portal/icons.hpp"
#include "portal/pages.hpp"

namespace parvis::portal {

using namespace html;

namespace {

bool capital(std::string_view word) {
  if (word.empty()) return false;
  if (word[0] >= 'A' && word[0] <= 'Z') return true;
  return word.size() > 1 && word[0] == '\xC3' && word[1] >= '\x80' && word[1] <= '\x9E';  // À to Þ
}

// "Agglomération du | Val d’Orle": the plaque writes what a place is small and its name large. The
// name starts at the first capital after the first word.
std::size_t name_start(std::string_view town) {
  for (std::size_t space = town.find(' '); space != std::string_view::npos;
       space = town.find(' ', space + 1))
    if (capital(town.substr(space + 1))) return space + 1;
  return 0;
}

Html header(const Frame& frame) {
  return h("header", {cls("top")},
           h("div", {cls("wrap")}, plaque(frame.town, frame.base),
             when(!frame.communes.empty(),
                  [&] {
                    return h("p", {cls("where")}, "Ma commune\u00a0: ",
                             h("a", {href(frame.base + "#communes")},
                               frame.commune == nullptr ? "à choisir" : frame.commune->name));
                  }),
             h("nav", {attr("aria-label", "Principale")},
               h("ul",
                 // The themes are on the home page too.
                 frame.procedures
                     ? fragment(
                           h("li", h("a", {href(frame.base + "demarches")}, "Démarches")),
                           h("li", h("a", {href(frame.base + "rendez-vous")}, "Rendez-vous")),
                           h("li", h("a", {href(frame.base + "dossiers")}, "Suivre un dossier")))
                     : h("li", h("a", {href(frame.base + "themes")}, "Tous les thèmes")),
                 // Services are on the home page too; five links would not fit on a line.
                 when(!frame.procedures,
                      [&] {
                        return h("li",
                                 h("a", {href(frame.base + "services")}, "Services et horaires"));
                      }),
                 h("li", h("a", {href("#personne")}, "Parler à une personne"))))),
           h("div", {cls("kerb")}));
}

Html person(const Frame& frame) {
  const bool phones = frame.desk && !frame.desk->phones.empty();
  return h("section", {cls("person"), id("personne"), attr("aria-labelledby", "personne-titre")},
           h("span", {cls("mark--person")}, icon(Icon::person)),
           h("div", {cls("flow")}, h("h2", {id("personne-titre")}, "Parler à une personne"),
             when(frame.desk.has_value(),
                  [&] { return h("p", frame.desk->name, ". ", frame.desk->open_words, "."); }),
             h("p", {cls("soft")}, phones ? "Ou appelez le " : "Appelez le ",
               h("a", {href("tel:3939")}, "39\u00a039"),
               " (Allô service public), ou allez à votre mairie.")),
           when(phones, [&] { return h("ul", {cls("row")}, phone_links(frame.desk->phones)); }));
}

Html typed_notice(const Frame& frame) {
  if (frame.typed.empty()) return {};
  return h("div", {cls("wrap")},
           h("div", {cls("notice notice--plain typed")}, h("p", h("strong", frame.typed)),
             h("p", "Lisez chaque question à la personne. ",
               h("a", {href("/bureau/demarches")}, "Revenir au bureau"))));
}

Html theme_choice(std::string_view value_of, std::string_view label, bool chosen) {
  return h("label",
           h("input", {type("radio"), name("theme"), value(value_of),
                       id("theme-" + std::string(value_of)), flag("checked", chosen)}),
           " ", label);
}

Html footer(const Frame& frame) {
  return h(
      "footer", {cls("foot")}, h("div", {cls("kerb")}),
      h("div", {cls("wrap")},
        h("p", h("strong", "Danger immédiat\u202f?"), " Appelez le ",
          h("a", {href("tel:112")}, "112"), ". Par SMS ou visio\u00a0: le ",
          h("a", {href("tel:114")}, "114"), "."),
        h("p", {cls("soft")},
          "Les fiches nationales datent de novembre 2020. Des règles ont pu changer depuis."),
        h("p", {cls("soft")},
          frame.procedures
              ? "Aucun suivi. Vos questions ne sont pas conservées, sauf dans une conversation. Un "
                "cookie retrouve votre conversation ou votre brouillon, et vous pouvez l’effacer."
              : "Aucun suivi. Vos questions ne sont pas conservées, sauf dans une "
                "conversation\u00a0: un cookie la retrouve, et vous pouvez l’effacer."),
        display_form()));
}

}  // namespace

Html plaque(std::string_view town, std::string_view to) {
  const std::size_t at = name_start(town);
  return h("a", {cls("plaque"), href(to)},
           when(at > 0, [&] { return h("small", town.substr(0, at - 1)); }), " ",
           h("b", town.substr(at)));
}

Html display_form() {
  return h("form",
           h("fieldset", h("legend", "Affichage"), theme_choice("auto", "Comme l’appareil", true),
             theme_choice("light", "Clair", false), theme_choice("dark", "Sombre", false)));
}

std::string page(const Frame& frame, std::string_view title, const Html& main) {
  return document(
             h("html", {lang("fr")},
               h("head", h("meta", {attr("charset", "utf-8")}),
                 h("meta",
                   {name("viewport"), attr("content", "width=device-width, initial-scale=1")}),
                 h("meta", {name("color-scheme"), attr("content", "light dark")}),
                 h("title", title, ", ",
                   frame.commune == nullptr ? frame.town : frame.commune->name),
                 h("link", {attr("rel", "icon"), type("image/svg+xml"), href(frame.files.icon)}),
                 h("link", {attr("rel", "stylesheet"), href(frame.files.town_css)}),
                 h("link", {attr("rel", "stylesheet"), href(frame.files.css)}),
                 h("script", {src(frame.files.script)})),
               h("body", h("a", {cls("skip"), href("#contenu")}, "Aller au contenu"), header(frame),
                 h("main", {id("contenu"), attr("tabindex", "-1")}, typed_notice(frame), main,
                   h("div", {cls("wrap")}, person(frame))),
                 footer(frame))))
      .str();
}

std::string sheet_url(const Frame& frame, std::string_view audience, std::string_view id) {
  return frame.base + "fiche/" + std::string(audience) + "/" + std::string(id);
}

}  // namespace parvis::portal
