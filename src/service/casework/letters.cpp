#include "casework/letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "calendar/words.hpp"
#include "casework/access.hpp"
#include "casework/asks.hpp"
#include "casework/decision.hpp"
#include "casework/ends.hpp"
#include "casework/reminders.hpp"

namespace parvis::casework {
namespace {

void paragraph(std::string& text, std::string_view words) {
  if (!words.empty()) text.append(text.empty() ? "" : "\n\n").append(words);
}
void line(std::string& text, std::string_view words) {
  if (!words.empty()) text.append(text.empty() ? "" : "\n").append(words);
}

std::string who_is_there(const Receipt& receipt) {
  std::string who = receipt.service;
  for (const std::string& each : receipt.address) line(who, each);
  for (const directory::Phone& phone : receipt.phones) line(who, phone.number);
  line(who, receipt.email);
  return who;
}

constexpr std::string_view kSigned =
    "La lettre de décision, signée, est jointe à ce message. Vous la trouvez aussi dans votre "
    "dossier.";

void sign(std::string& text, const Receipt& receipt, const std::string& link) {
  paragraph(text, link.empty()
                      ? "Pour suivre votre dossier, ouvrez « Suivre un dossier » sur le site de "
                        "votre mairie, avec votre référence."
                      : "Suivre votre dossier\u00a0:\n" + link +
                            "\nCette page vous envoie un lien à cette adresse e-mail, pour "
                            "l’ouvrir.");
  paragraph(text, who_is_there(receipt));
}

std::string receipt_words(const Receipt& receipt) {
  std::string text = "Bonjour,";
  paragraph(text, "Accusé de réception de votre demande.");
  std::string facts =
      fmt::format("{}\nRéférence\u00a0: {}\nReçue le {}\nService en charge\u00a0: {}",
                  receipt.title, receipt.reference, receipt.deposited, receipt.service);
  if (!receipt.answer_by.empty()) line(facts, "Réponse au plus tard\u00a0: " + receipt.answer_by);
  paragraph(text, facts);
  if (!receipt.appointment.when.empty()) {
    std::string visit = "Votre rendez-vous\u00a0: " + receipt.appointment.when;
    for (const std::string& each : receipt.appointment.place) line(visit, each);
    paragraph(text, visit);
    std::string bring;
    for (const std::string& each : receipt.appointment.bring) line(bring, "- " + each);
    if (!bring.empty()) paragraph(text, "À apporter\u00a0:\n" + bring);
    paragraph(text,
              "Pour le déplacer, l’annuler ou l’ajouter à votre agenda, ouvrez votre dossier.");
  }
  paragraph(text, receipt.text);
  paragraph(text, receipt.appeals.empty() && receipt.certificate.empty()
                      ? receipt.silence
                      : "Sans réponse à cette date\u00a0: " + receipt.silence);
  paragraph(text, receipt.certificate);
  paragraph(text, receipt.appeals);
  std::string ways = "Sans internet\u00a0:";
  for (const std::string& way : receipt.other_ways) line(ways, "- " + way);
  paragraph(text, ways);
  return text;
}

// Files that came by mail and are not kept, each with its reason.
std::string not_kept(const Happened& event) {
  std::string out;
  for (const auto& [name, said] : refused_in(event))
    line(out, name.empty() ? "- " + said : fmt::format("- {}\u00a0: {}", name, said));
  return out;
}

constexpr std::string_view kByHand =
    "Apportez ce qui manque au guichet, ou envoyez-le par courrier, avec la référence de votre "
    "dossier.";

// How each stood when the event had happened.
std::vector<Ask> asks_until(const Opened& opened, const Happened& event) {
  std::vector<Ask> asks;
  for (const Happened& each : opened.events)
    if (each.seq <= event.seq) take(asks, each);
  return asks;
}

// The documents that an act is about, by their names.
std::vector<std::string> asks_in(const Opened& opened, const Happened& event) {
  std::vector<std::string> out;
  const json::array* ids = array_at(event.more, "asks");
  if (ids == nullptr) return out;
  for (const Ask& ask : asks_until(opened, event))
    if (std::ranges::any_of(*ids, [&](const json::value& id) {
          return id.is_string() && std::string_view(id.get_string()) == ask.id;
        }))
      out.push_back(ask.label);
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) line(out, "- " + name);
  return out;
}

std::string law_of(const Happened& decision) {
  const json::object* letter = object_at(decision.more, "letter");
  const std::string law(letter ? string_at(*letter, "law").value_or("") : "");
  return law.empty() ? law : "Texte appliqué\u00a0: " + law;
}

// As the signed letter says it. Code de justice administrative, R421-1 and R421-5: without this the
// time to appeal does not run.
std::string appeals_of(const Happened& decision) {
  const json::object* letter = object_at(decision.more, "letter");
  const json::array* ways = letter ? array_at(*letter, "appeals") : nullptr;
  std::string text;
  if (ways != nullptr)
    for (const json::value& way : *ways)
      if (const json::string* words = way.if_string()) line(text, std::string_view(*words));
  return !text.empty()
             ? text
             : "Vous pouvez contester dans les deux mois\u00a0: écrivez au service (recours "
               "gracieux), ou saisissez le tribunal administratif, aussi sur www.telerecours.fr.";
}

}  // namespace

std::optional<Letter> body_of(const Opened& opened, const Receipt& receipt, const Happened& event,
                              Medium medium) {
  const bool paper = medium == Medium::paper;
  if ((is_decision(event.act) || event.act == Act::settle) &&
      std::ranges::any_of(opened.events, [&](const Happened& later) {
        return later.seq > event.seq && later.act == Act::reopen;
      }))
    return std::nullopt;
  const auto written = [&](std::string subject, std::string text) {
    return Letter{std::move(subject), Personal(std::move(text))};
  };
  std::string text = "Bonjour,";
  const auto told = [&](std::string_view key) {
    const auto found = opened.definition->texts.find(std::string(key));
    return found == opened.definition->texts.end()
               ? std::string()
               : procedure::filled_in(*opened.definition, found->second, opened.answers);
  };
  switch (event.act) {
    case Act::deposit:
      return written("accusé de réception", receipt_words(receipt));
    case Act::ask_pieces: {
      paragraph(text, "Le service a besoin d’autre chose pour étudier votre demande.");
      std::string pieces;
      for (const std::string& piece : pieces_in(event)) line(pieces, "- " + piece);
      paragraph(text, pieces);
      paragraph(text, event.text);
      if (const auto term = parse_iso_date(string_at(event.more, "term").value_or("")))
        paragraph(text,
                  fmt::format("Répondez au plus tard le {}.", calendar::full_date_words(*term)));
      if (paper) paragraph(text, kByHand);
      return written("il manque quelque chose", std::move(text));
    }
    case Act::return_pieces: {
      paragraph(text,
                "Un document que vous avez donné ne convient pas. Le service vous le demande de "
                "nouveau\u00a0:");
      line(text, listed(asks_in(opened, event)));
      paragraph(text, "Pourquoi\u00a0: " + event.text);
      if (const auto term = parse_iso_date(string_at(event.more, "term").value_or("")))
        paragraph(text,
                  fmt::format("Répondez au plus tard le {}.", calendar::full_date_words(*term)));
      if (paper) paragraph(text, kByHand);
      return written("un document à donner de nouveau", std::move(text));
    }
    case Act::waive_pieces: {
      paragraph(text, "Le service n’a plus besoin de\u00a0:");
      line(text, listed(asks_in(opened, event)));
      paragraph(text, event.text);
      const std::vector<std::string> still = awaited_labels(asks_until(opened, event));
      if (still.empty())
        paragraph(text, "Il ne manque plus rien. Vous n’avez rien à faire.");
      else
        paragraph(text, "Il manque encore\u00a0:\n" + listed(still));
      return written("un document de moins à donner", std::move(text));
    }
    case Act::settle: {
      const procedure::End* end = end_in(*opened.definition, event);
      if (end == nullptr) return std::nullopt;
      paragraph(text, end->words + ".");
      paragraph(text, casework::told(opened, *end));
      if (!event.text.empty())
        paragraph(text, (end->reason ? "Pourquoi\u00a0: " : "") + event.text);
      if (end->reason) paragraph(text, kComeBack);
      paragraph(text, fmt::format("Dossier suivi par {}.", event.author));
      return written(end->reason ? "la suite donnée" : "c’est traité", std::move(text));
    }
    case Act::accept:
      paragraph(text, "Votre demande est acceptée.");
      paragraph(text, told("accepted"));
      paragraph(text, event.text);
      paragraph(text, fmt::format("Décision prise par {}.", event.author));
      paragraph(text, kSigned);
      return written("décision", std::move(text));
    case Act::refuse:
      paragraph(text, "Votre demande est refusée.");
      paragraph(text, told("refused"));
      paragraph(text, "Motif\u00a0: " + event.text);
      paragraph(text, law_of(event));
      paragraph(text, fmt::format("Décision prise par {}.", event.author));
      paragraph(text, appeals_of(event));
      paragraph(text, kSigned);
      return written("décision", std::move(text));
    case Act::write:
      if (event.by == Role::citizen) {
        if (paper) return std::nullopt;  // it came by mail
        const std::string files = not_kept(event);
        if (files.empty() || event.more.contains("untold")) return std::nullopt;
        paragraph(text, "Votre e-mail est venu dans votre dossier.");
        paragraph(text, "Ce qui suit n’a pas pu être gardé\u00a0:\n" + files);
        if (!pieces_in(event).empty())
          paragraph(text, "Les autres fichiers de cet e-mail sont reçus.");
        paragraph(text, fmt::format(
                            "Pour le donner, répondez à ce message et joignez-le de nouveau. Nous "
                            "recevons les PDF et les photos (JPEG, PNG, WebP), de {}\u00a0Mo au "
                            "plus chacun. Vous pouvez aussi l’apporter au guichet.",
                            procedure::Files{}.bytes >> 20));
        return written("un fichier à donner de nouveau", std::move(text));
      }
      if (event.by != Role::agent) return std::nullopt;
      paragraph(text, fmt::format("{} vous écrit\u00a0:", event.author));
      paragraph(text, event.text);
      return written("un message", std::move(text));
    case Act::transfer:
      paragraph(text, "Votre demande est transmise à l’administration compétente.");
      paragraph(text, event.text);
      paragraph(text, "La date de votre premier dépôt est gardée.");
      return written("transmission", std::move(text));
    case Act::silence: {
      const auto silence = silence_in(event);
      if (!silence) return std::nullopt;
      const std::string day = calendar::full_date_words(silence->last_day);
      if (silence->verdict == Verdict::accepted) {
        paragraph(text,
                  fmt::format("Le délai de réponse a pris fin le {}, à minuit. Le service n’a "
                              "pas répondu\u00a0: votre demande est acceptée.",
                              day));
        paragraph(text, "C’est la loi qui le dit, et non une décision écrite.");
        paragraph(text,
                  paper
                      ? "Vous pouvez en demander la preuve au service\u00a0: une attestation."
                      : "Vous pouvez en demander la preuve\u00a0: une attestation, sur la page de "
                        "votre dossier ou auprès du service.");
      } else {
        paragraph(text,
                  fmt::format("Le délai de réponse a pris fin le {}, à minuit. Le service n’a "
                              "pas répondu\u00a0: la loi y voit un refus.",
                              day));
        paragraph(
            text,
            "Le service peut encore vous répondre. Vous pouvez lui demander les raisons de ce "
            "refus\u00a0: il a un mois pour les donner.");
        paragraph(text,
                  fmt::format("Vous pouvez contester{}\u00a0: écrivez au service (recours "
                              "gracieux), ou saisissez le tribunal administratif, aussi sur "
                              "www.telerecours.fr.",
                              silence->appeal_until
                                  ? " jusqu’au " + calendar::full_date_words(*silence->appeal_until)
                                  : std::string(" dans les deux mois")));
      }
      return written("la fin du délai", std::move(text));
    }
    case Act::merge: {
      const auto into = merged_into(opened);
      if (!into) return std::nullopt;
      paragraph(text,
                fmt::format("Vous avez déposé plusieurs fois cette demande. Elle est suivie dans "
                            "votre dossier {}.",
                            *into));
      paragraph(text, event.text);
      paragraph(text, "Vous n’avez rien à refaire. La date de chaque dépôt est gardée.");
      return written("suivi dans un autre dossier", std::move(text));
    }
    case Act::withdraw:
      if (event.by == Role::citizen) return std::nullopt;
      paragraph(text,
                fmt::format("Le service a noté que vous retirez votre demande. Si ce n’est pas le "
                            "cas, {} le service.",
                            paper ? "appelez" : "répondez à ce message ou appelez"));
      paragraph(text, event.text);
      return written("votre demande est retirée", std::move(text));
    case Act::reject_piece: {
      std::string files;
      for (const std::string& name : pieces_in(event)) line(files, "- " + name);
      paragraph(text,
                "Un document que vous avez donné n’est plus dans votre dossier\u00a0:\n" + files);
      paragraph(text, event.text);
      paragraph(text,
                is_open(opened.state) && paper ? std::string(kByHand)
                : is_open(opened.state)
                    ? fmt::format("Donnez-le de nouveau\u00a0: ouvrez votre dossier, puis "
                                  "choisissez « {} ». Vous pouvez aussi l’apporter au guichet.",
                                  opened.state == State::awaiting ? "Donner ces documents"
                                                                  : "Donner ce document")
                    : "Votre dossier est terminé. Si le service a encore besoin de ce "
                      "document, il vous l’écrira.");
      return written("un document à donner de nouveau", std::move(text));
    }
    case Act::take_up:
    case Act::give_pieces:
    case Act::close:
    case Act::reopen:
    case Act::note:
    case Act::reassign:
    case Act::visit:
    case Act::notify:
      break;
  }
  return std::nullopt;
}

std::optional<Letter> letter_of(const Opened& opened, const Receipt& receipt, const Happened& event,
                                const std::string& link) {
  auto body = body_of(opened, receipt, event, Medium::mail);
  if (!body) return std::nullopt;
  std::string text = body->text.read();
  sign(text, receipt, link);
  return Letter{fmt::format("Dossier {}\u00a0: {}", opened.reference, body->subject),
                Personal(std::move(text))};
}

Letter link_letter(const Opened& opened, const Receipt& receipt, const std::string& link) {
  std::string text = "Bonjour,";
  paragraph(text, fmt::format("Voici le lien pour ouvrir votre dossier {}.", opened.reference));
  paragraph(text, link);
  paragraph(text,
            fmt::format("Il sert une seule fois, pendant {} minutes. Ailleurs que dans le "
                        "navigateur où vous l’avez demandé, il vous demande le code à six chiffres "
                        "qui y est affiché.",
                        kLinkLife.count()));
  paragraph(
      text,
      "Vous n’avez rien demandé\u202f? Ne faites rien, et ne donnez ce lien à personne. Votre "
      "dossier reste fermé.");
  paragraph(text, who_is_there(receipt));
  return {fmt::format("Dossier {}\u00a0: votre lien", opened.reference), Personal(std::move(text))};
}

std::optional<Personal<std::string>> email_of(const Opened& opened) {
  std::optional<Personal<std::string>> found;
  const std::function<void(const std::vector<procedure::Field>&, const json::object&)> look =
      [&](const std::vector<procedure::Field>& fields, const json::object& answers) {
        for (const procedure::Field& field : fields) {
          const json::value* value = answers.if_contains(field.id);
          if (found || value == nullptr) continue;
          if (field.type == procedure::Type::email && value->is_string())
            found = Personal(std::string(value->get_string()));
          else if (value->is_object())
            look(field.fields, value->get_object());
        }
      };
  for (const procedure::Step& step : opened.definition->steps)
    for (const procedure::Page& page : step.pages) look(page.fields, opened.answers);
  return found;
}

bool by_post(const Opened& opened) {
  return !email_of(opened) && !named_in(opened).read().empty() &&
         recipient_of(opened).read().size() > 1;
}

bool calls_for_letter(Act act) {
  return act == Act::deposit || act == Act::ask_pieces || is_decision(act) ||
         act == Act::transfer || act == Act::write || act == Act::silence || act == Act::merge ||
         act == Act::withdraw || act == Act::reject_piece || act == Act::return_pieces ||
         act == Act::waive_pieces || act == Act::settle;
}

std::string_view letter_name(Act act) {
  if (act == Act::deposit) return "l’accusé de réception";
  if (act == Act::ask_pieces || act == Act::return_pieces) return "la demande de pièces";
  if (act == Act::waive_pieces) return "la fin d’une demande de pièces";
  if (act == Act::transfer) return "l’avis de transmission";
  if (act == Act::silence) return "l’avis de fin du délai";
  if (act == Act::merge) return "l’avis de réunion des dossiers";
  if (act == Act::withdraw) return "l’avis de retrait";
  if (act == Act::settle) return "la suite donnée";
  if (is_decision(act)) return "la décision";
  if (act == Act::write) return "un message";
  return "une lettre";
}

}  // namespace parvis::casework
