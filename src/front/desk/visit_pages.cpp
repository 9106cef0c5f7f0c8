// One appointment: what is known of it, to move it, to cancel it.
#include <fmt/format.h>

#include "calendar/words.hpp"
#include "desk/parts.hpp"
#include "desk/visit_parts.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using appointment::Opened;
using appointment::State;

Html pair(std::string_view term, const Html& inside) {
  if (inside.empty()) return {};
  return h("div", h("dt", term), h("dd", inside));
}

bool may(const Visit& visit, appointment::Act act) {
  const appointment::Booking& row = visit.opened.booking;
  return visit.around.acts &&
         appointment::step(row.state, act, appointment::Role::agent, row.start, visit.around.now)
             .has_value();
}

Html who(const Visit& visit) {
  const auto& visitor = visit.opened.visitor;
  if (!visitor) return {};
  Html asked;
  for (const auto& [own, said] : visitor->asked) {
    std::string label = own;
    if (visit.opened.reason != nullptr)
      for (const appointment::Asked& each : visit.opened.reason->asks)
        if (each.id == own) label = each.label;
    asked += pair(label, said.read());
  }
  const std::string needs = appointment::words(visitor->needs);
  return fragment(
      pair("Téléphone", visitor->phone.read().empty() ? Html() : phone_link(visitor->phone.read())),
      pair("E-mail", visitor->email.read()), asked, pair("À prévoir", needs));
}

std::string state_words(State state) {
  switch (state) {
    case State::held:
      return "En cours de réservation.";
    case State::booked:
      return "La personne est attendue.";
    case State::displaced:
      return "Le guichet est absent à cette heure\u00a0: un autre horaire reste à choisir.";
    case State::arrived:
      return "La personne est arrivée.";
    case State::seen:
      return "La personne a été reçue.";
    case State::missed:
      return "Personne n’est venu.";
    case State::cancelled:
      return "Le rendez-vous est annulé.";
  }
  return {};
}

// What the row remembers: that it was made, and the last change.
Html history(const Visit& visit) {
  const appointment::Booking& row = visit.opened.booking;
  const Zone& zone = visit.around.zone;
  return h("ol", {cls("story")},
           h("li", {cls("theirs")},
             h("div", h("h3", "Rendez-vous pris"),
               h("p", {cls("soft small")}, at_words(row.created_at, zone), "."))),
           when(row.changed_at > row.created_at, [&] {
             return h("li", {cls("ours")},
                      h("div", h("h3", "Dernier changement"), h("p", state_words(row.state)),
                        h("p", {cls("soft small")}, at_words(row.changed_at, zone), ".")));
           }));
}

Html bring(const appointment::Reason* reason) {
  if (reason == nullptr || (reason->bring.empty() && reason->note.empty())) return {};
  return fragment(when(!reason->bring.empty(),
                       [&] {
                         return h("ul", each(reason->bring, [](const std::string& line) {
                                    return h("li", line);
                                  }));
                       }),
                  when(!reason->note.empty(), [&] { return h("p", reason->note); }));
}

// What is read aloud at the end of the call.
Html say(const Visit& visit) {
  const Opened& opened = visit.opened;
  const bool mail = opened.visitor && !opened.visitor->email.read().empty();
  return h(
      "section", {cls("panel say"), attr("aria-labelledby", "dire")},
      h("h2", {id("dire")}, "À dire avant de raccrocher"),
      h("p", "«\u00a0Votre rendez-vous est pris\u00a0: ",
        h("strong", portal::slot_words(opened.booking.start, visit.around.zone)), ", pour ",
        reason_words(opened), ".\u00a0»"),
      when(opened.booking.way == appointment::Way::in_person && !visit.where.empty(),
           [&] {
             return h(
                 "p", "«\u00a0C’est à l’adresse\u00a0: ", visit.where,
                 each(visit.address, [](const std::string& line) { return Html(", " + line); }),
                 ".\u00a0»");
           }),
      when(opened.booking.way == appointment::Way::phone,
           [] { return h("p", "«\u00a0Nous vous appelons à cette heure.\u00a0»"); }),
      [&] {
        const Html inside = bring(opened.reason);
        return inside.empty() ? Html() : fragment(h("p", "«\u00a0Apportez\u00a0:\u00a0»"), inside);
      }(),
      h("p", mail ? "«\u00a0Un courriel de confirmation part à votre adresse. Son lien permet de "
                    "déplacer ou d’annuler.\u00a0»"
                  : "«\u00a0Notez-le bien\u00a0: sans adresse e-mail, aucun rappel ne part. Pour "
                    "déplacer ou annuler, rappelez-nous.\u00a0»"));
}

std::string back_to_day(const Visit& visit) {
  return visits_url(
      "",
      {{"agenda", visit.around.agenda.id},
       {"jour", format_iso_date(civil_date(visit.around.zone.local(visit.opened.booking.start)))}});
}

}  // namespace

Html visit_page(const Visit& visit) {
  const Opened& opened = visit.opened;
  const appointment::Booking& row = opened.booking;
  const Around& around = visit.around;
  Html acts = act_forms(around, opened, "un");
  if (visit.retakes)
    acts += h("li", h("a", {cls("btn"), href(visits_url(row.id + "/deplacer"))},
                      "Donner un autre horaire"));
  for (const auto& [act, rest, words] :
       {std::tuple(appointment::Act::move, "/deplacer", "Déplacer"),
        std::tuple(appointment::Act::cancel, "/annuler", "Annuler le rendez-vous")})
    if (may(visit, act))
      acts += h("li", h("a", {cls("btn btn--2"), href(visits_url(row.id + rest))}, words));
  return beside(
      around, "un", visitor_name(opened),
      fragment(
          h("p", {cls("facts")}, state_tag(row.state),
            h("strong", portal::slot_words(row.start, around.zone))),
          when(row.state == State::displaced,
               [] {
                 return h(
                     "p", {cls("notice notice--alert")},
                     "Le guichet est absent à cette heure. Choisissez un autre horaire avec la "
                     "personne, ou revenez à attendu si elle peut être reçue.");
               }),
          when(!acts.empty(),
               [&] {
                 return h("ul", {cls("acts"), attr("aria-label", "Ce que vous pouvez faire")},
                          acts);
               }),
          when(visit.fresh, [&] { return say(visit); }),
          h("section", {cls("panel"), attr("aria-labelledby", "details")},
            h("h2", {id("details")}, "Le rendez-vous"),
            h("dl", {cls("kv")}, pair("Motif", reason_words(opened)),
              pair("Quand",
                   fragment(calendar::full_date_words(civil_date(around.zone.local(row.start))),
                            ", de ", hour_words(row.start, around.zone), " à ",
                            hour_words(row.end, around.zone))),
              pair("Où", fragment(counter_name(around.agenda, row.counter),
                                  visit.where.empty() ? std::string() : ", " + visit.where)),
              pair("Comment", how_words(row.people, row.way)), pair("Commune", visit.commune),
              who(visit), pair("À apporter", bring(opened.reason)),
              row.case_id.empty()
                  ? Html()
                  : pair("Dossier", h("a", {cls("link"), href(visits_url(row.id + "/dossier"))},
                                      "Voir le dossier")))),
          h("section", {cls("panel"), attr("aria-labelledby", "histoire")},
            h("h2", {id("histoire")}, "Ce qui s’est passé"), history(visit))),
      portal::back_link(back_to_day(visit), "Les rendez-vous de ce jour"));
}

Html cancel_visit_page(const Visit& visit) {
  const Opened& opened = visit.opened;
  const std::string own = visits_url(opened.booking.id);
  return beside(
      visit.around, "un", "Annuler ce rendez-vous\u202f?",
      fragment(
          h("p", {cls("lead")}, visitor_name(opened), ", ",
            portal::slot_words(opened.booking.start, visit.around.zone), ". ", reason_words(opened),
            "."),
          h("p", opened.visitor && !opened.visitor->email.read().empty()
                     ? "Un courriel le lui dit. L’horaire est offert à la liste d’attente."
                     : "Sans adresse e-mail, prévenez la personne. L’horaire est offert à la liste "
                       "d’attente."),
          h("form", {action(own + "/annuler"), attr("method", "post")},
            portal::hidden("_token", visit.around.token),
            h("div", {cls("row")}, h("button", {cls("btn")}, "Annuler le rendez-vous"),
              h("a", {cls("link"), href(own)}, "Le garder")))),
      portal::back_link(own, "Le rendez-vous"));
}

Html move_page(const Visit& visit, const Choosing& choosing) {
  const Opened& opened = visit.opened;
  const Around& around = visit.around;
  const std::string own = visits_url(opened.booking.id), to = own + "/deplacer";
  return beside(
      around, "un", visit.retakes ? "Donner un autre horaire" : "Déplacer ce rendez-vous",
      fragment(
          h("p", {cls("lead")}, visitor_name(opened), ", ",
            portal::slot_words(opened.booking.start, around.zone), ". ", reason_words(opened), "."),
          h("form",
            {cls("questions"), action(to + "#erreurs"), attr("method", "post"), flag("novalidate")},
            portal::hidden("_token", around.token), h("h2", "Horaires libres"),
            slot_choices(around, choosing,
                         choosing.later ? to + "?jour=" + format_iso_date(*choosing.later) : "",
                         to),
            line_field({.own = "quand",
                        .label = "Un autre moment",
                        .hint = "Même hors des heures d’ouverture. Exemple\u00a0: jeudi 3 décembre "
                                "à 18 h.",
                        .fault = fault_of(around.faults, "quand"),
                        .value = choosing.moment,
                        .optional = true},
                       {.style = "in"}),
            h("div", {cls("row")},
              h("button", {cls("btn")},
                visit.retakes ? "Donner cet horaire" : "Déplacer le rendez-vous"),
              h("a", {cls("link"), href(own)}, "Le laisser où il est")))),
      fragment(portal::back_link(own, "Le rendez-vous"), taken_notice(around, choosing)));
}

}  // namespace parvis::desk
