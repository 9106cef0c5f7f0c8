#include "appointment/letters.hpp"

#include <fmt/format.h>

#include "calendar/words.hpp"

namespace parvis::appointment {
namespace {

void paragraph(std::string& text, std::string_view words) {
  if (!words.empty()) text.append(text.empty() ? "" : "\n\n").append(words);
}
void line(std::string& text, std::string_view words) {
  if (!words.empty()) text.append(text.empty() ? "" : "\n").append(words);
}

std::string place_words(const Opened& opened, const Told& told) {
  std::string out;
  if (opened.booking.way == Way::phone) line(out, "Nous vous appelons à cette heure.");
  if (opened.booking.way == Way::video) {
    const std::string video = video_of(opened);
    line(out, video.empty()
                  ? "Le rendez-vous se fait en visioconférence. Le service vous envoie le lien."
                  : "Le rendez-vous se fait en visioconférence. À l’heure dite, ouvrez\u00a0:\n" +
                        video);
  }
  if (told.service == nullptr) return out;
  const directory::Service& service = *told.service;
  line(out, service.name);
  if (opened.booking.way == Way::in_person) {
    for (const std::string& each : service.address) line(out, each);
    if (!service.city.empty()) line(out, service.postcode + " " + service.city);
    if (!service.access.empty()) line(out, "Accès\u00a0: " + service.access);
  }
  for (const directory::Phone& phone : service.phones)
    line(out, "Téléphone\u00a0: " + phone.number);
  return out;
}

std::string facts(const Opened& opened, const Told& told) {
  std::string out = when_words(opened.booking.start, told.zone);
  if (opened.reason != nullptr) line(out, opened.reason->label);
  if (opened.booking.people > 1) line(out, fmt::format("{} personnes", opened.booking.people));
  return out;
}

std::string bring_words(const Opened& opened) {
  if (opened.reason == nullptr || opened.reason->bring.empty()) return {};
  std::string out = "Apportez\u00a0:";
  for (const std::string& each : opened.reason->bring) line(out, "- " + each);
  if (!opened.reason->note.empty()) out.append("\n\n").append(opened.reason->note);
  return out;
}

std::string link_words(const Told& told, std::string_view does) {
  if (told.link.empty()) return "Pour déplacer ou annuler, appelez le service.";
  return fmt::format("{}\u00a0:\n{}\nCe lien ouvre votre rendez-vous\u00a0: gardez-le pour vous.",
                     does, told.link);
}

Letter written(std::string subject, std::string text, const Told& told) {
  paragraph(text, told.town);
  return {std::move(subject), Personal(std::move(text))};
}

// The whole of what holds.
void practical(std::string& text, const Opened& opened, const Told& told) {
  paragraph(text, facts(opened, told));
  paragraph(text, place_words(opened, told));
  paragraph(text, bring_words(opened));
  paragraph(text, link_words(told, "Déplacer, annuler, demander une aide sur place"));
}

}  // namespace

std::string when_words(Instant start, const Zone& zone) {
  const LocalTime local = zone.local(start);
  return calendar::full_date_words(civil_date(local)) + " à " +
         calendar::time_words(time_of_day(local));
}

std::optional<Letter> letter_of(const Opened& opened, Happened what, const Told& told) {
  std::string text = "Bonjour,";
  switch (what) {
    case Happened::booked:
      paragraph(text, "Votre rendez-vous est pris.");
      practical(text, opened, told);
      return written("Votre rendez-vous est pris", std::move(text), told);
    case Happened::moved:
      paragraph(text, "Votre rendez-vous a lieu à ce moment-ci.");
      practical(text, opened, told);
      return written("Votre rendez-vous change", std::move(text), told);
    case Happened::cancelled:
      paragraph(text, "Votre rendez-vous est annulé\u00a0:");
      paragraph(text, facts(opened, told));
      paragraph(text, "Votre place va à une autre personne.");
      if (!opened.booking.case_id.empty())
        paragraph(text, "Il était lié à votre dossier, dont la page dit où il en est.");
      return written("Votre rendez-vous est annulé", std::move(text), told);
    case Happened::displaced: {
      paragraph(text,
                "Nous sommes désolés\u00a0: la personne qui devait vous recevoir sera "
                "absente. Ce rendez-vous ne peut pas avoir lieu\u00a0:");
      paragraph(text, facts(opened, told));
      if (!told.proposals.empty()) {
        std::string proposals = "Nous vous proposons\u00a0:";
        for (const Free& slot : told.proposals)
          line(proposals, "- " + when_words(slot.start, told.zone));
        paragraph(text, proposals);
      }
      paragraph(text, link_words(told, "Choisir un de ces horaires, ou un autre"));
      return written("Votre rendez-vous doit changer", std::move(text), told);
    }
    case Happened::offered:
    case Happened::lapsed:
    case Happened::visited:
    case Happened::soon:
      break;
  }
  return std::nullopt;
}

std::string practical_words(const Opened& opened, const Told& told) {
  std::string text;
  if (opened.booking.people > 1)
    paragraph(text, fmt::format("{} personnes", opened.booking.people));
  paragraph(text, place_words(opened, told));
  paragraph(text, bring_words(opened));
  return text;
}

Letter reminder_of(const Opened& opened, const Told& told) {
  std::string text = "Bonjour,";
  paragraph(text, "Vous avez bientôt rendez-vous.");
  practical(text, opened, told);
  paragraph(text, "Vous ne venez pas\u202f? Annulez\u00a0: votre place sert à quelqu’un.");
  return written("Rappel de votre rendez-vous", std::move(text), told);
}

Letter offer_of(const Appointments::Waits& waits, const Told& told) {
  std::string text = "Bonjour,";
  paragraph(text, "Une place s’est libérée\u00a0:");
  std::string what = when_words(waits.offered->start, told.zone);
  if (waits.reason != nullptr) line(what, waits.reason->label);
  paragraph(text, what);
  if (waits.offered->held_until)
    paragraph(text, fmt::format("Nous la gardons pour vous jusqu’au {}.",
                                when_words(*waits.offered->held_until, told.zone)));
  paragraph(text, told.link.empty()
                      ? "Appelez le service pour la prendre."
                      : "La prendre, ou la laisser à la personne suivante\u00a0:\n" + told.link);
  return written("Une place s’est libérée", std::move(text), told);
}

Letter lapse_of(const Appointments::Waits& waits, const Told& told) {
  std::string text = "Bonjour,";
  paragraph(text, fmt::format("La place que nous gardions pour vous{} est allée à la personne "
                              "suivante. Vous n’êtes plus sur la liste d’attente.",
                              waits.reason == nullptr ? "" : " (" + waits.reason->label + ")"));
  paragraph(text,
            "Elle vous intéresse toujours\u202f? Inscrivez-vous de nouveau, ou appelez le "
            "service.");
  return written("La place n’est plus gardée", std::move(text), told);
}

std::optional<Personal<std::string>> email_of(const std::optional<Visitor>& visitor) {
  if (!visitor || visitor->email.read().empty()) return std::nullopt;
  return visitor->email;
}

}  // namespace parvis::appointment
