#include <fmt/format.h>

#include "desk/visit_parts.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using appointment::Busy;
using appointment::Opened;

std::string whose(const Around& around, const std::string& counter) {
  return counter.empty() ? std::string("Tout l’agenda") : counter_name(around.agenda, counter);
}

Html absence_line(const Away& away, const Busy& busy) {
  const Around& around = away.around;
  const std::string span = span_words({busy.from, busy.until}, around.zone);
  return h(
      "li", {cls("visit")},
      h("div", {cls("flow")}, h("h3", whose(around, busy.counter)),
        h("p", span, busy.label.empty() ? std::string(".") : ". " + busy.label + "."),
        busy.from_calendar
            ? h("p", {cls("soft")}, "Vient de son calendrier\u00a0: se change là-bas.")
            : h("form", {action(visits_url("absences/fin")), attr("method", "post")},
                portal::hidden("_token", around.token), portal::hidden("agenda", around.agenda.id),
                portal::hidden("guichet", busy.counter), portal::hidden("id", busy.id),
                h("button", {cls("btn btn--2")}, "Terminer cette absence",
                  h("span", {cls("vh")}, "\u00a0: ", whose(around, busy.counter), ", ", span)))));
}

Html carried(const Away& away) {
  return fragment(
      portal::hidden("_token", away.around.token), portal::hidden("agenda", away.around.agenda.id),
      portal::hidden("id", away.typed.id), portal::hidden("guichet", away.typed.counter),
      portal::hidden("du", away.typed.from), portal::hidden("au", away.typed.until),
      portal::hidden("raison", away.typed.label));
}

}  // namespace

Html absences_page(const Away& away) {
  const Around& around = away.around;
  const auto line = [&](std::string_view own, std::string_view label, std::string_view hint,
                        const std::string& typed, bool optional) {
    return line_field({.own = own,
                       .label = label,
                       .hint = hint,
                       .fault = fault_of(around.faults, own),
                       .value = typed,
                       .optional = optional},
                      {.style = "in in--mid"});
  };
  return beside(
      around, "absences", "Absences",
      fragment(h("p", {cls("lead")}, around.agenda.title),
               agenda_choice(around, "absences", {}, "Changer d’agenda"),
               h("section", {cls("cases"), attr("aria-labelledby", "venir")},
                 h("h2", {id("venir")}, "En cours et à venir"),
                 away.absences.empty()
                     ? h("p", {cls("soft")}, "Aucune absence notée.")
                     : h("ul", {cls("visits-list")},
                         each(away.absences,
                              [&](const Busy& each) { return absence_line(away, each); }))),
               h("section", {cls("panel"), attr("aria-labelledby", "noter")},
                 h("h2", {id("noter")}, "Noter une absence"),
                 h("form",
                   {cls("questions"), action(visits_url("absences") + "#erreurs"),
                    attr("method", "post"), flag("novalidate"), attr("autocomplete", "off")},
                   portal::hidden("_token", around.token),
                   portal::hidden("agenda", around.agenda.id), portal::hidden("id", away.typed.id),
                   h("div", {cls("field")}, h("label", {attr("for", "guichet")}, "Qui est absent"),
                     h("select", {cls("in in--mid"), id("guichet"), name("guichet")},
                       h("option", {value("")}, "Tout l’agenda"),
                       each(around.agenda.counters,
                            [&](const appointment::Counter& each) {
                              return h(
                                  "option",
                                  {value(each.id), flag("selected", each.id == away.typed.counter)},
                                  each.name);
                            }))),
                   line("du", "À partir de", "Exemples\u00a0: lundi, lundi à 14 h, du 3 au 7 mai.",
                        away.typed.from, false),
                   line("au", "Jusqu’à", "Ce jour compris. Vide\u00a0: jusqu’à la fin du jour.",
                        away.typed.until, true),
                   line("raison", "Raison", "Les agents seuls la lisent.", away.typed.label, true),
                   h("div", {cls("row")},
                     h("button", {cls("btn")}, "Voir les rendez-vous à déplacer"))))));
}

Html confirm_absence_page(const Away& away, const Span& span,
                          const appointment::Appointments::Displacing& displaced) {
  const Around& around = away.around;
  const std::size_t left = displaced.count - displaced.first.size();
  return beside(
      around, "absences", "Noter cette absence\u202f?",
      fragment(
          h("p", {cls("lead")}, whose(around, away.typed.counter),
            "\u00a0: ", span_words(span, around.zone), "."),
          displaced.count == 0
              ? h("p", "Aucun rendez-vous n’est pris à ce moment.")
              : fragment(
                    h("h2", displaced.count == 1
                                ? std::string("1 rendez-vous à déplacer")
                                : fmt::format("{} rendez-vous à déplacer", displaced.count)),
                    h("p",
                      "Un courriel d’excuses part avec d’autres horaires. Sans adresse e-mail, "
                      "appelez la personne."),
                    h("ul", {cls("visits-list")},
                      each(displaced.first,
                           [&](const Opened& each) {
                             const bool mail = each.visitor && !each.visitor->email.read().empty();
                             return h(
                                 "li", {cls("visit")},
                                 h("div", {cls("flow")},
                                   h("h3", portal::slot_words(each.booking.start, around.zone)),
                                   h("p",
                                     h("a", {href(visits_url(each.booking.id))},
                                       visitor_name(each)),
                                     ". ", reason_words(each), "."),
                                   when(!mail && each.visitor, [&] {
                                     return h("p", h("strong", "À appeler\u00a0: "),
                                              phone_link(each.visitor->phone.read()));
                                   })));
                           })),
                    when(left > 0, [&] { return h("p", fmt::format("Et {} de plus.", left)); })),
          h("div", {cls("row")},
            h("form", {action(visits_url("absences")), attr("method", "post")}, carried(away),
              portal::hidden("sur", "1"),
              h("button", {cls("btn")},
                displaced.count == 0 ? "Noter l’absence" : "Noter l’absence et prévenir")),
            h("form", {action(visits_url("absences")), attr("method", "post")}, carried(away),
              portal::hidden("sur", "non"), h("button", {cls("btn btn--2")}, "Corriger")))));
}

}  // namespace parvis::desk
