#include "casework/standing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "casework/ends.hpp"
#include "casework/receipt.hpp"
#include "casework/reminders.hpp"

namespace parvis::casework {

std::string_view name(Whose whose) {
  switch (whose) {
    case Whose::nobody:
      return "nobody";
    case Whose::service:
      return "service";
    case Whose::citizen:
      return "citizen";
  }
  return {};
}

namespace {

std::string visit_words(const Happened& event) {
  const std::string_view what = string_at(event.more, "what").value_or("");
  if (what == "moved") return "Votre rendez-vous est déplacé";
  if (what == "retaken") return "Vous avez un nouveau rendez-vous";
  if (what == "cancelled") return "Votre rendez-vous est annulé";
  if (what == "displaced") return "Le service doit changer l’heure de votre rendez-vous";
  if (what == "arrived") return "Vous êtes venu au rendez-vous";
  if (what == "missed") return "Le rendez-vous est passé sans vous";
  if (what == "expected")
    return "Le service a corrigé\u00a0: vous êtes de nouveau attendu au rendez-vous";
  return {};
}

}  // namespace

std::string late_words(std::string_view day) {
  return fmt::format(
      "Nous sommes en retard\u00a0: la réponse était promise au plus tard le {}. Votre demande est "
      "toujours là, vous n’avez rien à refaire.",
      day);
}

std::string done_words(const procedure::Definition& definition, const Happened& event) {
  const bool mine = event.by == Role::citizen;
  switch (event.act) {
    case Act::deposit:
      return mine ? "Vous avez déposé votre demande"
                  : fmt::format("Un agent a enregistré la demande que vous avez faite {}",
                                words(way_of(event).value_or(Way::counter)));
    case Act::take_up:
      return "Le service a pris votre demande";
    case Act::ask_pieces:
      return "Le service vous a demandé des documents";
    case Act::give_pieces:
      if (!mine && event.more.contains("came")) return "Le service a trouvé votre document";
      return mine ? "Vous avez donné des documents" : "Le service a reçu vos documents";
    case Act::return_pieces:
      return "Le service vous demande de nouveau un document";
    case Act::waive_pieces:
      return "Le service n’a plus besoin d’un document";
    case Act::settle: {
      const procedure::End* end = end_in(definition, event);
      return end == nullptr ? std::string(words(State::settled)) : end->words;
    }
    case Act::notify: {
      const auto handing = handing_in(event);
      if (!handing) break;
      const std::string day = calendar::full_date_words(handing->day);
      switch (handing->way) {
        case Handing::Way::handed:
          return fmt::format("La lettre de décision vous a été remise le {}", day);
        case Handing::Way::registered:
          return fmt::format("Vous avez reçu la lettre de décision le {}", day);
        case Handing::Way::posted:
          return fmt::format("La lettre de décision est partie par courrier le {}", day);
      }
      break;
    }
    case Act::accept:
      return "Votre demande est acceptée";
    case Act::refuse:
      return "Votre demande est refusée";
    case Act::withdraw:
      return mine ? "Vous avez retiré votre demande"
                  : "Le service a noté que vous retirez votre demande";
    case Act::transfer:
      return "Votre demande est transmise à une autre administration";
    case Act::close:
      return "Le dossier est clos";
    case Act::reopen:
      return "Le dossier est rouvert";
    case Act::reassign:
      return "Un autre service de la commune suit votre demande";
    case Act::silence:
      return string_at(event.more, "verdict") == "accepted"
                 ? "Le délai a pris fin sans réponse\u00a0: votre demande est acceptée"
                 : "Le délai a pris fin sans réponse\u00a0: votre demande est refusée";
    case Act::merge:
      return event.more.contains("into") ? "Votre demande est suivie dans un autre dossier"
                                         : "Une autre de vos demandes est jointe à ce dossier";
    case Act::visit:
      return visit_words(event);
    case Act::reject_piece:
      return "Un document que vous avez donné n’est plus dans votre dossier";
    case Act::write:  // among the messages
    case Act::note:   // between agents
      break;
  }
  return {};
}

std::string term_of(const Happened& event) {
  const auto term = parse_iso_date(string_at(event.more, "term").value_or(""));
  return term ? calendar::full_date_words(*term) : std::string();
}

std::string at_words(Instant at, Zone zone) {
  const LocalTime local = zone.local(at);
  return fmt::format("{}, à {}", calendar::full_date_words(civil_date(local)),
                     calendar::time_words(time_of_day(local)));
}

Standing standing_of(const Opened& opened, CivilDate today) {
  Standing out;
  out.asks = asks_of(opened.events);
  out.state = state_words(opened);
  switch (opened.state) {
    case State::received:
      out.whose = Whose::service;
      out.now = "Le service va prendre votre demande";
      break;
    case State::examined:
      out.whose = Whose::service;
      out.now = "Le service étudie votre demande";
      break;
    case State::awaiting: {
      out.whose = Whose::citizen;
      out.now = "Le service attend vos documents";
      const Happened* asked = newest_request(opened.events, out.asks);
      if (asked == nullptr) break;
      out.term = term_of(*asked);
      out.pieces = awaited_labels(out.asks);
      out.asked = asked->text;
      break;
    }
    case State::settled:
      if (const procedure::End* end = end_of(opened); end != nullptr && end->reason)
        out.back = kComeBack;
      break;
    case State::draft:
    case State::accepted:
    case State::refused:
    case State::withdrawn:
    case State::transferred:
    case State::closed:
      break;
  }
  if (!is_open(opened.state)) return out;
  if (opened.state != State::awaiting && takes_pieces(opened.state, opened.pieces)) {
    out.whose = Whose::citizen;
    out.now = "Un document est à donner de nouveau";
    for (const Piece& piece : opened.pieces)
      if (piece.rejected()) {
        const Ask* ask = find_ask(out.asks, piece.ask);
        out.pieces.push_back(ask == nullptr ? piece.name.read() : ask->label);
      }
    out.asked =
        "Donnez-le de nouveau\u00a0: il n’a pas pu être gardé. Joignez-le sur la page de votre "
        "dossier, ou apportez-le au guichet.";
  }
  // The law decided: what it made of the silence is the last of what was done.
  if (const Happened* silent = newest_silence(opened);
      silent != nullptr && opened.state != State::awaiting) {
    out.pieces.clear();
    out.asked.clear();
    out.whose = Whose::nobody;
    out.now = done_words(*opened.definition, *silent);
    return out;
  }
  const procedure::Definition& definition = *opened.definition;
  out.decided = definition.clock.silence != procedure::Silence::none;
  out.next = out.decided ? "Une personne décide et vous écrit" : "Une personne vous répond";
  if (const auto own = definition.texts.find("next"); own != definition.texts.end())
    out.next_words = procedure::filled_in(definition, own->second, opened.answers);
  if (opened.due) out.by = calendar::full_date_words(*opened.due);
  if (!out.decided && out.whose == Whose::service && opened.due && *opened.due < today) {
    out.late = true;
    out.now = late_words(out.by);
    out.by.clear();
  }
  return out;
}

json::array to_json(const std::vector<Ask>& asks) {
  json::array out;
  for (const Ask& ask : asks)
    out.push_back(
        json::object{{"id", ask.id},
                     {"label", ask.label},
                     {"state", name(ask.state)},
                     {"said", ask.said},
                     {"term", ask.awaited() && ask.term ? json::value(format_iso_date(*ask.term))
                                                        : json::value(nullptr)},
                     {"files", json::array(ask.pieces.begin(), ask.pieces.end())}});
  return out;
}

json::object to_json(const Standing& standing, const Opened& opened, Zone zone) {
  json::array done;
  for (const Happened& event : opened.events)
    if (const std::string words = done_words(*opened.definition, event); !words.empty())
      done.push_back(json::object{{"words", words},
                                  {"at", format_rfc3339(event.at)},
                                  {"at_words", at_words(event.at, zone)}});
  return {{"state", name(opened.state)},
          {"state_words", standing.state},
          {"awaited_from", name(standing.whose)},
          {"now", standing.now},
          {"term", standing.term},
          {"pieces", json::array(standing.pieces.begin(), standing.pieces.end())},
          {"asks", to_json(standing.asks)},
          {"late", standing.late},
          {"next", standing.next},
          {"due", opened.due ? json::value(format_iso_date(*opened.due)) : json::value(nullptr)},
          {"due_words", standing.by},
          {"done", std::move(done)}};
}

}  // namespace parvis::casework
