#include "portal/case_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "casework/asks.hpp"
#include "casework/certificate.hpp"
#include "casework/decision.hpp"
#include "casework/ends.hpp"
#include "casework/standing.hpp"
#include "portal/appointment_pages.hpp"
#include "portal/icons.hpp"
#include "portal/procedure_pages.hpp"
#include "portal/visitor.hpp"

namespace parvis::portal {

using namespace html;

namespace {

using casework::Act;
using casework::Happened;
using casework::Opened;
using casework::Role;
using casework::State;

constexpr std::string_view kField = "message";

Html pair(std::string_view name, const Html& value) {
  return h("div", h("dt", name), h("dd", value));
}

Html lines_of(std::string_view text) {
  Html out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += h("p", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string text_of(const procedure::Definition& definition, std::string_view name,
                    const json::object& answers) {
  const auto found = definition.texts.find(std::string(name));
  return found == definition.texts.end() ? std::string()
                                         : procedure::filled_in(definition, found->second, answers);
}

// A phone number that is written for people, as a link.
Html call(const directory::Phone& phone) {
  std::string digits;
  for (const char c : phone.number)
    if ((c >= '0' && c <= '9') || c == '+') digits += c;
  return h("p", h("a", {cls("num link"), href("tel:" + digits)}, phone.number),
           phone.label.empty() ? "" : ", " + phone.label);
}

// ── the acknowledgement ──

Html deed(const Frame& frame, const CaseShown& shown) {
  const casework::Receipt& receipt = shown.receipt;
  return h(
      "section", {cls("deed"), attr("aria-labelledby", "accuse")},
      h("div", {cls("flow")}, h("h2", {id("accuse")}, "Accusé de réception"), h("p", receipt.title),
        h("p", {cls("plaque plaque--ref")}, h("small", "Référence du dossier"), " ",
          h("b", receipt.reference)),
        when(!receipt.code.empty(),
             [&] {
               return fragment(
                   h("p", {cls("plaque plaque--ref")}, h("small", "Votre code"), " ",
                     h("b", {cls("num")}, receipt.code)),
                   h("p", "Avec la référence, ce code ouvre votre dossier. Gardez-le pour vous."));
             }),
        when(!receipt.text.empty(), [&] { return h("p", receipt.text); }),
        when(receipt.by_post,
             [] {
               return h("p",
                        "Vous n’avez pas donné d’adresse e-mail. Imprimez ou téléchargez cet "
                        "accusé. La décision vient par courrier.");
             })),
      h("dl", {cls("pairs")}, pair("Déposé le", h("strong", receipt.deposited)),
        pair("Service en charge",
             fragment(h("p", h("strong", receipt.service)),
                      each(receipt.address, [](const std::string& line) { return h("p", line); }),
                      each(receipt.phones, call),
                      when(!receipt.email.empty(),
                           [&] {
                             return h("a", {cls("link"), href("mailto:" + receipt.email)},
                                      receipt.email);
                           }))),
        when(!receipt.answer_by.empty(),
             [&] { return pair("Réponse au plus tard", h("strong", receipt.answer_by)); }),
        when(!receipt.silence.empty(),
             [&] {
               return pair(
                   "Sans réponse à cette date",
                   fragment(h("p", receipt.silence), when(!receipt.certificate.empty(), [&] {
                              return h("p", receipt.certificate);
                            })));
             }),
        when(!receipt.appeals.empty(), [&] { return pair("Contester", receipt.appeals); })),
      when(!receipt.why.empty(),
           [&] {
             return h(
                 "details", h("summary", "Comment ce délai est compté"),
                 h("ul", each(receipt.why, [](const std::string& line) { return h("li", line); })));
           }),
      h("div", {cls("row")},
        when(shown.pdf,
             [&] {
               return h("a",
                        {cls("btn"),
                         href(cases_url(frame, receipt.reference, "/accuse-de-reception.pdf"))},
                        icon(Icon::download), "Télécharger le PDF");
             }),
        print_button()));
}

// ── the appointment ──

// When, where and with what; to move it is a matter of its own pages.
Html visit(const Frame& frame, const CaseShown& shown) {
  if (!shown.visit) return {};
  using appointment::State;
  const appointment::Booking& booking = shown.visit->booking;
  const bool stands = booking.state == State::booked || booking.state == State::displaced;
  const auto to = [&](std::string_view rest, std::string_view words) {
    return h("li", h("a",
                     {cls("link"), href(cases_url(frame, shown.opened.reference, "/rendez-vous") +
                                        std::string(rest))},
                     words));
  };
  const auto& told = shown.receipt.appointment;
  return h(
      "section", {cls("rung"), attr("aria-labelledby", "rendez-vous")},
      h("div", {cls("flow")}, h("h2", {id("rendez-vous")}, "Votre rendez-vous"),
        when(booking.state == State::displaced,
             [] {
               return h("p", {cls("notice notice--alert")},
                        "La personne qui devait vous recevoir ne peut pas être là. Choisissez un "
                        "autre horaire.");
             }),
        when(booking.state == State::missed,
             [] { return h("p", "Ce rendez-vous est passé sans vous."); }),
        booking.state == State::cancelled
            ? h("p", casework::is_open(shown.opened.state)
                         ? "Ce rendez-vous est annulé. Votre dossier reste ouvert."
                         : "Ce rendez-vous est annulé.")
            : h("p", {cls("plaque plaque--wide")}, h("b", slot_words(booking.start, shown.zone))),
        when(api::CaseAppointments::can_retake(shown.opened, *shown.visit),
             [&] {
               return h("p", h("a",
                               {cls("btn"), href(cases_url(frame, shown.opened.reference,
                                                           "/rendez-vous/choisir"))},
                               "Choisir un autre horaire"));
             })),
      when(!appointment::came_to_nothing(booking.state), [&] {
        return h("div", {cls("flow")},
                 h("dl", {cls("pairs")},
                   when(!told.place.empty(),
                        [&] {
                          return pair("Où", fragment(each(told.place, [](const std::string& line) {
                                        return h("p", line);
                                      })));
                        }),
                   when(!told.bring.empty(),
                        [&] {
                          return pair("À apporter",
                                      h("ul", {cls("docs")}, each(told.bring, [](const auto& line) {
                                          return h("li", h("span", line));
                                        })));
                        })),
                 when(stands && shown.now < booking.start, [&] {
                   return h("ul", {cls("links")},
                            to("", "Voir ce rendez-vous, l’ajouter à mon agenda"),
                            to("?vers=deplacer", "Déplacer le rendez-vous"),
                            to("?vers=annuler", "Annuler le rendez-vous"));
                 }));
      }));
}

// ── the timeline ──

Html pieces_of(const Happened& event) {
  const std::vector<std::string> pieces = casework::pieces_in(event);
  if (pieces.empty()) return {};
  return h("ul", {cls("docs")},
           each(pieces, [](const std::string& piece) { return h("li", h("span", piece)); }));
}

// Each document that was asked for, and where it stands: what is awaited first.
Html asks_list(const std::vector<casework::Ask>& asks) {
  Html list;
  for (const bool open : {true, false})
    for (const casework::Ask& ask : asks)
      if (ask.awaited() == open)
        list += h("li", {cls(open ? "" : "given")},
                  h("span", h("strong", ask.label), " ",
                    h("span", {cls(open ? "tag tag--lamp" : "tag")}, words(ask.state)),
                    when(!ask.said.empty(), [&] { return lines_of(ask.said); })));
  return h("ul", {cls("docs"), attr("aria-label", "Documents demandés")}, list);
}

// Files that were refused and that answer no request: documents of the form.
Html unasked_rejected(const Opened& opened) {
  Opened rest = opened;
  std::erase_if(rest.pieces, [](const casework::Piece& piece) { return !piece.ask.empty(); });
  return rejected_pieces(rest);
}

// Which documents an act is about.
Html asks_in(const Opened& opened, const Happened& event) {
  Html list;
  if (const json::array* ids = array_at(event.more, "asks"))
    for (const casework::Ask& ask : casework::asks_of(opened.events))
      if (std::ranges::any_of(*ids, [&](const json::value& each) {
            return each.is_string() && std::string_view(each.get_string()) == ask.id;
          }))
        list += h("li", h("span", ask.label));
  return list.empty() ? Html() : h("ul", {cls("docs")}, list);
}

Html step(std::string_view style, const Html& inside) {
  return h("li", {cls(style)}, h("div", inside));
}

// Documents that were handed in and are refused since, while nothing else is asked for.
bool again(const Opened& opened) {
  return opened.state != State::awaiting && casework::takes_pieces(opened.state, opened.pieces);
}
Html again_step(const Frame& frame, const CaseShown& shown) {
  const Opened& opened = shown.opened;
  return step("now",
              fragment(h("p", h("span", {cls("tag tag--lamp")}, "En ce moment")),
                       h("h3", "Un document est à donner de nouveau"), rejected_pieces(opened),
                       when(shown.uploads,
                            [&] {
                              return h("p", h("a",
                                              {cls("btn"),
                                               href(cases_url(frame, opened.reference, "/pieces"))},
                                              "Donner ce document"));
                            }),
                       h("p", shown.uploads ? "Ou donnez-le" : "Donnez-le",
                         " au guichet ou par courrier, avec la référence ",
                         h("strong", opened.reference), ". Le service a toujours votre demande.")));
}

Html now_step(const Frame& frame, const CaseShown& shown) {
  const Opened& opened = shown.opened;
  const Html tag = h("p", h("span", {cls("tag tag--lamp")}, "En ce moment"));
  const casework::Standing standing =
      casework::standing_of(opened, civil_date(shown.zone.local(shown.now)));
  // Promised, and not come: said with whom to call.
  if (standing.late) {
    return step("now", fragment(tag, h("h3", "Nous sommes en retard"), h("p", standing.now),
                                h("p", "Pour savoir où elle en est, joignez le service\u00a0: ",
                                  h("strong", shown.receipt.service), "."),
                                each(shown.receipt.phones, call),
                                h("p", "Ou ", h("a", {href("#ecrire")}, "écrivez-lui ici"), ".")));
  }
  const auto theirs = [&](std::string_view title) {
    return step("now", fragment(tag, h("h3", title),
                                h("p", "C’est au service d’agir. Vous n’avez rien à faire.")));
  };
  if (again(opened)) return again_step(frame, shown);
  switch (opened.state) {
    case State::draft:
      return {};
    case State::received:
      return theirs("Le service va prendre votre demande");
    case State::examined:
      return theirs("Le service étudie votre demande");
    case State::awaiting: {
      const std::vector<casework::Ask> asks = casework::asks_of(opened.events);
      const Happened* asked = casework::newest_request(opened.events, asks);
      const std::string term = asked == nullptr ? std::string() : casework::term_of(*asked);
      return step(
          "now",
          fragment(
              tag, h("h3", "Le service attend vos documents"),
              h("p", h("strong", "C’est à vous d’agir"),
                term.empty() ? "." : ", jusqu’au " + term + "."),
              when(asked != nullptr,
                   [&] { return fragment(asks_list(asks), lines_of(asked->text)); }),
              when(!unasked_rejected(opened).empty(),
                   [&] {
                     return fragment(h("p", "À donner de nouveau\u00a0:"),
                                     unasked_rejected(opened));
                   }),
              when(shown.uploads,
                   [&] {
                     return h(
                         "p",
                         h("a", {cls("btn"), href(cases_url(frame, opened.reference, "/pieces"))},
                           "Donner ces documents"));
                   }),
              h("p", shown.uploads ? "Ou donnez-les" : "Donnez-les",
                " au guichet ou par courrier, avec la référence ", h("strong", opened.reference),
                ". Une question\u202f? ", h("a", {href("#ecrire")}, "Écrivez au service"), ".")));
    }
    case State::accepted:
    case State::refused:
    case State::settled:
    case State::withdrawn:
    case State::transferred:
    case State::closed:
      return {};
  }
  return {};
}

// What the law made of silence, and what one can do with it.
Html silence_step(const Frame& frame, const CaseShown& shown) {
  const Happened* event = casework::newest_silence(shown.opened);
  const auto silence = event == nullptr ? std::nullopt : casework::silence_in(*event);
  if (!silence || !casework::is_open(shown.opened.state)) return {};
  const Html tag = h("p", h("span", {cls("tag tag--lamp")}, "En ce moment"));
  if (silence->verdict == casework::Verdict::accepted)
    return step("now",
                fragment(tag, h("h3", "Votre demande est acceptée"),
                         h("p", "Le service n’a pas répondu à temps. La loi dit alors oui."),
                         h("p", "Vous pouvez demander une attestation. Le service la signe."),
                         h("form",
                           {action(cases_url(frame, shown.opened.reference, "/attestation")),
                            attr("method", "post")},
                           hidden("_token", shown.token),
                           hidden("id", "attestation-" + format_iso_date(silence->last_day)),
                           h("button", {cls("btn")}, "Demander l’attestation")),
                         when(shown.attests, [&] {
                           return h("p",
                                    h("a",
                                      {cls("link"), href(cases_url(frame, shown.opened.reference,
                                                                   "/attestation.pdf"))},
                                      "Voir le projet d’attestation (PDF)"));
                         })));
  return step(
      "now",
      fragment(
          tag, h("h3", "Le silence du service vaut refus"),
          h("p", "Le service peut encore vous répondre. Vous pouvez lui demander pourquoi."),
          h("p", "Vous pouvez contester",
            silence->appeal_until ? " jusqu’au " + calendar::full_date_words(*silence->appeal_until)
                                  : std::string(" dans les deux mois"),
            ". Écrivez d’abord au service, ou saisissez le tribunal administratif, aussi sur "
            "www.telerecours.fr.")));
}

Html next_step(const CaseShown& shown) {
  const Opened& opened = shown.opened;
  if (!casework::is_open(opened.state)) return {};
  if (casework::newest_silence(opened) != nullptr) return {};
  const std::string words = text_of(*opened.definition, "next", opened.answers);
  const bool decided = opened.definition->clock.silence != procedure::Silence::none;
  const std::string by =
      opened.due ? "Au plus tard le " + calendar::full_date_words(*opened.due) : std::string();
  return step(
      "next",
      fragment(h("h3", decided ? "Une personne décide et vous écrit" : "Une personne vous répond"),
               when(!words.empty(), [&] { return h("p", words); }),
               when(decided,
                    [] {
                      return h("p",
                               "La décision est signée par une personne. Jamais par une machine.");
                    }),
               when(!by.empty(), [&] { return h("p", {cls("soft")}, by); })));
}

// The text that founds a refusal, how to contest, and the signed letter.
Html decided(const Frame& frame, const CaseShown& shown, const Happened& event) {
  const casework::Decision decision =
      casework::decision_in(shown.opened, event, shown.receipt, shown.zone);
  // Of the refusal that holds: an older one, that was taken back, has none.
  std::optional<casework::Clock> appeal;
  if (auto clock = casework::clock_of(shown.opened, shown.zone, shown.now);
      clock && clock->appeal_until && event.act == Act::refuse &&
      shown.opened.state == State::refused)
    appeal = std::move(*clock);
  return fragment(
      when(!decision.law.empty(), [&] { return h("p", "Texte appliqué\u00a0: ", decision.law); }),
      when(shown.letters,
           [&] {
             return h("p",
                      h("a",
                        {cls("btn"), href(cases_url(frame, shown.opened.reference,
                                                    "/decision/" + std::to_string(event.seq)))},
                        icon(Icon::download), "Télécharger la lettre (PDF)"));
           }),
      when(appeal.has_value(),
           [&] {
             return h("p", "Vous pouvez contester jusqu’au ",
                      h("strong", calendar::full_date_words(*appeal->appeal_until)),
                      casework::at_least(*appeal) ? " au moins." : ".");
           }),
      when(!decision.appeals.empty(), [&] {
        return h(
            "details", h("summary", "Contester cette décision"),
            h("ul", each(decision.appeals, [](const std::string& way) { return h("li", way); })));
      }));
}

Html timeline(const Frame& frame, const CaseShown& shown) {
  const Opened& opened = shown.opened;
  Html steps;
  for (const Happened& event : opened.events) {
    const std::string words = casework::done_words(*opened.definition, event);
    if (words.empty()) continue;
    const bool decision = casework::is_decision(event.act);
    std::string own;
    if (event.act == Act::accept) own = text_of(*opened.definition, "accepted", opened.answers);
    if (event.act == Act::refuse) own = text_of(*opened.definition, "refused", opened.answers);
    const procedure::End* end = casework::end_in(*opened.definition, event);
    if (end != nullptr) own = casework::told(opened, *end);
    if (event.act == Act::transfer)
      if (const auto to = string_at(event.more, "to")) own = std::string("Vers ").append(*to) + ".";
    // What waits now says the pieces itself.
    const bool told = event.act == Act::ask_pieces && opened.state == State::awaiting;
    steps += step(
        "done",
        fragment(h("h3", words), when(!own.empty(), [&] { return h("p", own); }),
                 when(!told && (event.act == Act::ask_pieces || event.act == Act::give_pieces ||
                                event.act == Act::reject_piece),
                      [&] { return pieces_of(event); }),
                 when(event.act == Act::return_pieces || event.act == Act::waive_pieces ||
                          (event.act == Act::give_pieces && casework::pieces_in(event).empty()),
                      [&] { return asks_in(opened, event); }),
                 when(!told && (event.act != Act::withdraw || event.by == Role::agent),
                      [&] { return lines_of(event.text); }),
                 when(end != nullptr && end->reason, [] { return h("p", casework::kComeBack); }),
                 when(decision, [&] { return decided(frame, shown, event); }),
                 h("p", {cls("soft")}, "Fait, ", casework::at_words(event.at, shown.zone),
                   decision && !event.author.empty() ? ". Décision de " + event.author : "", ".")));
  }
  const Instant last = opened.events.empty() ? opened.saved_at : opened.events.back().at;
  return h("section", {cls("rung"), attr("aria-labelledby", "suivi")},
           h("div", {cls("flow")}, h("h2", {id("suivi")}, "Où en est votre dossier"),
             h("p", h("strong", casework::state_words(opened), ".")),
             h("p", {cls("soft")}, "Mis à jour ", casework::at_words(last, shown.zone), ".")),
           h("ol", {cls("story")}, steps,
             casework::newest_silence(opened) == nullptr ? now_step(frame, shown)
                                                         : silence_step(frame, shown),
             next_step(shown)));
}

// ── messages ──

// Those that came with a mail: taken, then not taken.
Html files_of(const Happened& event) {
  const std::vector<std::string> taken = casework::pieces_in(event);
  const std::vector<casework::NotKept> refused = casework::refused_in(event);
  return fragment(
      when(event.more.contains("files_left_out"),  // of before files were taken
           [] { return h("p", {cls("small")}, "Ses fichiers sont dans la boîte du service."); }),
      when(!taken.empty(),
           [&] {
             return fragment(h("p", {cls("small")}, "Fichiers joints\u00a0:"), pieces_of(event));
           }),
      when(!refused.empty(), [&] {
        return fragment(
            h("p", {cls("small")}, h("strong", "Fichiers non gardés\u00a0:")),
            h("ul", {cls("docs")}, each(refused, [](const casework::NotKept& file) {
                return h("li",
                         h("span", file.name.empty() ? "" : file.name + "\u00a0: ", file.said));
              })));
      }));
}

Html messages(const Frame& frame, const CaseShown& shown) {
  Html said;
  for (const Happened& event : shown.opened.events) {
    if (event.act != Act::write) continue;
    const bool mine = event.by == Role::citizen;
    said += h("li",
              {cls(mine ? "turn turn--me" : "turn turn--bot"), id("m" + std::to_string(event.seq)),
               attr("tabindex", "-1")},
              h("h3", {cls("who")},
                mine ? Html("Vous") : Html(event.author.empty() ? "Le service" : event.author), " ",
                h("span", casework::at_words(event.at, shown.zone))),
              lines_of(event.text), when(event.more.contains("by_mail"), [&] {
                return fragment(files_of(event), h("p", {cls("soft small")}, "Venu par e-mail."));
              }));
  }
  const bool wrong = !shown.fault.empty();
  return h(
      "section", {cls("rung messages"), attr("aria-labelledby", "ecrire")},
      h("div", {cls("flow")}, h("h2", {id("ecrire"), attr("tabindex", "-1")}, "Écrire au service"),
        h("p", {cls("soft")}, "Une personne lit et répond. Vos messages restent au dossier.")),
      h("div", {cls("flow flow--wide")},
        when(!said.empty(),
             [&] { return h("ol", {cls("log"), attr("aria-label", "Messages")}, said); }),
        h("form",
          {cls("field write"), action(cases_url(frame, shown.opened.reference, "/message")),
           attr("method", "post"), attr("autocomplete", "off")},
          hidden("_token", shown.token), hidden("id", new_id()),
          h("label", {attr("for", kField)}, "Votre message"),
          when(wrong, [&] { return h("p", {cls("err"), id("message-erreur")}, shown.fault); }),
          h("textarea",
            {cls("in"), id(kField), name("text"), attr("rows", 4),
             attr_if(wrong, "aria-describedby", "message-erreur"),
             attr_if(wrong, "aria-invalid", "true")},
            shown.written),
          h("div", {cls("row")}, h("button", {cls("btn")}, "Envoyer le message")))));
}

Html acts(const Frame& frame, const CaseShown& shown) {
  const std::string& reference = shown.opened.reference;
  return h(
      "section", {cls("rung"), id("vous-pouvez"), attr("aria-labelledby", "pouvez")},
      h("h2", {id("pouvez")}, "Vous pouvez"),
      h("div", {cls("flow")},
        h("details", h("summary", "Revenir plus tard à ce dossier"),
          h("div", {cls("matter")},
            h("p", "Notez la référence\u00a0: ", h("strong", {cls("num")}, reference), "."),
            shown.receipt.code.empty()
                ? h("p",
                    "Sur tout appareil, ouvrez « Suivre un dossier ». Nous vous envoyons un lien, "
                    "à l’adresse e-mail de votre demande.")
                : h("p",
                    "Notez aussi votre code\u00a0: ", h("strong", {cls("num")}, shown.receipt.code),
                    ". Sur tout appareil, ouvrez « Suivre un dossier », puis « Vous avez un code "
                    "sur papier »."))),
        h("ul", {cls("links")},
          when(can_withdraw(shown.opened),
               [&] {
                 return h("li", h("a", {cls("link"), href(cases_url(frame, reference, "/retirer"))},
                                  "Retirer votre demande"));
               }),
          h("li", h("a", {cls("link"), href(procedures_url(frame))}, "Faire une autre démarche"))),
        when(casework::is_open(shown.opened.state),
             [&] {
               const bool on = shown.opened.reminders;
               return h("form",
                        {action(cases_url(frame, reference, "/rappels")), attr("method", "post")},
                        hidden("_token", shown.token), hidden("voulus", on ? "non" : "oui"),
                        h("p", on ? "Vous recevez des rappels par e-mail avant les dates limites."
                                  : "Vous ne recevez plus de rappels. L’accusé de réception et les "
                                    "décisions vous sont toujours envoyés."),
                        h("button", {cls("btn btn--2")},
                          on ? "Ne plus recevoir de rappels" : "Recevoir des rappels"));
             }),
        h("form", {action(cases_url(frame, reference, "/fermer")), attr("method", "post")},
          hidden("_token", shown.token), h("button", {cls("btn btn--2")}, "Quitter mon dossier")),
        h("p", {cls("soft small")},
          "Faites-le sur un ordinateur partagé. Sinon, il se ferme seul si vous n’y revenez pas "
          "pendant une heure. Votre demande suit son cours.")));
}

}  // namespace

Html rejected_pieces(const Opened& opened) {
  Html list;
  for (const casework::Piece& piece : opened.pieces)
    if (piece.rejected()) list += h("li", h("span", piece.name.read(), "\u00a0: ", piece.said));
  return list.empty() ? Html() : h("ul", {cls("docs")}, list);
}

std::string cases_url(const Frame& frame, std::string_view key, std::string_view rest) {
  std::string out = frame.base + "dossiers";
  if (!key.empty()) out.append("/").append(key);
  return out.append(rest);
}

Html stop_reminders(const Frame& frame, const std::string& to) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Ne plus recevoir de rappels\u202f?"),
             h("p", {cls("lead")}, "Nous n’enverrons plus de rappels avant les dates limites."),
             h("p",
               "L’accusé de réception, les demandes du service et les décisions vous sont "
               "toujours envoyés."),
             h("form", {action(to), attr("method", "post")},
               h("button", {cls("btn btn--big")}, "Arrêter les rappels")),
             h("p", h("a", {href(frame.base)}, "Garder les rappels et revenir à l’accueil"))));
}

Html reminders_stopped(const Frame& frame) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")}, h("h1", "Les rappels sont arrêtés"),
             h("p", {cls("lead"), attr("role", "status")},
               "Vous ne recevrez plus de rappels pour ce dossier."),
             h("p", "Pour en recevoir de nouveau, ouvrez votre dossier."),
             h("ul", {cls("links")},
               h("li", h("a", {cls("link"), href(cases_url(frame))}, "Suivre un dossier")),
               h("li", h("a", {cls("link"), href(frame.base)}, "Revenir à l’accueil")))));
}

bool can_withdraw(const Opened& opened) {
  return casework::step(opened.state, Act::withdraw, Role::citizen).has_value();
}

std::string case_title(const CaseShown& shown) {
  if (!shown.fault.empty()) return "Erreur\u00a0: votre message";
  return (shown.fresh ? "Votre demande est déposée, dossier " : "Dossier ") +
         shown.opened.reference;
}

Html case_page(const Frame& frame, const CaseShown& shown) {
  return h("div", {cls("wrap")},
           h("div", {cls("page-head")},
             when(!shown.fault.empty(),
                  [&] { return error_summary({{std::string("#").append(kField), shown.fault}}); }),
             when(shown.fresh,
                  [&] {
                    return fragment(
                        h("p", {cls("good")}, icon(Icon::check), "Envoyé et bien reçu"),
                        h("h1", "Votre demande est déposée"),
                        h("p", {cls("lead")},
                          "Gardez cette page\u00a0: c’est votre accusé de réception. ",
                          shown.receipt.code.empty() ? "Notez la référence."
                                                     : "Notez la référence et le code."));
                  }),
             when(!shown.fresh,
                  [&] {
                    return fragment(
                        h("h1", "Votre dossier ", h("span", {cls("num")}, shown.opened.reference)),
                        h("p", {cls("lead")}, shown.receipt.title),
                        h("ul", {cls("tries")}, h("li", h("a", {href("#suivi")}, "Où il en est")),
                          h("li", h("a", {href("#ecrire")}, "Écrire au service")),
                          h("li", h("a", {href("#accuse")}, "Accusé de réception"))));
                  })),
           // What is new comes first: the acknowledgement on the first day, then how it goes.
           shown.fresh ? fragment(deed(frame, shown), visit(frame, shown), timeline(frame, shown))
                       : fragment(visit(frame, shown), timeline(frame, shown), deed(frame, shown)),
           messages(frame, shown), acts(frame, shown));
}

Html ask_withdraw(const Frame& frame, const CaseShown& shown) {
  const std::string& reference = shown.opened.reference;
  return h(
      "div", {cls("wrap")},
      h("div", {cls("page-head")}, h("h1", "Retirer votre demande\u202f?"),
        h("p", {cls("lead")},
          "Le service s’arrête. Vous pourrez déposer une autre demande, avec un nouveau délai."),
        h("p", shown.receipt.title, ", ", reference),
        h("form",
          {cls("field"), action(cases_url(frame, reference, "/retirer")), attr("method", "post")},
          hidden("_token", shown.token), hidden("id", new_id()),
          h("label", {attr("for", "raison")}, "Pourquoi (facultatif)"),
          h("textarea", {cls("in"), id("raison"), name("text"), attr("rows", 3)}),
          h("div", {cls("row")},
            h("a", {cls("btn"), href(cases_url(frame, reference))}, "Garder ma demande"),
            h("button", {cls("btn btn--2")}, "Retirer")))));
}

}  // namespace parvis::portal
