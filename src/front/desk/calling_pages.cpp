// A booking for who calls: the questions in the order in which they are asked aloud. The first two
// pages only look, so the back button undoes a choice; the last one books.
#include <fmt/format.h>

#include <algorithm>

#include "desk/visit_parts.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/procedure_pages.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using appointment::Reason;
using appointment::Way;

constexpr std::string_view kTitle = "Prendre pour quelqu’un";

std::string calling_url(const Calling& calling, bool with_reason,
                        const std::optional<CivilDate>& day = {}) {
  const bool all = with_reason && calling.reason != nullptr;
  return visits_url("nouveau", {{"agenda", calling.around.agenda.id},
                                {"motif", all ? calling.reason->id : ""},
                                {"personnes", all ? std::to_string(calling.people) : ""},
                                {"maniere", all ? std::string(appointment::name(calling.way)) : ""},
                                {"commune", all ? calling.commune : ""},
                                {"jour", day ? format_iso_date(*day) : ""}});
}

Html carried(const Calling& calling) {
  return fragment(portal::hidden("agenda", calling.around.agenda.id),
                  portal::hidden("motif", calling.reason->id),
                  portal::hidden("personnes", std::to_string(calling.people)),
                  portal::hidden("maniere", appointment::name(calling.way)),
                  portal::hidden("commune", calling.commune));
}

Html aloud(std::string_view words) { return h("p", {cls("aloud")}, "«\u00a0", words, "\u00a0»"); }

Html moment_field(const Around& around, const Choosing& choosing) {
  return line_field(
      {.own = "quand",
       .label = "Un autre moment",
       .hint = "Même hors des heures d’ouverture. Exemple\u00a0: jeudi 3 décembre à 18 h.",
       .fault = fault_of(around.faults, "quand"),
       .value = choosing.moment,
       .optional = true},
      {.style = "in"});
}

// What is read aloud of the reason, before a slot is chosen.
Html read_aloud(const Reason& reason) {
  if (reason.bring.empty() && reason.who.empty() && reason.note.empty()) return {};
  return h("section", {cls("panel say"), attr("aria-labelledby", "lire")},
           h("h2", {id("lire")}, "À lire à la personne"),
           when(!reason.who.empty(), [&] { return h("p", reason.who); }),
           when(!reason.bring.empty(),
                [&] {
                  return fragment(aloud("Le jour du rendez-vous, apportez\u00a0:"),
                                  h("ul", each(reason.bring, [](const std::string& line) {
                                      return h("li", line);
                                    })));
                }),
           when(!reason.note.empty(), [&] { return h("p", reason.note); }));
}

std::string minutes_words(const Reason& reason, int people) {
  return fmt::format("{} minutes", appointment::length(reason, people).count());
}

Html select(std::string_view own, std::string_view label, std::string_view fault,
            const std::vector<std::pair<std::string, std::string>>& options,
            std::string_view chosen) {
  const std::string error = std::string(own) + "-erreur";
  return h(
      "div", {cls(fault.empty() ? "field" : "field group")}, h("label", {attr("for", own)}, label),
      when(!fault.empty(), [&] { return h("p", {cls("err"), id(error)}, fault); }),
      h("select",
        {cls("in in--mid"), id(own), name(own), attr_if(!fault.empty(), "aria-describedby", error),
         attr_if(!fault.empty(), "aria-invalid", "true")},
        each(options, [&](const auto& option) {
          return h("option", {value(option.first), flag("selected", option.first == chosen)},
                   option.second);
        })));
}

Html tick(std::string_view own, std::string_view label, bool on) {
  return h("label",
           h("input", {type("checkbox"), id(own), name(own), value("oui"), flag("checked", on)}),
           h("span", label));
}

}  // namespace

Html calling_why_page(const Calling& calling) {
  const Around& around = calling.around;
  const appointment::Agenda& agenda = around.agenda;
  int most = 1;
  std::vector<Way> ways;
  for (const Reason& reason : agenda.reasons) {
    most = std::max(most, reason.people);
    for (const Way way : reason.ways)
      if (std::ranges::find(ways, way) == ways.end()) ways.push_back(way);
  }
  std::vector<std::pair<std::string, std::string>> people, how;
  for (int n = 1; n <= most; ++n)
    people.emplace_back(std::to_string(n),
                        n == 1 ? std::string("1 personne") : fmt::format("{} personnes", n));
  for (const Way way : ways)
    how.emplace_back(std::string(appointment::name(way)), std::string(appointment::words(way)));
  const std::string fault = fault_of(around.faults, "motif");
  Html reasons;
  for (const Reason& reason : agenda.reasons)
    reasons +=
        h("label",
          h("input", {type("radio"), name("motif"), value(reason.id),
                      id(reasons.empty() ? std::string("motif") : "motif-" + reason.id),
                      flag("checked", calling.reason == &reason)}),
          h("span", reason.label,
            h("small", minutes_words(reason, 1), reason.offered ? "" : ", au bureau seulement")));
  return beside(
      around, "nouveau", kTitle,
      fragment(agenda_choice(around, "nouveau", {}, "Changer d’agenda"),
               h("form", {cls("questions"), action(visits_url("nouveau")), attr("method", "get")},
                 portal::hidden("agenda", agenda.id), portal::hidden("etape", "quand"),
                 h("div", {cls(fault.empty() ? "field" : "field group")},
                   h("fieldset",
                     {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "motif-erreur")},
                     h("legend", {cls("label")}, "1. Pourquoi"),
                     aloud("Pour quelle démarche voulez-vous venir\u202f?"),
                     when(!fault.empty(),
                          [&] { return h("p", {cls("err"), id("motif-erreur")}, fault); }),
                     h("div", {cls("tick")}, reasons))),
                 when(most > 1,
                      [&] {
                        return fragment(
                            aloud("Combien de personnes viennent\u202f?"),
                            select("personnes", "2. Combien", fault_of(around.faults, "personnes"),
                                   people, std::to_string(calling.people)));
                      }),
                 when(how.size() > 1,
                      [&] {
                        return fragment(
                            aloud("Voulez-vous venir, ou être appelé\u202f?"),
                            select("maniere", "3. Comment", fault_of(around.faults, "maniere"), how,
                                   appointment::name(calling.way)));
                      }),
                 when(calling.communes.size() > 1,
                      [&] {
                        return fragment(
                            aloud("Dans quelle commune habitez-vous\u202f?"),
                            select("commune", "4. Où", "", calling.communes, calling.commune));
                      }),
                 h("div", {cls("row")}, h("button", {cls("btn")}, "Voir les horaires")))));
}

Html calling_when_page(const Calling& calling, const Choosing& choosing) {
  const Around& around = calling.around;
  return beside(
      around, "nouveau", "Quand",
      fragment(
          h("p", {cls("lead")}, calling.reason->label, ". ", how_words(calling.people, calling.way),
            ", ", minutes_words(*calling.reason, calling.people), "."),
          read_aloud(*calling.reason), aloud("Quel jour vous arrange\u202f?"),
          h("form", {cls("questions"), action(visits_url("nouveau")), attr("method", "get")},
            carried(calling), portal::hidden("etape", "qui"),
            slot_choices(around, choosing, calling_url(calling, true, choosing.later),
                         calling_url(calling, true)),
            moment_field(around, choosing),
            h("div", {cls("row")}, h("button", {cls("btn")}, "Continuer")))),
      portal::back_link(calling_url(calling, false), "Changer le motif"));
}

Html calling_who_page(const Calling& calling, const Choosing& choosing) {
  const Around& around = calling.around;
  const appointment::Visitor& given = calling.given;
  const auto line = [&](std::string_view own, std::string_view label, std::string_view hint,
                        const std::string& typed, bool optional, std::string_view type = "text") {
    return line_field({.own = own,
                       .label = label,
                       .hint = hint,
                       .fault = fault_of(around.faults, own),
                       .value = typed,
                       .optional = optional},
                      {.type = type, .style = "in in--mid"});
  };
  Html asked;
  for (const appointment::Asked& each : calling.reason->asks) {
    const auto found = given.asked.find(each.id);
    asked +=
        line(each.id, each.label, each.hint,
             found == given.asked.end() ? std::string() : found->second.read(), !each.required);
  }
  Html may;
  if (calling.reason->may) {
    const std::string fault = fault_of(around.faults, "may_book");
    const auto radio = [&](std::string_view own, std::string_view label, std::string_view says,
                           bool on) {
      return h(
          "label",
          h("input", {type("radio"), id(own), name("may_book"), value(says), flag("checked", on)}),
          h("span", label));
    };
    may = fragment(
        aloud(calling.reason->may->ask),
        h("fieldset", {cls("flow"), attr_if(!fault.empty(), "aria-describedby", "may_book-erreur")},
          h("legend", {cls("label")}, calling.reason->may->ask),
          when(!fault.empty(), [&] { return h("p", {cls("err"), id("may_book-erreur")}, fault); }),
          h("div", {cls("tick")}, radio("may_book", "Oui", "oui", given.may.value_or(false)),
            radio("may_book-non", "Non", "non", !given.may.value_or(true)))));
  }
  // Somebody else was first: another one is chosen here, and nothing is typed again.
  Html others;
  for (const appointment::Free& slot : choosing.next)
    others += h("label",
                h("input", {type("radio"), name("debut"), value(format_rfc3339(slot.start)),
                            id(others.empty() ? std::string("debut") : "")}),
                h("span", portal::slot_words(slot.start, around.zone)));
  return beside(
      around, "nouveau", "Qui vient",
      fragment(
          h("p", {cls("lead")}, calling.reason->label, ". ", how_words(calling.people, calling.way),
            ". ",
            choosing.taken ? std::string() : portal::slot_words(*calling.start, around.zone) + "."),
          h("form",
            {cls("questions"), action(visits_url("nouveau") + "#erreurs"), attr("method", "post"),
             flag("novalidate"), attr("autocomplete", "off")},
            carried(calling), portal::hidden("_token", around.token),
            portal::hidden("_start", calling.made),
            choosing.taken ? fragment(portal::hidden("pris", format_rfc3339(*choosing.taken)),
                                      when(!others.empty(),
                                           [&] {
                                             return h(
                                                 "fieldset", {cls("flow")},
                                                 h("legend", {cls("label")}, "Un autre horaire"),
                                                 h("div", {cls("tick")}, others));
                                           }),
                                      moment_field(around, choosing))
                           : portal::hidden("debut", format_rfc3339(*calling.start)),
            may, aloud("À quel nom, s’il vous plaît\u202f? Pouvez-vous l’épeler\u202f?"),
            line("name", "Prénom et nom", "De la personne qui vient.", given.name.read(), false),
            aloud("À quel numéro vous joindre si le rendez-vous change\u202f?"),
            line("phone", "Téléphone", "Suffit sans adresse e-mail.", given.phone.read(), false,
                 "tel"),
            line("email", "Adresse e-mail", "La confirmation et le rappel y partent.",
                 given.email.read(), true, "email"),
            asked, aloud("Avez-vous besoin d’une aide sur place\u202f?"),
            h("fieldset", {cls("flow")}, h("legend", {cls("label")}, "Aide sur place"),
              h("div", {cls("tick")},
                tick("step_free", "Accès sans marche, fauteuil", given.needs.step_free),
                tick("sign_language", "Langue des signes", given.needs.sign_language),
                tick("companion", "Vient avec une personne qui aide", given.needs.companion))),
            line("interpreter", "Interprète", "La langue.", given.needs.interpreter, true),
            line("note", "Autre chose à prévoir", "", given.needs.note, true),
            h("div", {cls("row")}, h("button", {cls("btn")}, "Prendre le rendez-vous")))),
      fragment(portal::back_link(calling_url(calling, true), "Choisir un autre horaire"),
               taken_notice(around, choosing)));
}

}  // namespace parvis::desk
