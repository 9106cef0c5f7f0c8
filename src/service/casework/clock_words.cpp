// The clock in French: what is wrong with a rule or an event, and why a date is what it is.
#include <fmt/format.h>

#include <array>

#include "calendar/holidays.hpp"
#include "calendar/words.hpp"
#include "calendar/working_days.hpp"
#include "casework/clock.hpp"

namespace parvis::casework {
namespace {

using calendar::full_date_words;
using calendar::span_words;
using Kind = ClockStep::Kind;
using Outcome = Clock::Outcome;
using Silence = ClockRule::Silence;
using State = Clock::State;
using Unit = ClockRule::Unit;

constexpr std::string_view kColon = "\u00a0: ";
constexpr std::string_view kCode = "du code des relations entre le public et l’administration";
constexpr std::string_view kCourts = "du code de justice administrative";

std::string count_words(long long count, std::string_view one, std::string_view several) {
  return fmt::format("{}\u202f{}", count, count == 1 ? one : several);
}

std::string length_words(const ClockRule& rule) {
  switch (rule.unit) {
    case Unit::months:
      return count_words(rule.length, "mois", "mois");
    case Unit::weeks:
      return count_words(rule.length, "semaine", "semaines");
    case Unit::days:
      return count_words(rule.length, "jour", "jours");
    case Unit::working_days:
      return count_words(rule.length, "jour ouvré", "jours ouvrés");
    case Unit::working_days_with_saturday:
      return count_words(rule.length, "jour ouvrable", "jours ouvrables");
  }
  return {};
}

struct Reason {
  std::string_view words, article;
};

Reason reason_of(ClockRule::Ground ground) {
  switch (ground) {
    case ClockRule::Ground::none:
      break;
    case ClockRule::Ground::not_individual:
      return {"elle ne tend pas à une décision individuelle", "L231-4, 1°"};
    case ClockRule::Ground::no_text:
      return {"aucun texte ne prévoit cette procédure", "L231-4, 2°"};
    case ClockRule::Ground::complaint:
      return {"c’est une réclamation ou un recours", "L231-4, 2°"};
    case ClockRule::Ground::financial:
      return {"elle a un caractère financier", "L231-4, 3°"};
    case ClockRule::Ground::decree:
      return {"un décret le prévoit", "L231-4, 4°, ou L231-5"};
    case ClockRule::Ground::agents:
      return {"elle vient d’un agent de l’administration", "L231-4, 5°"};
  }
  return {"un texte le prévoit", "L231-4"};
}

std::string silence_words(const ClockRule& rule) {
  switch (rule.silence) {
    case Silence::accepts:
      return fmt::format(
          "Sans réponse à la fin du délai, la demande est acceptée (article L231-1 {}).", kCode);
    case Silence::refuses: {
      const Reason reason = reason_of(rule.ground);
      return fmt::format(
          "Sans réponse à la fin du délai, la demande est refusée{}{} (article {} {}).", kColon,
          reason.words, reason.article, kCode);
    }
    case Silence::means_nothing:
      return "Ce délai est indicatif\u00a0: le silence ne vaut ni acceptation ni refus.";
  }
  return {};
}

std::string in_brackets(const std::string& text) {
  return text.empty() ? "" : fmt::format(" ({})", text);
}

std::string transfer_words(const ClockStep& step) {
  return fmt::format("Demande transmise à l’autorité compétente{}, qui l’a reçue le {}.",
                     in_brackets(step.text), full_date_words(step.from));
}

std::string step_words(const ClockRule& rule, const ClockStep& step) {
  const std::string from = full_date_words(step.from);
  const std::string span = span_words(step.from, step.until);
  const auto length = [&] { return count_words(step.days.count(), "jour", "jours"); };
  switch (step.kind) {
    case Kind::received:
      return fmt::format("Demande reçue le {}.", from);
    case Kind::transferred:
      return fmt::format("{} Le délai {} (articles L114-2 et L114-3 {}).", transfer_words(step),
                         rule.silence == Silence::accepts
                             ? "ne court pas encore\u00a0: des pièces manquent"
                             : "court toujours depuis la première réception",
                         kCode);
    case Kind::transfer_restarts:
      return fmt::format(
          "{} Le délai de {} court à partir de ce jour (articles L114-2 et L114-3 "
          "{}).",
          transfer_words(step), length_words(rule), kCode);
    case Kind::part_received:
      return fmt::format("Le {}, {}.", from, step.text);
    case Kind::restarts_by_waiver:
      return fmt::format(
          "Le {}, le service n’attend plus aucune pièce\u00a0: le délai de {} court à partir de ce "
          "jour.",
          from, length_words(rule));
    case Kind::restarts:
      return fmt::format("Pièces reçues\u00a0: le délai de {} court à partir du {}.",
                         length_words(rule), from);
    case Kind::waits:
      return fmt::format(
          "Pièces demandées le {}{}, attendues jusqu’au {}. Le délai ne court qu’à "
          "partir de leur réception (article L114-5 {}).",
          from, in_brackets(step.text), full_date_words(step.until), kCode);
    case Kind::suspended:
      return fmt::format(
          "Suspendu depuis le {}{}pièces demandées{}, attendues jusqu’au {} "
          "(article L114-5 {}).",
          from, kColon, in_brackets(step.text), full_date_words(step.until), kCode);
    case Kind::resumed_by_waiver:
      return fmt::format(
          "Suspendu {}, soit {}\u00a0: pièces demandées{}, dont le service n’attend plus rien "
          "depuis le dernier jour (article L114-5 {}).",
          span, length(), in_brackets(step.text), kCode);
    case Kind::resumed:
      if (step.days == std::chrono::days(0))
        return fmt::format(
            "Pièces demandées{} et reçues le {}\u00a0: le délai n’a pas été "
            "suspendu.",
            in_brackets(step.text), from);
      return fmt::format(
          "Suspendu {}, soit {}\u00a0: pièces demandées{}, reçues le dernier jour "
          "(article L114-5 {}).",
          span, length(), in_brackets(step.text), kCode);
    case Kind::resumed_by_term:
      return fmt::format(
          "Suspendu {} inclus, soit {}\u00a0: pièces demandées{}, non reçues dans le "
          "délai donné (article L114-5 {}).",
          span, length(), in_brackets(step.text), kCode);
    case Kind::pieces_too_late:
      return fmt::format("Pièces reçues le {}\u00a0: le délai n’en dépendait plus.", from);
    case Kind::silence_accepted:
      return fmt::format("Pas de réponse le {} à minuit\u00a0: la demande est acceptée.", from);
    case Kind::silence_refused:
      return fmt::format("Pas de réponse le {} à minuit\u00a0: la demande est refusée.", from);
    case Kind::withdrawn:
      return fmt::format("Demande retirée le {}.", from);
    case Kind::joined:
      return fmt::format("Demande jointe le {} au dossier {}, où elle est suivie.", from,
                         step.text);
    case Kind::accepted:
      return fmt::format("Demande acceptée le {}.", from);
    case Kind::refused:
      return fmt::format("Demande refusée le {}.", from);
    case Kind::late_accepted:
      return fmt::format("Demande acceptée le {}, après la fin du délai.", from);
    case Kind::late_refused:
      return fmt::format("Refus confirmé le {}, après la fin du délai.", from);
    case Kind::acceptance_taken_back:
      return fmt::format(
          "Demande refusée le {}, alors que le silence l’avait acceptée\u00a0: c’est "
          "un retrait, permis jusqu’au {} et seulement si l’acceptation est illégale "
          "(article L242-1 {}).",
          from, full_date_words(step.until), kCode);
    case Kind::notified:
      return fmt::format("Décision notifiée le {}.", from);
    case Kind::handed:
      return fmt::format(
          "Lettre de décision remise à la personne le {}\u00a0: elle est notifiée ce "
          "jour-là.",
          from);
    case Kind::registered:
      return fmt::format(
          "Lettre de décision reçue le {}, d’après l’avis de réception\u00a0: elle "
          "est notifiée ce jour-là.",
          from);
    case Kind::posted:
      return fmt::format(
          "Lettre de décision envoyée par courrier le {}, sans avis de "
          "réception\u00a0: la notification ne peut pas être plus tôt.",
          from);
    case Kind::settled:
      return fmt::format("Terminé le {}{}. Aucune décision n’est prise.", from,
                         in_brackets(step.text));
    case Kind::reopened:
      return fmt::format(
          "Dossier rouvert le {}\u00a0: un nouveau délai de {} court à partir de ce "
          "jour.",
          from, length_words(rule));
    case Kind::returned:
      return fmt::format("Dossier revenu le {}\u00a0: le délai continue.", from);
    case Kind::no_effect:
      return fmt::format("Le {}\u00a0: {}. Le délai étant terminé, il n’en change pas.", from,
                         step.text);
  }
  return {};
}

// "un samedi", "un jour férié (Noël)": why a last day is moved.
std::string rest_words(CivilDate day, calendar::Region region) {
  if (const auto holiday = calendar::holiday_name(day, region))
    return fmt::format("un jour férié ({})", *holiday);
  const std::string words = full_date_words(day);
  return "un " + words.substr(0, words.find(' '));
}

void add_due(const ClockRule& rule, const Clock& clock, std::vector<std::string>& lines) {
  const std::string_view by = clock.state == State::stopped ? "au plus tard le " : "le ";
  const CivilDate nominal = clock.counted.value_or(*clock.due);
  const bool last_of_month =  // the month has no such day
      rule.unit == Unit::months && nominal.day() < clock.started.day() &&
      nominal == calendar::add_months(clock.started, std::chrono::months(rule.length));
  lines.push_back(fmt::format("Dernier jour du délai{}{}{}{}.", kColon, by,
                              full_date_words(nominal),
                              last_of_month ? ", dernier jour du mois" : ""));
  if (nominal != *clock.due)
    lines.push_back(fmt::format("C’est {}\u00a0: le délai va jusqu’au {}.",
                                rest_words(nominal, rule.region), full_date_words(*clock.due)));
  if (clock.overdue) lines.emplace_back("Ce délai est dépassé.");
}

}  // namespace

// Nobody knows when a letter without an acknowledgement came.
bool at_least(const Clock& clock) {
  return clock.appeal_until && clock.outcome == Outcome::refused &&
         clock.notified == Notified::How::posted;
}

std::vector<std::string> why(const ClockRule& rule, const Clock& clock) {
  std::vector<std::string> lines;
  // The last day comes before what happened on it or after it.
  bool due_told = !clock.due;
  for (const ClockStep& step : clock.steps) {
    const bool ends = step.kind == Kind::silence_accepted || step.kind == Kind::silence_refused;
    const bool of_this_delay = ends && clock.state == State::ended && step.from == clock.due;
    if (of_this_delay && !due_told) {
      add_due(rule, clock, lines);
      due_told = true;
    }
    lines.push_back(step_words(rule, step));
    if (step.kind != Kind::received) continue;
    lines.push_back(fmt::format("Délai{}{} ({}).", kColon, length_words(rule), rule.basis));
    lines.push_back(silence_words(rule));
  }
  if (!due_told) add_due(rule, clock, lines);
  if (clock.appeal_until)
    lines.push_back(
        fmt::format("Recours devant le tribunal administratif\u00a0: jusqu’au {}{}, deux "
                    "mois francs ({} {}).",
                    full_date_words(*clock.appeal_until), at_least(clock) ? " au moins" : "",
                    clock.outcome == Outcome::refused_by_silence ? "articles R421-1 et R421-2"
                                                                 : "article R421-1",
                    kCourts));
  return lines;
}

std::vector<std::string> faults(const ClockRule& rule) {
  std::vector<std::string> found;
  const int most = rule.unit == Unit::months ? kMonthsMax : kLengthMax;
  if (rule.length < 1 || rule.length > most)
    found.push_back(fmt::format("la durée du délai va de 1 à {}. Corrigez-la.", most));
  if (rule.silence == Silence::refuses && rule.ground == ClockRule::Ground::none)
    found.emplace_back("le silence refuse sans motif. Indiquez le cas de l’article L231-4.");
  if (rule.silence != Silence::refuses && rule.ground != ClockRule::Ground::none)
    found.emplace_back(
        "un motif de refus est donné, mais le silence ne refuse pas. Retirez le motif.");
  if (rule.basis.empty())
    found.emplace_back("le texte qui fixe le délai manque. Citez-le, avec son article.");
  return found;
}

std::string words(const ClockError& error) {
  switch (error.fault) {
    case ClockFault::bad_rule:
      return "La règle de délai de la démarche est fausse. Corrigez la démarche.";
    case ClockFault::too_many_events:
      return fmt::format("Plus de {} événements sur ce dossier. Ouvrez-en un autre.", kClockEvents);
    case ClockFault::bad_instant:
      return "Cette date n’est pas possible. Corrigez-la.";
    case ClockFault::no_deposit:
      return "La demande n’était pas encore reçue à cette date. Corrigez la date.";
    case ClockFault::second_deposit:
      return "Cette demande est déjà reçue. Ouvrez un autre dossier pour une nouvelle demande.";
    case ClockFault::repeated_request:
      return "Cette demande de pièces existe déjà. Rechargez le dossier.";
    case ClockFault::unknown_request:
      return "Ces pièces n’ont pas été demandées à cette date. Vérifiez la demande de pièces.";
    case ClockFault::term_before_request:
      return "Le terme donné pour les pièces est déjà passé. Choisissez une date à venir.";
    case ClockFault::ended:
      return "Ce dossier est déjà terminé. Rouvrez-le d’abord.";
    case ClockFault::not_ended:
      return "Ce dossier est en cours. Il n’y a rien à rouvrir.";
    case ClockFault::not_decided:
      return "Aucune décision n’est prise. Décidez d’abord.";
  }
  return {};
}

}  // namespace parvis::casework
