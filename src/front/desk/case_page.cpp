#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/asks.hpp"
#include "casework/ends.hpp"
#include "casework/letters.hpp"
#include "desk/appointment_pages.hpp"
#include "desk/case_pages.hpp"
#include "desk/deadline.hpp"
#include "desk/parts.hpp"
#include "desk/pieces.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/icons.hpp"
#include "portal/pages.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"
#include "procedure/values.hpp"

namespace parvis::desk {

using namespace html;

namespace {

using casework::Act;
using casework::Clock;
using casework::Happened;
using casework::Opened;
using casework::Role;
using procedure::Field;
using procedure::Type;

Html pair(std::string_view name, const Html& value) {
  return h("div", h("dt", name), h("dd", value));
}

// ── answers ──

void rows_of(Html& out, const std::string& before, const Field& field, const json::value& value) {
  const std::string label = before + field.name;
  if (const json::object* parts = value.if_object();
      parts != nullptr && procedure::is_composite(field.type)) {
    for (const Field& part : field.fields)
      if (const json::value* inner = parts->if_contains(part.id))
        rows_of(out, label + ", ", part, *inner);
    return;
  }
  if (const json::array* items = value.if_array(); items != nullptr && field.type == Type::repeat) {
    for (std::size_t i = 0; i < items->size(); ++i)
      if (const json::object* parts = (*items)[i].if_object())
        for (const Field& part : field.fields)
          if (const json::value* inner = parts->if_contains(part.id))
            rows_of(out, fmt::format("{} {}, ", label, i + 1), part, *inner);
    return;
  }
  const std::string words = procedure::shown(field, value);
  if (!words.empty()) out += pair(label, paragraphs(words));
}

// ── the clock ──

std::string_view outcome_words(Clock::Outcome outcome) {
  switch (outcome) {
    case Clock::Outcome::accepted_by_silence:
      return "Acceptée, faute de réponse à temps";
    case Clock::Outcome::refused_by_silence:
      return "Refusée, faute de réponse à temps";
    case Clock::Outcome::accepted:
      return "Acceptée";
    case Clock::Outcome::refused:
      return "Refusée";
    case Clock::Outcome::withdrawn:
      return "Retirée par l’usager";
    case Clock::Outcome::settled:
      return "Terminée, sans décision";
    case Clock::Outcome::none:
      break;
  }
  return "Délai terminé";
}

std::string days_words(std::chrono::days days) {
  return fmt::format("{}\u00a0jour{}", days.count(), days.count() > 1 ? "s" : "");
}

Html clock_facts(const Shown& shown, const Clock& clock) {
  const auto full = [](CivilDate day) { return calendar::full_date_words(day); };
  Html out;
  switch (clock.state) {
    case Clock::State::running:
      out += h("p", {cls("big")},
               clock.overdue     ? Html("Délai dépassé")
               : clock.remaining ? fragment(days_words(*clock.remaining), " restant",
                                            clock.remaining->count() > 1 ? "s" : "")
                                 : Html("En attente de pièces"));
      if (clock.due) out += h("p", "Réponse au plus tard le ", h("strong", full(*clock.due)), ".");
      break;
    case Clock::State::stopped:
      out += h("p", {cls("big")}, "Délai arrêté");
      if (clock.until) out += h("p", "Jusqu’au ", h("strong", full(*clock.until)), " au plus.");
      if (clock.due)
        out += h("p", "Il resterait alors jusqu’au ", h("strong", full(*clock.due)), ".");
      break;
    case Clock::State::ended:
      out += h("p", {cls("big")}, outcome_words(clock.outcome));
      out += h("p", {cls("soft")}, at_words(clock.since, shown.zone), ".");
      break;
  }
  const bool decides = !shown.receipt.appeals.empty() || !shown.receipt.certificate.empty();
  if (clock.state != Clock::State::ended && !shown.receipt.silence.empty())
    out += h("p", {cls("soft")}, decides ? "Sans réponse à cette date\u00a0: " : "",
             shown.receipt.silence);
  if (clock.appeal_until)
    out += h("p", "L’usager peut contester jusqu’au ", h("strong", full(*clock.appeal_until)),
             casework::at_least(clock) ? " au moins" : "", ".");
  else if (clock.outcome == Clock::Outcome::refused)
    out +=
        h("p",
          "L’usager n’a pas d’adresse e-mail\u00a0: il peut contester pendant deux mois, à partir "
          "du jour où il reçoit la lettre. Dites ce jour dans « Courriers ».");
  return out;
}

Html clock_section(const Shown& shown) {
  return h("section", {attr("aria-labelledby", "delai")}, h("h2", {id("delai")}, "Délai"),
           shown.clock ? clock_facts(shown, *shown.clock)
                       : h("p", "Le délai ne peut pas être compté pour ce dossier."),
           when(!shown.receipt.why.empty(), [&] {
             return h("details", {flag("open")}, h("summary", "Comment ce délai est compté"),
                      h("ul", each(shown.receipt.why,
                                   [](const std::string& line) { return h("li", line); })));
           }));
}

// ── pieces ──

// A file of which nobody has said what it answers: one press says it.
Html assign_buttons(const Shown& shown, const Piece& piece) {
  if (piece.state != Piece::State::sent || !piece.file->ask.empty() || !piece.file->answers() ||
      std::ranges::find(shown.acts, Act::give_pieces, &ActForm::act) == shown.acts.end())
    return {};
  Html buttons;
  const std::vector<casework::Ask> asks = casework::asks_of(shown.opened.events);
  for (const casework::Ask* ask : casework::awaited(asks))
    buttons += h(
        "form", {action(case_url(shown.opened.reference, "pieces-recues")), attr("method", "post")},
        portal::hidden("_token", shown.token), portal::hidden("id", portal::new_id()),
        portal::hidden("seen", std::to_string(shown.opened.events.back().seq)),
        portal::hidden("asks", ask->id), portal::hidden("piece", piece.file->id),
        h("button", {cls("link")}, ask->label,
          h("span", {cls("vh")}, ", pour le fichier ", piece.file->name.read())));
  return h("span", {cls("assign")}, h("small", "Répond à\u00a0:"), buttons);
}

Html file_item(const Shown& shown, const Piece& piece, const std::string& day) {
  const casework::Piece& file = *piece.file;
  const std::string to = case_url(shown.opened.reference, "pieces/" + file.id);
  const bool opens = can_be_opened(file);
  return h(
      "li", {cls(opens ? "given" : "")},
      h("span", piece.label, h("br"),
        opens ? h("a", {cls("link"), href(to)}, portal::icon(portal::Icon::download),
                  file.name.read())
              : h("strong", file.name.read()),
        h("small", type_words(file), ", ", casework::size_words(file.size), ". ",
          piece.state == Piece::State::with_form ? std::string("Avec la demande")
                                                 : "Envoyé le " + day,
          ". ",
          piece.state == Piece::State::sent_back ? "Ne convient pas, redemandé" : standing(file),
          "."),
        assign_buttons(shown, piece)));
}

Html pieces_section(const Shown& shown) {
  const std::vector<Piece> pieces = pieces_of(shown.opened);
  return h(
      "section", {attr("aria-labelledby", "pieces")}, h("h2", {id("pieces")}, "Pièces"),
      when(pieces.empty(), [] { return h("p", {cls("soft")}, "Aucune pièce demandée."); }),
      when(!pieces.empty(), [&] {
        return h(
            "ul", {cls("pieces")}, each(pieces, [&](const Piece& piece) {
              const std::string day = calendar::date_words(civil_date(shown.zone.local(piece.at)));
              if (piece.file) return file_item(shown, piece, day);
              if (piece.state == Piece::State::asked)
                return h("li",
                         h("span", piece.label,
                           h("small", piece.said.empty() ? "Attendue" : "Redemandée",
                             piece.term ? " avant la fin du " + calendar::date_words(*piece.term)
                                        : std::string()),
                           when(!piece.said.empty(), [&] { return h("small", piece.said); })));
              if (piece.state == Piece::State::waived)
                return h("li", {cls("given")},
                         h("span", piece.label, h("small", "N’est plus nécessaire depuis le ", day),
                           when(!piece.said.empty(), [&] { return h("small", piece.said); })));
              return h("li", {cls("given")}, h("span", piece.label, h("small", "Reçue ", day)));
            }));
      }));
}

// ── who ──

Html person_section(const Shown& shown) {
  const auto who = casework::recipient_of(shown.opened);
  return h(
      "section", {attr("aria-labelledby", "usager")}, h("h2", {id("usager")}, "L’usager"),
      who.read().empty()
          ? h("p", {cls("soft")}, "La demande ne dit pas son nom.")
          : h("address", each(who.read(), [](const std::string& line) { return h("p", line); })),
      h("p", {cls("soft")}, "Déposé le ", shown.receipt.deposited, "."),
      when(shown.receipt_pdf, [&] {
        return h(
            "p",
            h("a", {cls("link"), href(case_url(shown.opened.reference, "accuse-de-reception.pdf"))},
              portal::icon(portal::Icon::download), "L’accusé de réception (PDF)"));
      }));
}

// ── letters on paper ──

// Where the letter of an event is to be printed from.
Html letter_link(const Shown& shown, const Happened& event) {
  const auto file = [&](const std::string& rest) {
    return h("a", {cls("link"), href(case_url(shown.opened.reference, rest))},
             portal::icon(portal::Icon::print), "Imprimer (PDF)");
  };
  if (event.act == Act::deposit && shown.receipt_pdf) return file("accuse-de-reception.pdf");
  if (casework::is_decision(event.act) && shown.pdf)
    return file("decision/" + std::to_string(event.seq));
  if (shown.letters && event.act != Act::deposit && !casework::is_decision(event.act))
    return file("lettre/" + std::to_string(event.seq));
  return h("a", {cls("link"), href("#e" + std::to_string(event.seq))}, "Lire ce qu’il faut écrire");
}

using casework::Handing;

// How the letter of a decision came to its person: the time to appeal runs from that day.
Html handed_form(const Shown& shown, std::int64_t seq, bool posted) {
  const std::string own = "jour-" + std::to_string(seq);
  const bool here = shown.handed && shown.handed->seq == seq;
  const std::string fault = here ? shown.handed->fault : std::string();
  const std::string day =
      here ? shown.handed->day
           : (posted ? std::string() : format_french_date(civil_date(shown.zone.local(shown.now))));
  const auto way = [&](Handing::Way each, std::string_view label, std::string_view how) {
    return h("label",
             h("input", {type("radio"), name("way"), value(std::string(name(each))),
                         flag("checked", here ? shown.handed->way == name(each)
                                              : posted && each == Handing::Way::registered)}),
             h("span", label, h("small", how)));
  };
  return h(
      "form",
      {action(case_url(shown.opened.reference, "courrier") + "#erreurs"), attr("method", "post"),
       flag("novalidate"), cls("flow"), attr("autocomplete", "off")},
      portal::hidden("_token", shown.token), portal::hidden("seq", std::to_string(seq)),
      h("fieldset", {cls("flow")},
        h("legend", {cls("label")},
          posted ? "Un avis de réception est revenu\u202f?" : "Comment la personne la reçoit"),
        h("div", {cls("tick")},
          when(!posted,
               [&] {
                 return fragment(
                     way(Handing::Way::handed, "Remise en main propre", "Le jour de la remise."),
                     way(Handing::Way::posted, "Envoyée par courrier",
                         "Le jour de l’envoi, faute de mieux\u00a0: le délai pour "
                         "contester court du jour où elle est reçue. Il dure donc au "
                         "moins jusqu’à la date affichée."));
               }),
          way(Handing::Way::registered, "Reçue, l’avis de réception est là",
              "Le jour que porte l’avis\u00a0: celui de la remise, ou de la première présentation "
              "si le pli n’est pas retiré."))),
      line_field({.own = own,
                  .label = "Ce jour",
                  .hint = "Exemple\u00a0: 3 décembre 2026. Le délai pour contester court de là.",
                  .fault = fault,
                  .value = day,
                  .field = "day"},
                 {.style = "in in--mid"}),
      h("button", {cls("btn btn--2")}, posted ? "Noter ce jour" : "Remis ou envoyé",
        h("span", {cls("vh")}, "\u00a0: ", casework::letter_name(Act::accept))));
}

// Letters of decisions that were posted, as long as nobody knows when they came.
Html posted_letters(const Shown& shown) {
  Html out;
  for (const Happened& decision : shown.opened.events) {
    if (!casework::is_decision(decision.act)) continue;
    std::optional<Handing> posted;
    bool known = false;
    for (const Happened& event : shown.opened.events)
      if (const auto handing = casework::handing_in(event);
          handing && handing->letter == decision.seq) {
        known = known || handing->way != Handing::Way::posted;
        if (handing->way == Handing::Way::posted) posted = handing;
      }
    if (!posted || known) continue;
    out +=
        h("li", {cls("given")},
          h("div", {cls("flow")},
            h("p", "La décision\u00a0: envoyée le ", calendar::full_date_words(posted->day), "."),
            handed_form(shown, decision.seq, true)));
  }
  return out;
}

Html papers_section(const Shown& shown) {
  if (!shown.receipt.by_post && shown.opened.papers.empty()) return {};
  Html waiting;
  for (const std::int64_t seq : shown.opened.papers) {
    const auto event = std::ranges::find(shown.opened.events, seq, &Happened::seq);
    if (event == shown.opened.events.end()) continue;
    if (casework::is_decision(event->act)) {
      waiting += h("li", h("div", {cls("flow")},
                           h("p", "À envoyer\u00a0: ", casework::letter_name(event->act), "."),
                           h("p", letter_link(shown, *event)), handed_form(shown, seq, false)));
      continue;
    }
    waiting += h(
        "li",
        h("div", {cls("flow")}, h("p", "À envoyer\u00a0: ", casework::letter_name(event->act), "."),
          h("p", letter_link(shown, *event)),
          h("form", {action(case_url(shown.opened.reference, "courrier")), attr("method", "post")},
            portal::hidden("_token", shown.token), portal::hidden("seq", std::to_string(seq)),
            h("button", {cls("btn btn--2")}, "Remis ou envoyé",
              h("span", {cls("vh")}, "\u00a0: ", casework::letter_name(event->act))))));
  }
  waiting += posted_letters(shown);
  return h("section", {attr("aria-labelledby", "courriers")},
           h("h2", {id("courriers")}, "Courriers"),
           h("p", h("strong", "Pas d’e-mail\u00a0: à envoyer par courrier.")),
           waiting.empty() ? h("p", {cls("soft")}, "Rien n’attend.")
                           : h("ul", {cls("pieces")}, waiting));
}

// ── the timeline ──

struct Titled {
  std::string title;
  std::string_view kind;  // of its mark
};
Titled titled(const Shown& shown, const Happened& event) {
  const bool citizen = event.by == Role::citizen;
  const auto to = [&](const char* key) {
    return std::string(string_at(event.more, key).value_or(""));
  };
  switch (event.act) {
    case Act::deposit:
      if (const auto way = casework::way_of(event))
        return {"Demande saisie, faite " + std::string(casework::words(*way)), "ours"};
      return {"Demande déposée", "theirs"};
    case Act::take_up:
      return {"Dossier pris en charge", "ours"};
    case Act::ask_pieces:
      return {"Pièces demandées", "ours"};
    case Act::give_pieces:
      if (citizen) return {"Pièces données par l’usager", "theirs"};
      return {event.more.contains("came") ? "Fichier reconnu comme une pièce demandée"
                                          : "Pièces reçues au guichet ou par courrier",
              "ours"};
    case Act::return_pieces:
      return {"Pièces redemandées", "ours"};
    case Act::waive_pieces:
      return {"Pièces qui ne sont plus nécessaires", "ours"};
    case Act::settle: {
      const procedure::End* end = casework::end_in(*shown.opened.definition, event);
      return {end == nullptr ? std::string("Terminé") : "Terminé\u00a0: " + end->label, "ours"};
    }
    case Act::notify: {
      const auto handing = casework::handing_in(event);
      if (!handing) return {"Lettre de décision remise", "ours"};
      return {fmt::format("Lettre de décision {} le {}", casework::words(handing->way),
                          calendar::full_date_words(handing->day)),
              "ours"};
    }
    case Act::accept:
      return {"Demande acceptée", "ours"};
    case Act::refuse:
      return {"Demande refusée", "ours"};
    case Act::withdraw:
      return {citizen ? "Demande retirée par l’usager" : "Demande retirée, comme l’usager l’a dit",
              citizen ? "theirs" : "ours"};
    case Act::transfer:
      return {"Transmis à " + (to("to").empty() ? "une autre administration" : to("to")), "ours"};
    case Act::close:
      return {"Dossier clos", "ours"};
    case Act::reopen:
      return {"Dossier rouvert", "ours"};
    case Act::write:
      return {citizen ? "Message de l’usager" : "Message à l’usager", citizen ? "theirs" : "ours"};
    case Act::note:
      return {"Avis interne", "inside"};
    case Act::reject_piece:
      return {"Pièce retirée\u00a0: refusée au contrôle", "inside"};
    case Act::silence:
      return {"Le délai a pris fin sans réponse\u00a0: la loi en tire la suite", "inside"};
    case Act::visit: {
      const std::string what = to("what");
      return {what == "moved"       ? "Rendez-vous déplacé"
              : what == "retaken"   ? "Nouveau rendez-vous"
              : what == "cancelled" ? "Rendez-vous annulé"
              : what == "displaced" ? "Rendez-vous à déplacer\u00a0: le guichet est absent"
              : what == "arrived"   ? "L’usager est venu au rendez-vous"
              : what == "expected"  ? "L’usager est de nouveau attendu au rendez-vous"
                                    : "L’usager n’est pas venu au rendez-vous",
              what == "arrived" ? "theirs" : "inside"};
    }
    case Act::merge:
      return {event.more.contains("into") ? "Réuni avec le dossier " + to("into")
                                          : "Le dossier " + to("from") + " est réuni à celui-ci",
              "ours"};
    case Act::reassign: {
      std::string name = to("name");
      if (name.empty()) name = service_name(shown, to("service"));
      return {"Confié au service\u00a0: " + name, "ours"};
    }
  }
  return {};
}

std::vector<std::string> asks_in(const Shown& shown, const Happened& event) {
  std::vector<std::string> out;
  const json::array* ids = array_at(event.more, "asks");
  if (ids == nullptr) return out;
  for (const casework::Ask& ask : casework::asks_of(shown.opened.events))
    if (std::ranges::any_of(*ids, [&](const json::value& each) {
          return each.is_string() && std::string_view(each.get_string()) == ask.id;
        }))
      out.push_back(ask.label);
  return out;
}

// What an act asked for or brought; files that can be opened are links.
Html named_pieces(const Shown& shown, const Happened& event) {
  Html list;
  const json::array* several = array_at(event.more, "pieces");
  for (const std::string& name : casework::pieces_in(event)) {
    const casework::Piece* file = nullptr;
    if (several != nullptr)
      for (const json::value& each : *several)
        if (const json::object* one = each.if_object(); one && string_at(*one, "name") == name)
          if (const auto found = std::ranges::find(
                  shown.opened.pieces, string_at(*one, "id").value_or(""), &casework::Piece::id);
              found != shown.opened.pieces.end() && can_be_opened(*found))
            file = &*found;
    list +=
        h("li",
          file == nullptr
              ? Html(name)
              : h("a", {cls("link"), href(case_url(shown.opened.reference, "pieces/" + file->id))},
                  portal::icon(portal::Icon::download), name));
  }
  // Of an act on documents that were asked for: which.
  if (list.empty())
    for (const std::string& label : asks_in(shown, event)) list += h("li", label);
  Html refused;
  for (const casework::NotKept& file : casework::refused_in(event))
    refused += h("li", file.name.empty() ? "" : file.name + "\u00a0: ", file.said);
  return fragment(when(!list.empty(), [&] { return h("ul", list); }), when(!refused.empty(), [&] {
                    return fragment(
                        h("p", event.more.contains("untold")
                                   ? "Non gardés. L’usager n’en est pas averti par e-mail, parce "
                                     "qu’il l’est déjà souvent aujourd’hui\u00a0:"
                                   : "Non gardés, l’usager en est averti\u00a0:"),
                        h("ul", refused));
                  }));
}

Html timeline(const Shown& shown) {
  return h("section", {cls("panel"), attr("aria-labelledby", "histoire")},
           h("h2", {id("histoire")}, "Ce qui s’est passé"),
           h("p", {cls("soft small")}, "Le plus récent d’abord."),
           h("ol", {cls("story")},
             each(shown.opened.events | std::views::reverse,
                  [&](const Happened& event) { return happened(shown, event); })));
}

// ── acts ──

Html act_buttons(const Shown& shown) {
  if (shown.acts.empty()) return {};
  return h(
      "ul", {cls("acts"), attr("aria-label", "Ce que vous pouvez faire")},
      each(shown.acts, [&](const ActForm* form) {
        // What only says that the case goes on stands out; a decision is never suggested.
        const bool goes_on = form->act == Act::take_up || form->act == Act::give_pieces;
        const char* style = goes_on ? "btn" : "btn btn--2";
        if (form->act == Act::settle)  // each end is a press of its own
          return fragment(each(shown.opened.definition->ends, [&](const procedure::End& end) {
            return h("li", h("a",
                             {cls(style), href(case_url(shown.opened.reference, form->slug) +
                                               "?choix=" + end.id)},
                             end.act));
          }));
        if (form->act != Act::take_up)
          return h("li", h("a", {cls(style), href(case_url(shown.opened.reference, form->slug))},
                           form->label));
        // Nothing to write: one press.
        return h("li",
                 h("form",
                   {action(case_url(shown.opened.reference, form->slug)), attr("method", "post")},
                   portal::hidden("_token", shown.token), portal::hidden("id", portal::new_id()),
                   portal::hidden("seen", std::to_string(shown.opened.events.back().seq)),
                   h("button", {cls(style)}, form->label)));
      }));
}

}  // namespace

std::string at_words(Instant at, Zone zone) {
  const LocalTime local = zone.local(at);
  return fmt::format("{}, à {}", calendar::full_date_words(civil_date(local)),
                     calendar::time_words(time_of_day(local)));
}

std::string service_name(const Shown& shown, const std::string& id) {
  const auto found = shown.names.services.find(id);
  return found == shown.names.services.end() ? id : found->second;
}

Html answers(const Opened& opened) {
  Html out;
  for (const procedure::Step& step : opened.definition->steps) {
    Html rows;
    for (const procedure::Page& page : step.pages)
      for (const Field& field : page.fields)
        if (const json::value* value = opened.answers.if_contains(field.id);
            value != nullptr && field.type != Type::note)
          rows_of(rows, "", field, *value);
    if (!rows.empty())
      out += h("section", {cls("step")}, h("h3", step.title), h("dl", {cls("kv")}, rows));
  }
  return out;
}

Html state_line(const Shown& shown) {
  const Opened& opened = shown.opened;
  const CivilDate today = civil_date(shown.zone.local(shown.now));
  const auto commune = shown.names.communes.find(opened.commune);
  const procedure::End* end = casework::end_of(opened);
  return h("p", {cls("facts")},
           h("span", {cls("tag")},
             end == nullptr ? std::string(casework::label(opened.state)) : end->label),
           " ",
           when(casework::is_open(opened.state),
                [&] { return fragment(tag(deadline_of(opened.state, opened.due, today)), " "); }),
           h("span", {cls("soft")}, service_name(shown, opened.service), ", ",
             commune == shown.names.communes.end() ? opened.commune : commune->second, "."));
}

Html happened(const Shown& shown, const Happened& event) {
  const Titled what = titled(shown, event);
  const std::string who = event.by == Role::citizen  ? "L’usager"
                          : event.by == Role::system ? "Le programme"
                                                     : event.author;
  const auto term = parse_iso_date(string_at(event.more, "term").value_or(""));
  const json::object* letter = object_at(event.more, "letter");
  const std::string law(letter ? string_at(*letter, "law").value_or("") : "");
  return h(
      "li", {cls(what.kind), id("e" + std::to_string(event.seq))},
      h("div",
        h("h3", what.title,
          when(event.act == Act::note,
               [] { return fragment(" ", h("span", {cls("tag")}, "Entre agents")); })),
        named_pieces(shown, event),
        when(term.has_value(),
             [&] { return h("p", "À donner avant la fin du ", calendar::date_words(*term), "."); }),
        paragraphs(event.text),
        when(!law.empty(), [&] { return h("p", "Texte appliqué\u00a0: ", law); }),
        when(shown.pdf && casework::is_decision(event.act),
             [&] {
               return h("p",
                        h("a",
                          {cls("link"), href(case_url(shown.opened.reference,
                                                      "decision/" + std::to_string(event.seq)))},
                          portal::icon(portal::Icon::download), "La lettre signée (PDF)"));
             }),
        h("p", {cls("soft small")}, who, ", ", at_words(event.at, shown.zone), ".")));
}

namespace {

Html visit_line(const Shown& shown) {
  if (!shown.visit) return {};
  const appointment::Booking& row = shown.visit->booking;
  return h(
      "p", "Rendez-vous\u00a0: ",
      h("a", {cls("link"), href(visits_url(row.id))}, portal::slot_words(row.start, shown.zone)),
      " (", appointment::label(row.state), ").",
      when(api::CaseAppointments::can_retake(shown.opened, *shown.visit), [&] {
        return fragment(" ", h("a", {cls("link"), href(visits_url(row.id) + "/deplacer")},
                               "Donner un autre horaire"));
      }));
}

}  // namespace

std::string case_title(const Shown& shown) { return "Dossier " + shown.opened.reference; }

Html case_page(const Shown& shown) {
  const Opened& opened = shown.opened;
  return fragment(
      h("header", {cls("case-head")},
        when(shown.handed.has_value(),
             [&] {
               return summary({{"jour-" + std::to_string(shown.handed->seq), shown.handed->fault}});
             }),
        when(!shown.done.empty(), [&] { return notice(h("p", shown.done)); }),
        portal::back_link("/bureau/dossiers", "Tous les dossiers"),
        h("h1", shown.receipt.title, " ", h("span", {cls("num")}, opened.reference)),
        state_line(shown), visit_line(shown), act_buttons(shown)),
      h("div", {cls("case-board")},
        h("section", {cls("panel"), attr("aria-labelledby", "reponses")},
          h("h2", {id("reponses")}, "Réponses"), answers(opened)),
        timeline(shown),
        h("div", {cls("panel side")}, clock_section(shown), papers_section(shown),
          pieces_section(shown), person_section(shown))));
}

}  // namespace parvis::desk
