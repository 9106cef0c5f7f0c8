#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/error.hpp"
#include "calendar/words.hpp"
#include "casework/letters.hpp"
#include "desk/case_pages.hpp"
#include "desk/deadline.hpp"
#include "desk/parts.hpp"
#include "desk/pieces.hpp"
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
    out += h("p", "L’usager peut contester jusqu’au ", h("strong", full(*clock.appeal_until)), ".");
  else if (clock.outcome == Clock::Outcome::refused)
    out +=
        h("p",
          "L’usager n’a pas d’adresse e-mail\u00a0: il peut contester pendant deux mois, à partir "
          "du jour où il reçoit la lettre.");
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
          piece.state == Piece::State::sent ? "Envoyé le " + day : std::string("Avec la demande"),
          ". ", standing(file), ".")));
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
                           h("small", "Attendue",
                             piece.term ? " avant la fin du " + calendar::date_words(*piece.term)
                                        : std::string())));
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
  return h("a", {cls("link"), href("#e" + std::to_string(event.seq))}, "Lire ce qu’il faut écrire");
}

Html papers_section(const Shown& shown) {
  if (!shown.receipt.by_post && shown.opened.papers.empty()) return {};
  Html waiting;
  for (const std::int64_t seq : shown.opened.papers) {
    const auto event = std::ranges::find(shown.opened.events, seq, &Happened::seq);
    if (event == shown.opened.events.end()) continue;
    waiting += h(
        "li",
        h("div", {cls("flow")}, h("p", "À envoyer\u00a0: ", casework::letter_name(event->act), "."),
          h("p", letter_link(shown, *event)),
          h("form", {action(case_url(shown.opened.reference, "courrier")), attr("method", "post")},
            portal::hidden("_token", shown.token), portal::hidden("seq", std::to_string(seq)),
            h("button", {cls("btn btn--2")}, "Remis ou envoyé",
              h("span", {cls("vh")}, "\u00a0: ", casework::letter_name(event->act))))));
  }
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
      return {citizen ? "Pièces données par l’usager" : "Pièces reçues au guichet ou par courrier",
              citizen ? "theirs" : "ours"};
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
              : what == "cancelled" ? "Rendez-vous annulé"
              : what == "displaced" ? "Rendez-vous à déplacer\u00a0: le guichet est absent"
              : what == "arrived"   ? "L’usager est venu au rendez-vous"
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
  return h("p", {cls("facts")}, h("span", {cls("tag")}, casework::label(opened.state)), " ",
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

std::string case_title(const Shown& shown) { return "Dossier " + shown.opened.reference; }

Html case_page(const Shown& shown) {
  const Opened& opened = shown.opened;
  return fragment(h("header", {cls("case-head")},
                    when(!shown.done.empty(), [&] { return notice(h("p", shown.done)); }),
                    portal::back_link("/bureau/dossiers", "Tous les dossiers"),
                    h("h1", shown.receipt.title, " ", h("span", {cls("num")}, opened.reference)),
                    state_line(shown), act_buttons(shown)),
                  h("div", {cls("case-board")},
                    h("section", {cls("panel"), attr("aria-labelledby", "reponses")},
                      h("h2", {id("reponses")}, "Réponses"), answers(opened)),
                    timeline(shown),
                    h("div", {cls("panel side")}, clock_section(shown), papers_section(shown),
                      pieces_section(shown), person_section(shown))));
}

}  // namespace parvis::desk
