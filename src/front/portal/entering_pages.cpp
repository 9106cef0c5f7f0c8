#include "portal/entering_pages.hpp"

#include <utility>
#include <vector>

#include "portal/case_pages.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

using namespace html;

namespace {

// A field of one line, with its hint and what is wrong with it.
struct Line {
  std::string_view id, name, label, hint;
  const std::string &fault, &typed;
  std::string_view type = "text", fills = "off";
};
Html field_of(const Line& line) {
  const std::string error = std::string(line.id) + "-erreur", help = std::string(line.id) + "-aide";
  const bool wrong = !line.fault.empty();
  return h(
      "div", {cls(wrong ? "field group" : "field")}, h("label", {attr("for", line.id)}, line.label),
      h("p", {cls("hint"), id(help)}, line.hint),
      when(wrong,
           [&] {
             return h("p", {cls("err"), id(error)}, h("span", {cls("vh")}, "Erreur\u00a0: "),
                      line.fault);
           }),
      h("input", {cls("in in--mid"), id(line.id), name(line.name), type(line.type),
                  value(line.typed), attr("autocomplete", line.fills), attr("spellcheck", "false"),
                  attr("aria-describedby", wrong ? error + " " + help : help),
                  attr_if(wrong, "aria-invalid", "true")}));
}

constexpr std::string_view kReferenceHint =
    "Elle est sur l’accusé de réception. Exemple\u00a0: KILU-BAFO-7.";

Html press_again() {
  return h("div", {cls("notice"), attr("role", "alert")},
           h("p", h("strong", "Appuyez encore une fois sur le bouton.")),
           h("p", "Votre navigateur ne dit pas d’où vient la demande."));
}

// For who has a code on paper. `reference`: a field, or what is known.
Html code_form(const Frame& frame, const Html& reference, const std::string& fault,
               const std::string& start) {
  return h("form",
           {cls("questions"), action(cases_url(frame, "code")), attr("method", "post"),
            flag("novalidate")},
           when(!start.empty(), [&] { return hidden("_start", start); }), reference,
           field_of({.id = "code",
                     .name = "code",
                     .label = "Votre code",
                     .hint = "Douze chiffres et lettres, sur l’accusé de réception imprimé. "
                             "Exemple\u00a0: 7K3M-Q9TR-2WXD.",
                     .fault = fault,
                     .typed = std::string()}),
           h("div", {cls("row")}, h("button", {cls("btn btn--2")}, "Ouvrir avec mon code")));
}

Html neither() {
  return h("p", {cls("soft")},
           "Ni adresse e-mail, ni code\u202f? Appelez le service, avec la référence.");
}

}  // namespace

Html follow(const Frame& frame, const Following& following) {
  std::vector<std::pair<std::string, std::string>> faults;
  for (const auto& [to, fault] :
       {std::pair<std::string, std::string>{"#reference", following.reference_fault},
        {"#email", following.email_fault},
        {"#reference-code", following.code_reference_fault},
        {"#code", following.code_fault}})
    if (!fault.empty()) faults.emplace_back(to, fault);
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, when(!faults.empty(), [&] { return error_summary(faults); }),
        when(!following.start.empty(), press_again), h("h1", "Suivre un dossier"),
        h("p", {cls("lead")},
          "Nous vous envoyons un lien par e-mail. Il ouvre votre dossier, dans ce navigateur."),
        h("form",
          {cls("questions"), action(cases_url(frame)), attr("method", "post"), flag("novalidate")},
          field_of({.id = "reference",
                    .name = "reference",
                    .label = "Référence du dossier",
                    .hint = kReferenceHint,
                    .fault = following.reference_fault,
                    .typed = following.reference}),
          field_of({.id = "email",
                    .name = "email",
                    .label = "Adresse e-mail",
                    .hint = "Celle que vous avez donnée dans la demande.",
                    .fault = following.email_fault,
                    .typed = following.email,
                    .type = "email",
                    .fills = "email"}),
          h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Recevoir mon lien"))),
        h("details", {attr_if(following.code_open, "open", "")},
          h("summary", "Vous avez un code sur papier"),
          h("div", {cls("matter")},
            code_form(frame,
                      field_of({.id = "reference-code",
                                .name = "reference",
                                .label = "Référence du dossier",
                                .hint = kReferenceHint,
                                .fault = following.code_reference_fault,
                                .typed = following.code_reference}),
                      following.code_fault, following.start))),
        neither()));
}

Html link_sent(const Frame& frame, std::string_view code) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Regardez vos e-mails"),
        h("p", {cls("lead"), attr("role", "status")},
          "Si une demande existe avec ces indications, un message vient de partir."),
        h("p",
          "Ouvrez son lien dans ce navigateur. Il sert une seule fois, pendant dix minutes. "
          "Regardez aussi parmi les indésirables."),
        when(!code.empty(),
             [&] {
               return fragment(h("h2", "Vous lisez vos e-mails ailleurs\u202f?"),
                               h("p", "Sur un autre appareil, le lien vous demande ce code\u00a0:"),
                               h("p", {cls("plaque plaque--ref")}, h("small", "Code"), " ",
                                 h("b", {cls("num")}, code.substr(0, 3), "\u00a0", code.substr(3))),
                               h("p", "Gardez cette page ouverte. Ne donnez ce code à personne."));
             }),
        h("p",
          "Rien ne vient\u202f? Vérifiez la référence et l’adresse, ou appelez le service. Nous "
          "n’envoyons que quelques liens par heure."),
        h("ul", {cls("links")},
          h("li", h("a", {cls("link"), href(cases_url(frame))}, "Essayer de nouveau")),
          h("li", h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil")))));
}

Html ask_to_open(const Frame& frame, const std::string& reference) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        h("h1", "Ouvrir le dossier ", h("span", {cls("num")}, reference)),
        h("p", {cls("lead")}, "Il n’est pas ouvert dans ce navigateur, ou ne l’est plus."),
        h("p",
          "Nous envoyons un lien à l’adresse e-mail de la demande. Il sert une seule fois, pendant "
          "dix minutes."),
        h("form", {action(cases_url(frame, reference, "/lien")), attr("method", "post")},
          h("button", {cls("btn btn--big")}, "Recevoir un lien par e-mail")),
        h("details", h("summary", "Vous avez un code sur papier"),
          h("div", {cls("matter")},
            code_form(frame, hidden("reference", reference), std::string(), std::string()))),
        neither(),
        h("ul", {cls("links")},
          h("li", h("a", {cls("link"), href(cases_url(frame))}, "Suivre un autre dossier")))));
}

Html not_sent(const Frame& frame, const std::string& reference, std::string_view written) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Votre message n’est pas parti"),
        h("p", {cls("lead"), attr("role", "alert")},
          "Votre dossier s’est fermé entre-temps, pour votre sécurité."),
        h("p", "Copiez votre texte. Ouvrez de nouveau le dossier, puis collez-le."),
        h("div", {cls("field")}, h("label", {attr("for", "message")}, "Votre texte"),
          h("textarea", {cls("in"), id("message"), attr("rows", 6), flag("readonly")}, written)),
        h("div", {cls("row")},
          h("a", {cls("btn"), href(cases_url(frame, reference))}, "Ouvrir mon dossier"))));
}

std::string way_in_title(const WayIn& way) {
  return way.fault.empty() ? "Ouvrir votre dossier" : "Erreur\u00a0: ouvrir votre dossier";
}

Html way_in(const Frame& frame, const WayIn& way) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")},
        when(!way.fault.empty(), [&] { return error_summary({{"#code", way.fault}}); }),
        when(!way.start.empty(), press_again), h("h1", "Ouvrir votre dossier"),
        h("p", {cls("lead")},
          way.elsewhere ? "Ce lien a été demandé dans un autre navigateur, ou sur un autre "
                          "appareil."
                        : "Ce lien sert une seule fois. Il ouvre votre dossier dans ce "
                          "navigateur."),
        h("form", {cls("questions"), action(way.to), attr("method", "post"), flag("novalidate")},
          when(!way.start.empty(), [&] { return hidden("_start", way.start); }),
          when(way.elsewhere,
               [&] {
                 return field_of({.id = "code",
                                  .name = "code",
                                  .label = "Code à six chiffres",
                                  .hint = "Il est affiché là où vous avez demandé le lien.",
                                  .fault = way.fault,
                                  .typed = way.code,
                                  .fills = "one-time-code"});
               }),
          h("div", {cls("row")}, h("button", {cls("btn btn--big")}, "Ouvrir mon dossier"))),
        h("p",
          "Vous n’avez pas demandé ce lien\u202f? N’ouvrez rien, et ne donnez le code à personne. ",
          h("a", {href(frame.base)}, "Revenir à l’accueil"))));
}

Html open_link(const Frame& frame, const std::string& to, const std::string& start, bool confirm) {
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, when(confirm, press_again), h("h1", "Ouvrir votre demande"),
        h("p", {cls("lead")}, "Ce lien est personnel. Il ouvre vos réponses sur cet appareil."),
        h("form", {action(to), attr("method", "post")}, hidden("_start", start),
          h("button", {cls("btn btn--big")}, "Ouvrir ma demande")),
        h("p",
          "Ce lien ne vient pas de vous\u202f? Ne l’ouvrez pas\u00a0: n’écrivez rien dans une "
          "demande qui n’est pas la vôtre. ",
          h("a", {href(frame.base)}, "Revenir à l’accueil"))));
}

}  // namespace parvis::portal
