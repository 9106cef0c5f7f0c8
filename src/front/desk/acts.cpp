#include "desk/acts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "casework/clock.hpp"
#include "casework/decision.hpp"
#include "casework/ends.hpp"
#include "casework/reference.hpp"
#include "dates/dates.hpp"
#include "procedure/form.hpp"
#include "text/normalise.hpp"

namespace parvis::desk {
namespace {

using casework::Act;
using casework::Role;
using casework::State;

// In the order in which a case offers them.
constexpr std::array kForms = {
    ActForm{Act::take_up, "prise-en-charge", "Prendre en charge", "Prendre ce dossier en charge",
            "Votre nom figure au dossier. L’usager voit que le service étudie sa demande.",
            "Prendre en charge", "Vous avez pris le dossier en charge."},
    ActForm{Act::give_pieces, "pieces-recues", "Pièces reçues", "Les pièces sont arrivées",
            "Cochez celles qui sont là, au guichet ou par courrier. Le délai repart avec la "
            "dernière.",
            "Enregistrer les pièces", "Les pièces sont enregistrées."},
    ActForm{Act::settle, "fin", "Terminer", "Terminer le dossier",
            "Cette démarche n’appelle pas de décision. L’usager lit la suite donnée.", "Terminer",
            "Le dossier est terminé. L’usager en est averti."},
    ActForm{Act::accept, "accord", "Accepter", "Accepter la demande",
            "Vous lirez la lettre avant de la signer.", "Lire la lettre",
            "La demande est acceptée. L’usager reçoit la lettre."},
    ActForm{Act::refuse, "refus", "Refuser", "Refuser la demande",
            "Un refus dit pourquoi, en fait et en droit. Vous lirez la lettre avant de la signer.",
            "Lire la lettre", "La demande est refusée. L’usager reçoit la lettre."},
    ActForm{Act::ask_pieces, "pieces", "Demander des pièces", "Demander des pièces",
            "Le délai s’arrête jusqu’à leur arrivée, ou jusqu’à la date que vous fixez.",
            "Demander ces pièces", "Les pièces sont demandées\u00a0: le délai est arrêté."},
    ActForm{Act::return_pieces, "pieces-a-refaire", "Redemander une pièce",
            "Redemander une pièce reçue",
            "Elle ne convient pas. Le délai s’arrête jusqu’à la bonne, ou jusqu’à la date que vous "
            "fixez.",
            "Redemander", "La pièce est redemandée\u00a0: le délai est arrêté."},
    ActForm{Act::waive_pieces, "pieces-inutiles", "Renoncer à une pièce",
            "Une pièce n’est plus nécessaire",
            "Elle n’est plus attendue. Quand plus rien n’est attendu, le délai repart.",
            "Ne plus la demander", "La pièce n’est plus demandée. L’usager en est averti."},
    ActForm{Act::write, "message", "Écrire à l’usager", "Écrire à l’usager",
            "L’usager lit votre message et votre nom dans son dossier.", "Envoyer le message",
            "Votre message est envoyé."},
    ActForm{Act::note, "avis", "Donner un avis", "Donner un avis interne",
            "Un avis est lu par les agents. L’usager ne le voit jamais dans son suivi.",
            "Garder cet avis", "Votre avis est au dossier."},
    ActForm{Act::reassign, "service", "Confier à un autre service", "Confier à un autre service",
            "L’autre service suit alors le dossier. Le délai continue.", "Confier le dossier",
            "Le dossier est confié à un autre service."},
    ActForm{Act::transfer, "transmission", "Transmettre ailleurs",
            "Transmettre à une autre administration",
            "Quand votre collectivité n’est pas compétente (CRPA, L114-2). L’usager garde la date "
            "de son premier dépôt.",
            "Transmettre", "Le dossier est transmis. L’usager en est averti."},
    ActForm{Act::merge, "reunion", "Réunir avec un autre dossier", "Réunir avec un autre dossier",
            "Pour une demande déposée deux fois. Celle-ci est close, et se suit dans l’autre.",
            "Réunir les dossiers", "Les dossiers sont réunis. L’usager en est averti."},
    ActForm{Act::withdraw, "retrait", "Noter un retrait", "L’usager retire sa demande",
            "Il l’a dit au guichet, par téléphone ou par courrier. Le délai s’arrête\u00a0; son "
            "rendez-vous, s’il en a un, est annulé.",
            "Noter le retrait", "La demande est retirée. L’usager en est averti."},
    ActForm{Act::close, "cloture", "Clore", "Clore le dossier",
            "Plus rien n’est à faire. Un dossier clos peut être rouvert.", "Clore le dossier",
            "Le dossier est clos."},
    ActForm{Act::reopen, "reouverture", "Rouvrir", "Rouvrir le dossier",
            "La demande est étudiée de nouveau, avec un nouveau délai.", "Rouvrir le dossier",
            "Le dossier est rouvert."},
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (std::string line = text::clean(text.substr(at, end - at)); !line.empty())
      out.push_back(std::move(line));
    at = end + 1;
  }
  return out;
}

bool blank(std::string_view text) { return lines_of(text).empty(); }

void need_text(const Typed& typed, std::string_view words, std::vector<Fault>& faults) {
  if (blank(typed.text))
    faults.push_back({"text", std::string(words)});
  else if (typed.text.size() > casework::kReasonMax)
    faults.push_back({"text", "Ce texte est trop long\u00a0: 4\u202f000 signes environ."});
}

void read_term(const Typed& typed, const Facts& facts, json::object& more,
               std::vector<Fault>& faults) {
  if (blank(typed.term)) {
    faults.push_back({"term", "Écrivez la date limite. Exemple\u00a0: 15 janvier 2027."});
    return;
  }
  const auto term = dates::parse_civil_date(typed.term, facts.now, dates::Prefer::future);
  if (!term)
    faults.push_back({"term", term.error()});
  else if (std::chrono::sys_days(*term) >
           std::chrono::sys_days(civil_date(facts.now)) + casework::kTermMax)
    faults.push_back({"term", "Cette date est trop lointaine. Choisissez-en une plus proche."});
  else
    more["term"] = format_iso_date(*term);
}

json::object read_asks(Act act, const Typed& typed, const Facts& facts,
                       std::vector<Fault>& faults) {
  const std::vector<const casework::Ask*> open = asks_for(act, facts.asks);
  json::array chosen;
  for (const casework::Ask* ask : open)
    if (std::ranges::find(typed.asks, ask->id) != typed.asks.end() || open.size() == 1)
      chosen.emplace_back(ask->id);
  if (chosen.empty()) faults.push_back({"asks", "Cochez au moins une pièce."});
  return {{"asks", std::move(chosen)}};
}

json::object read_request(const Typed& typed, const Facts& facts, std::vector<Fault>& faults) {
  json::array pieces;
  for (const procedure::Document* document : facts.documents)
    if (std::ranges::find(typed.pieces, document->id) != typed.pieces.end())
      pieces.emplace_back(document->label);
  for (const std::string& piece : lines_of(typed.other)) {
    if (piece.size() > kPieceBytes) {
      faults.push_back({"other", "Une pièce par ligne, en quelques mots."});
      break;
    }
    pieces.emplace_back(piece);
  }
  if (pieces.empty() && faults.empty())
    faults.push_back({facts.documents.empty() ? "other" : "pieces",
                      "Cochez au moins une pièce, ou écrivez-la."});
  if (pieces.size() > kPiecesMax)
    faults.push_back({"other", "Demandez 20 pièces au plus à la fois."});
  need_text(typed, "Écrivez pourquoi ces pièces sont nécessaires.", faults);
  json::object more{{"pieces", std::move(pieces)}};
  read_term(typed, facts, more, faults);
  return more;
}

}  // namespace

std::span<const ActForm> act_forms() { return kForms; }

const ActForm* act_form(std::string_view slug) {
  const auto* found = std::ranges::find(kForms, slug, &ActForm::slug);
  return found == kForms.end() ? nullptr : found;
}

std::vector<const casework::Ask*> asks_for(Act act, const std::vector<casework::Ask>& asks) {
  std::vector<const casework::Ask*> out;
  for (const casework::Ask& ask : asks)
    if (act == Act::return_pieces ? ask.state == casework::Ask::State::given : ask.awaited())
      out.push_back(&ask);
  return out;
}

std::vector<const ActForm*> next_acts(const casework::Opened& opened) {
  const std::vector<casework::Ask> asks = casework::asks_of(opened.events);
  const bool decided = casework::is_decided(*opened.definition);
  std::vector<const ActForm*> out = next_acts(opened.state);
  std::erase_if(out, [&](const ActForm* form) {
    switch (form->act) {
      case Act::give_pieces:
      case Act::waive_pieces:
      case Act::return_pieces:
        return asks_for(form->act, asks).empty();
      case Act::settle:
        return decided;
      default:
        return casework::is_decision(form->act) && !decided;
    }
  });
  return out;
}

std::vector<const ActForm*> next_acts(State state) {
  std::vector<const ActForm*> out;
  for (const ActForm& form : kForms)
    if (casework::step(state, form.act, Role::agent)) out.push_back(&form);
  return out;
}

Typed typed_of(const http::Pairs& fields) {
  Typed out;
  for (const auto& [key, value] : fields) {
    if (key == "id") out.id = value;
    if (key == "seen") std::from_chars(value.data(), value.data() + value.size(), out.seen);
    if (key == "text") out.text = value;
    if (key == "law") out.law = value;
    if (key == "term") out.term = value;
    if (key == "other") out.other = value;
    if (key == "pieces") out.pieces.push_back(value);
    if (key == "asks") out.asks.push_back(value);
    if (key == "piece") out.piece = value;
    if (key == "end") out.end = value;
    if (key == "to") out.to = value;
    if (key == "service") out.service = value;
    if (key == "sign") (value == "1" ? out.sign : out.edit) = true;
  }
  return out;
}

Facts facts_of(const casework::Opened& opened, std::vector<directory::Service> services,
               const procedure::Moment& moment) {
  Facts out{.opened = opened,
            .documents = procedure::documents_for(*opened.definition, opened.answers, moment),
            .services = std::move(services),
            .asks = casework::asks_of(opened.events),
            .now = moment.now};
  std::erase_if(out.documents, [](const procedure::Document* document) {
    return document->source != procedure::Source::citizen;
  });
  std::erase_if(out.services,
                [&](const directory::Service& service) { return service.id == opened.service; });
  return out;
}

std::expected<Told, std::vector<Fault>> read_act(Act act, const Typed& typed, const Facts& facts) {
  std::vector<Fault> faults;
  Told out{.text = typed.text, .more = {}};
  switch (act) {
    case Act::ask_pieces:
      out.more = read_request(typed, facts, faults);
      break;
    case Act::return_pieces:
      out.more = read_asks(act, typed, facts, faults);
      read_term(typed, facts, out.more, faults);
      need_text(typed, "Écrivez pourquoi elle ne convient pas.", faults);
      break;
    case Act::waive_pieces:
      out.more = read_asks(act, typed, facts, faults);
      need_text(typed, "Écrivez pourquoi elle n’est plus nécessaire.", faults);
      break;
    case Act::give_pieces:
      out.more = read_asks(act, typed, facts, faults);
      if (!typed.piece.empty()) out.more["piece"] = typed.piece;
      if (!blank(typed.text)) need_text(typed, "", faults);
      break;
    case Act::settle: {
      const procedure::End* end = facts.opened.definition->end(typed.end);
      if (end == nullptr)
        faults.push_back({"end", "Choisissez la suite donnée."});
      else
        out.more["end"] = end->id;
      if (!blank(typed.text) || (end != nullptr && end->reason))
        need_text(typed, "Écrivez pourquoi\u00a0: l’usager le lit.", faults);
      break;
    }
    case Act::write:
      need_text(typed, "Écrivez votre message.", faults);
      break;
    case Act::note:
      need_text(typed, "Écrivez votre avis.", faults);
      break;
    case Act::refuse:
      need_text(typed, "Écrivez les motifs\u00a0: les faits qui fondent le refus.", faults);
      if (blank(typed.law))
        faults.push_back({"law", "Citez le texte ou la règle qui fonde le refus."});
      else if (typed.law.size() > casework::kLawMax)
        faults.push_back({"law", "Citez le texte en quelques mots, avec son article."});
      break;
    case Act::transfer:
      if (blank(typed.to))
        faults.push_back({"to", "Écrivez le nom de l’administration compétente."});
      else if (typed.to.size() > kAuthorityBytes)
        faults.push_back({"to", "Écrivez ce nom en quelques mots."});
      need_text(typed, "Écrivez pourquoi vous transmettez ce dossier.", faults);
      out.more["to"] = text::clean(typed.to);
      break;
    case Act::reassign: {
      const auto service =
          std::ranges::find(facts.services, typed.service, &directory::Service::id);
      if (service == facts.services.end())
        faults.push_back({"service", "Choisissez le service qui reprend le dossier."});
      else
        out.more = {{"service", service->id}, {"name", service->name}};
      need_text(typed, "Écrivez pourquoi ce service doit suivre le dossier.", faults);
      break;
    }
    case Act::merge: {
      const auto reference = casework::read_reference(typed.to);
      if (!reference)
        faults.push_back({"to",
                          "Écrivez la référence de l’autre dossier. Exemple\u00a0: "
                          "KILU-BAFO-7."});
      else
        out.more["into"] = *reference;
      if (!blank(typed.text)) need_text(typed, "", faults);
      break;
    }
    case Act::reopen:
      need_text(typed, "Écrivez pourquoi vous rouvrez ce dossier.", faults);
      break;
    case Act::withdraw:
      need_text(typed, "Écrivez comment l’usager vous l’a dit.", faults);
      break;
    case Act::accept:
    case Act::take_up:
    case Act::close:
      if (!blank(typed.text)) need_text(typed, "", faults);
      break;
    case Act::deposit:
    case Act::silence:
    case Act::reject_piece:
    case Act::visit:
    case Act::notify:  // said with its letter
      faults.push_back({"", "Ce n’est pas un acte d’agent."});
      break;
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return out;
}

}  // namespace parvis::desk
