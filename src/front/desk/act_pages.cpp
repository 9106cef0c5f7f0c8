#include <algorithm>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "desk/case_pages.hpp"
#include "desk/parts.hpp"
#include "portal/pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using casework::Act;
using casework::Decision;
using casework::Verdict;

Html head(const Shown& shown, std::string_view title) {
  const std::string& reference = shown.opened.reference;
  return fragment(portal::back_link(case_url(reference), "Dossier " + reference), h("h1", title),
                  h("p", shown.receipt.title, " ", h("span", {cls("num")}, reference)),
                  state_line(shown));
}

Html hidden_part(const Shown& shown, const Typed& typed) {
  return fragment(portal::hidden("_token", shown.token), portal::hidden("id", typed.id),
                  portal::hidden("seen", std::to_string(shown.opened.events.back().seq)));
}

// What happened since, for who did not see it.
Html news(const Shown& shown, std::int64_t seen) {
  Html items;
  for (const casework::Happened& event : shown.opened.events)
    if (event.seq > seen) items += happened(shown, event);
  return when(!items.empty(), [&] { return h("ol", {cls("story")}, items); });
}

Html changed(const Shown& shown, const Acting& acting, std::string_view why) {
  return h("div",
           // Faults come first, when there are some too.
           {cls("summary flow"), attr_if(acting.faults.empty(), "id", "erreurs"),
            attr("role", "alert"), attr("tabindex", "-1"), attr("aria-labelledby", "change")},
           h("h2", {id("change")}, "Le dossier a changé entre-temps"), h("p", why),
           news(shown, acting.typed.seen));
}

Html text_field(const Acting& acting, std::string_view label, std::string_view hint,
                bool optional = false, int rows = 5) {
  return area_field({.own = "text",
                     .label = label,
                     .hint = hint,
                     .fault = fault_of(acting.faults, "text"),
                     .value = acting.typed.text,
                     .optional = optional},
                    rows);
}

Html piece_boxes(const Facts& facts, const Acting& acting) {
  if (facts.documents.empty()) return {};
  const std::string fault = fault_of(acting.faults, "pieces");
  return h(
      "div", {cls(fault.empty() ? "field" : "field group")},
      h("fieldset", {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "pieces-erreur")},
        h("legend", {cls("label")}, "Pièces de la démarche"),
        when(!fault.empty(), [&] { return h("p", {cls("err"), id("pieces-erreur")}, fault); }),
        h("div", {cls("tick")}, each(facts.documents, [&](const procedure::Document* each) {
            const bool first = each == facts.documents.front();
            return h("label",
                     h("input", {type("checkbox"), name("pieces"), value(each->id),
                                 id(first ? std::string("pieces") : "piece-" + each->id),
                                 flag("checked", std::ranges::find(acting.typed.pieces, each->id) !=
                                                     acting.typed.pieces.end())}),
                     h("span", each->label, when(!each->when_words.empty(), [&] {
                         return h("small", each->when_words);
                       })));
          }))));
}

// Of the documents that were asked for, those that the act is about.
Html ask_boxes(const Facts& facts, const Acting& acting, std::string_view legend) {
  const auto open = asks_for(acting.form.act, facts.asks);
  const std::string fault = fault_of(acting.faults, "asks");
  return h("div", {cls(fault.empty() ? "field" : "field group")},
           h("fieldset", {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "asks-erreur")},
             h("legend", {cls("label")}, legend),
             when(!fault.empty(), [&] { return h("p", {cls("err"), id("asks-erreur")}, fault); }),
             h("div", {cls("tick")}, each(open, [&](const casework::Ask* ask) {
                 const bool first = ask == open.front();
                 const bool chosen =
                     open.size() == 1 ||
                     std::ranges::find(acting.typed.asks, ask->id) != acting.typed.asks.end();
                 return h("label",
                          h("input", {type("checkbox"), name("asks"), value(ask->id),
                                      id(first ? std::string("asks") : "ask-" + ask->id),
                                      flag("checked", chosen)}),
                          h("span", ask->label));
               }))));
}

// How the démarche ends.
Html end_choice(const Facts& facts, const Acting& acting) {
  const std::string fault = fault_of(acting.faults, "end");
  const auto& ends = facts.opened.definition->ends;
  return h("div", {cls(fault.empty() ? "field" : "field group")},
           h("fieldset", {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "end-erreur")},
             h("legend", {cls("label")}, "Suite donnée"),
             when(!fault.empty(), [&] { return h("p", {cls("err"), id("end-erreur")}, fault); }),
             h("div", {cls("tick")}, each(ends, [&](const procedure::End& end) {
                 return h(
                     "label",
                     h("input", {type("radio"), name("end"), value(end.id),
                                 id(&end == &ends.front() ? std::string("end") : "end-" + end.id),
                                 flag("checked", acting.typed.end == end.id)}),
                     h("span", end.label,
                       h("small", end.words, end.reason ? ". Dites pourquoi." : ".")));
               }))));
}

Html service_choice(const Facts& facts, const Acting& acting) {
  const std::string fault = fault_of(acting.faults, "service");
  return h("div", {cls(fault.empty() ? "field" : "field group")},
           h("label", {attr("for", "service")}, "Service qui reprend le dossier"),
           when(!fault.empty(), [&] { return h("p", {cls("err"), id("service-erreur")}, fault); }),
           h("select",
             {cls("in"), id("service"), name("service"),
              attr_if(!fault.empty(), "aria-describedby", "service-erreur"),
              attr_if(!fault.empty(), "aria-invalid", "true")},
             h("option", {value("")}, "Choisir"),
             each(facts.services, [&](const directory::Service& each) {
               return h("option",
                        {value(each.id), flag("selected", each.id == acting.typed.service)},
                        each.name);
             })));
}

constexpr std::string_view kRead = "L’usager le lit dans son suivi.";

Html fields_of(const Facts& facts, const Acting& acting) {
  const auto line = [&](std::string_view own, std::string_view label, std::string_view hint,
                        const std::string& typed, std::string_view style = "in") {
    return line_field({.own = own,
                       .label = label,
                       .hint = hint,
                       .fault = fault_of(acting.faults, own),
                       .value = typed},
                      {.style = style});
  };
  const Typed& typed = acting.typed;
  switch (acting.form.act) {
    case Act::ask_pieces:
      return fragment(
          piece_boxes(facts, acting),
          area_field({.own = "other",
                      .label = facts.documents.empty() ? "Pièces" : "Autres pièces",
                      .hint = "Une par ligne. Ce que l’administration détient ne se demande pas "
                              "(CRPA, L113-12).",
                      .fault = fault_of(acting.faults, "other"),
                      .value = typed.other,
                      .optional = !facts.documents.empty()},
                     2),
          line("term", "À donner au plus tard le", "Exemple\u00a0: 15 janvier 2027.", typed.term,
               "in in--mid"),
          text_field(acting, "Pourquoi", kRead, false, 4));
    case Act::give_pieces:
      return fragment(ask_boxes(facts, acting, "Pièces arrivées"),
                      text_field(acting, "Précision", kRead, true, 3));
    case Act::return_pieces:
      return fragment(ask_boxes(facts, acting, "Pièces à redemander"),
                      line("term", "À donner au plus tard le", "Exemple\u00a0: 15 janvier 2027.",
                           typed.term, "in in--mid"),
                      text_field(acting, "Pourquoi", kRead, false, 3));
    case Act::waive_pieces:
      return fragment(ask_boxes(facts, acting, "Pièces qui ne sont plus nécessaires"),
                      text_field(acting, "Pourquoi", kRead, false, 3));
    case Act::settle:
      return fragment(end_choice(facts, acting),
                      text_field(acting, "Ce que vous dites à l’usager",
                                 "Obligatoire quand rien n’est fait\u00a0: il lit pourquoi, et "
                                 "comment revenir.",
                                 true, 4));
    case Act::write:
      return text_field(acting, "Votre message", "", false, 6);
    case Act::note:
      return text_field(acting, "Votre avis", "Les agents seuls le lisent.");
    case Act::accept:
      return text_field(acting, "Conditions ou précisions", "Elles figurent dans la lettre.", true);
    case Act::refuse:
      return fragment(
          text_field(acting, "Motifs",
                     "Les faits, pour cette demande. Ils figurent dans la lettre "
                     "(CRPA, L211-5)."),
          line("law", "Texte appliqué",
               "Exemple\u00a0: code de la voirie routière, article L113-2.", typed.law));
    case Act::transfer:
      return fragment(
          line("to", "Administration compétente", "Exemple\u00a0: préfecture du Loiret.", typed.to),
          text_field(acting, "Pourquoi", kRead, false, 4));
    case Act::reassign:
      return fragment(service_choice(facts, acting),
                      text_field(acting, "Pourquoi", kRead, false, 3));
    case Act::merge:
      return fragment(line("to", "Référence de l’autre dossier",
                           "Celui qui continue\u00a0: le plus ancien.", typed.to, "in in--mid"),
                      text_field(acting, "Précision", kRead, true, 3));
    case Act::reopen:
      return text_field(acting, "Pourquoi", kRead, false, 4);
    case Act::withdraw:
      return text_field(acting, "Comment l’usager l’a dit", kRead, false, 3);
    case Act::take_up:
    case Act::close:
      return text_field(acting, "Précision", kRead, true, 3);
    case Act::deposit:
    case Act::silence:
    case Act::reject_piece:
    case Act::visit:
    case Act::notify:
      break;
  }
  return {};
}

}  // namespace

Html act_page(const Shown& shown, const Facts& facts, const Acting& acting) {
  const std::string to = case_url(shown.opened.reference, acting.form.slug);
  return fragment(
      summary(acting.faults),
      when(acting.changed,
           [&] {
             return changed(shown, acting,
                            "Voici ce qui s’est passé. Ce que vous avez écrit est gardé\u00a0: "
                            "relisez, puis envoyez si c’est encore juste.");
           }),
      when(acting.resumed, resumed_notice), head(shown, acting.form.title),
      h("p", {cls("lead")}, acting.form.lead),
      h("form",
        {cls("questions"), action(to + "#erreurs"), attr("method", "post"), flag("novalidate"),
         attr("autocomplete", "off")},
        hidden_part(shown, acting.typed), fields_of(facts, acting),
        h("div", {cls("row")}, h("button", {cls("btn")}, acting.form.send),
          h("a", {cls("link"), href(case_url(shown.opened.reference))}, "Annuler"))),
      h("details", h("summary", "Relire les réponses de l’usager"),
        h("div", {cls("panel")}, answers(shown.opened))));
}

Html letter_page(const Shown& shown, const Acting& acting, const Decision& decision) {
  const std::string to = case_url(shown.opened.reference, acting.form.slug);
  const auto recipient = casework::recipient_of(shown.opened);
  const auto with_typed = [&](bool sign, const Html& button) {
    return h("form", {action(to + (sign ? "#erreurs" : "")), attr("method", "post")},
             hidden_part(shown, acting.typed), portal::hidden("text", acting.typed.text),
             portal::hidden("law", acting.typed.law), portal::hidden("sign", sign ? "1" : "edit"),
             button);
  };
  const std::string signer = decision.signer.quality.empty()
                                 ? decision.service
                                 : decision.signer.quality + ", " + decision.service;
  return fragment(
      h("h1", "Relire la lettre, puis signer"),
      h("p", {cls("lead")}, "Une décision signée ne s’efface pas. L’usager la reçoit aussitôt."),
      h("article", {cls("letter"), attr("aria-labelledby", "objet")},
        h("div", {cls("from")}, h("p", h("strong", decision.service)),
          each(decision.contact, [](const std::string& line) { return h("p", line); })),
        h("address", each(recipient.read(), [](const std::string& line) { return h("p", line); })),
        h("dl", {cls("kv")}, h("div", h("dt", "Référence"), h("dd", decision.reference)),
          h("div", h("dt", "Démarche"), h("dd", decision.title)),
          h("div", h("dt", "Déposée le"), h("dd", decision.deposited)),
          h("div", h("dt", "Décision du"), h("dd", decision.taken))),
        h("h2", {id("objet")}, words(decision.verdict)), h("p", "Madame, Monsieur,"),
        each(decision.said, [](const std::string& line) { return h("p", line); }),
        when(!decision.motives.empty() || !decision.law.empty(),
             [&] {
               return fragment(
                   h("h3", decision.verdict == Verdict::refused ? "Pourquoi" : "À respecter"),
                   each(decision.motives, [](const std::string& line) { return h("p", line); }),
                   when(!decision.law.empty(),
                        [&] { return h("p", "Texte appliqué\u00a0: ", decision.law); }));
             }),
        when(!decision.appeals.empty(),
             [&] {
               return fragment(h("h3", "Contester cette décision"),
                               h("ul", each(decision.appeals, [](const std::string& line) {
                                   return h("li", line);
                                 })));
             }),
        h("p", {cls("signed")}, h("strong", decision.signer.name), h("span", signer))),
      h("div", {cls("row signing")},
        with_typed(
            true, h("button", {cls("btn btn--big")},
                    decision.verdict == Verdict::accepted ? "Signer l’accord" : "Signer le refus")),
        with_typed(false, h("button", {cls("btn btn--2")}, "Corriger")),
        h("a", {cls("link"), href(case_url(shown.opened.reference))}, "Annuler")));
}

Html too_late_page(const Shown& shown, const Acting& acting, std::string_view why) {
  std::string typed = acting.typed.text;
  if (!acting.typed.law.empty()) typed.append("\n").append(acting.typed.law);
  return fragment(
      changed(shown, acting, why), head(shown, acting.form.title),
      when(!typed.empty(),
           [&] {
             return h(
                 "div", {cls("field")},
                 h("label", {attr("for", "garde")}, "Ce que vous aviez écrit"),
                 h("textarea", {cls("in"), id("garde"), attr("rows", 6), flag("readonly")}, typed));
           }),
      h("p", h("a", {cls("btn"), href(case_url(shown.opened.reference))}, "Voir le dossier")));
}

}  // namespace parvis::desk
