#include "dialogue/booking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "dialogue/waiting_words.hpp"

namespace parvis::dialogue {

using answer::Answer;

namespace {

void add(std::string& text, std::string_view line) {
  if (!line.empty()) text.append(text.empty() ? "" : "\n").append(line);
}

json::value instant_json(const std::optional<Instant>& instant) {
  return instant ? json::value(format_rfc3339(*instant)) : json::value(nullptr);
}
std::optional<Instant> instant_at(const json::object& object, std::string_view key) {
  const auto text = string_at(object, key);
  return text ? parse_rfc3339(*text) : std::nullopt;
}
int count_at(const json::object& object, std::string_view key, int otherwise) {
  return static_cast<int>(integer_at(object, key).value_or(otherwise));
}
std::string text_at(const json::object& object, std::string_view key) {
  return std::string(string_at(object, key).value_or(""));
}
appointment::Way way_at(const json::object& object) {
  return appointment::way_named(text_at(object, "way")).value_or(appointment::Way::in_person);
}

}  // namespace

bool Booking::operator==(const Booking& other) const { return to_json(*this) == to_json(other); }

json::object to_json(const Booking& booking) {
  json::array shown;
  for (const Instant start : booking.shown) shown.emplace_back(format_rfc3339(start));
  return {{"number", booking.number},
          {"asked", booking.asked},
          {"opening", booking.opening},
          {"agenda", booking.agenda},
          {"reason", booking.reason},
          {"commune", booking.commune},
          {"people", booking.people},
          {"way", name(booking.way)},
          {"shown", std::move(shown)},
          {"start", instant_json(booking.start)},
          {"until", instant_json(booking.until)},
          {"mine", booking.of},
          {"waits", booking.waits},
          {"days", static_cast<int>(booking.wait.days)},
          {"halves", static_cast<int>(booking.wait.halves)},
          {"last_day", booking.wait.until ? json::value(format_iso_date(*booking.wait.until))
                                          : json::value(nullptr)},
          {"passed", json::array(booking.passed.begin(), booking.passed.end())},
          {"visitor", to_json(booking.visitor)}};
}

Booking booking_from_json(const json::object& object) {
  Booking out;
  out.number = count_at(object, "number", 0);
  out.asked = text_at(object, "asked");
  out.opening = text_at(object, "opening");
  out.agenda = text_at(object, "agenda");
  out.reason = text_at(object, "reason");
  out.commune = text_at(object, "commune");
  out.people = count_at(object, "people", 0);
  out.way = way_at(object);
  if (const json::array* shown = array_at(object, "shown"))
    for (const json::value& each : *shown)
      if (each.is_string())
        if (const auto start = parse_rfc3339(each.get_string())) out.shown.push_back(*start);
  out.start = instant_at(object, "start");
  out.until = instant_at(object, "until");
  out.of = count_at(object, "mine", 0);
  out.waits = bool_at(object, "waits").value_or(false);
  out.wait.days = static_cast<unsigned>(count_at(object, "days", 0x7F));
  out.wait.halves = static_cast<unsigned>(count_at(object, "halves", 3));
  if (const auto last = string_at(object, "last_day")) out.wait.until = parse_iso_date(*last);
  if (const json::array* passed = array_at(object, "passed"))
    for (const json::value& each : *passed)
      if (each.is_string()) out.passed.emplace_back(each.get_string());
  if (const json::object* visitor = object_at(object, "visitor"))
    out.visitor = appointment::visitor_from_json(*visitor);
  return out;
}

json::object to_json(const Waited& waited) {
  return {{"number", waited.number}, {"agenda", waited.agenda},   {"reason", waited.reason},
          {"label", waited.label},   {"commune", waited.commune}, {"left", waited.left}};
}

Waited waited_from_json(const json::object& object) {
  return {.number = count_at(object, "number", 0),
          .agenda = text_at(object, "agenda"),
          .reason = text_at(object, "reason"),
          .label = text_at(object, "label"),
          .commune = text_at(object, "commune"),
          .left = bool_at(object, "left").value_or(false)};
}

json::object to_json(const Booked& booked) {
  return {{"number", booked.number},
          {"agenda", booked.agenda},
          {"reason", booked.reason},
          {"label", booked.label},
          {"commune", booked.commune},
          {"people", booked.people},
          {"way", name(booked.way)},
          {"service", booked.service},
          {"start", format_rfc3339(booked.start)},
          {"end", format_rfc3339(booked.end)},
          {"cancelled", booked.cancelled}};
}

Booked booked_from_json(const json::object& object) {
  return {.number = count_at(object, "number", 0),
          .agenda = text_at(object, "agenda"),
          .reason = text_at(object, "reason"),
          .label = text_at(object, "label"),
          .commune = text_at(object, "commune"),
          .people = count_at(object, "people", 1),
          .way = way_at(object),
          .service = text_at(object, "service"),
          .start = instant_at(object, "start").value_or(Instant()),
          .end = instant_at(object, "end").value_or(Instant()),
          .cancelled = bool_at(object, "cancelled").value_or(false)};
}

std::string slot_words(Instant start, const Zone& zone) {
  const LocalTime local = zone.local(start);
  return calendar::date_words(civil_date(local)) + " à " + calendar::time_words(time_of_day(local));
}

std::string length_words(Minutes length) {
  const auto hours = length.count() / 60, minutes = length.count() % 60;
  std::string out;
  if (hours > 0) out = fmt::format("{} heure{}", hours, hours > 1 ? "s" : "");
  if (minutes > 0) out += fmt::format("{}{} minutes", out.empty() ? "" : " et ", minutes);
  return out;
}

void offer_slots(Answer& answer, Booking& booking, const std::vector<FreeSlot>& slots,
                 const Zone& zone) {
  booking.shown.clear();
  answer.choices.clear();
  json::array all;
  for (const FreeSlot& slot : slots) {
    if (booking.shown.size() == kSlotsShown) break;
    std::string words = slot_words(slot.start, zone);
    booking.shown.push_back(slot.start);
    all.push_back(json::object{{"start", format_rfc3339(slot.start)},
                               {"end", format_rfc3339(slot.end)},
                               {"service", slot.service},
                               {"words", words}});
    answer.choices.push_back(
        {std::move(words), std::string(kSlotChoice) + format_rfc3339(slot.start)});
  }
  answer.choices.push_back({"Un autre jour", std::string(kOtherDay)});
  answer.appointment["slots"] = std::move(all);
  booking.asked = kAskSlot;
}

void slot_lost(Answer& answer, Booking& booking, const std::vector<FreeSlot>& next,
               const Zone& zone) {
  answer.status = answer::Status::appointment;
  answer.text = next.empty() ? "Cet horaire vient d’être pris, et plus aucun n’est libre."
                             : "Cet horaire vient d’être pris. Voici les plus proches.";
  if (next.empty())
    answer.text += "\nInscrivez-vous sur la liste d’attente, ou appelez le service.";
  for (const char* key : {"start", "end", "when", "held_until", "held_until_words"})
    answer.appointment.erase(key);
  answer.appointment["state"] = "wanted";
  booking.start.reset();
  booking.until.reset();
  offer_slots(answer, booking, next, zone);
  if (next.empty() && booking.of == 0)
    answer.choices.push_back({"M’inscrire sur la liste d’attente", std::string(kWaitChoice)});
}

json::object appointment_json(const BookingFacts& facts, const Zone& zone) {
  json::object out{{"id", facts.id.empty() ? json::value(nullptr) : json::value(facts.id)},
                   {"state", facts.state},
                   {"start", instant_json(facts.start)},
                   {"end", instant_json(facts.end)},
                   {"people", facts.people},
                   {"way", name(facts.way)}};
  if (facts.start) out["when"] = slot_words(*facts.start, zone);
  if (!facts.video.empty()) out["video"] = facts.video;
  if (!facts.phone.empty()) out["call"] = facts.phone;
  if (facts.reason != nullptr) {
    const appointment::Reason& reason = *facts.reason;
    out["reason"] = reason.label;
    out["length"] = length_words(appointment::length(reason, facts.people));
    out["length_each"] = length_words(reason.duration);
    out["bring"] = json::array(reason.bring.begin(), reason.bring.end());
    out["who"] = reason.who;
    out["note"] = reason.note;
  }
  if (facts.service != nullptr) {
    const directory::Service& service = *facts.service;
    std::string address;
    for (const std::string& line : service.address) address.append(line).append(", ");
    address.append(service.postcode).append(" ").append(service.city);
    json::array phones;
    for (const directory::Phone& phone : service.phones) phones.emplace_back(phone.number);
    out["place"] = service.name;
    out["address"] = address;
    out["access"] = service.access;
    out["phones"] = std::move(phones);
  }
  return out;
}

std::string place_words(const BookingFacts& facts) {
  std::string out;
  if (facts.way == appointment::Way::phone)
    add(out, facts.phone.empty()
                 ? std::string("Le service vous appelle à cette heure.")
                 : fmt::format("Le service vous appelle à cette heure, au {}.", facts.phone));
  if (facts.way == appointment::Way::video)
    add(out, facts.video.empty()
                 ? std::string("C’est une visioconférence. Le service vous envoie le lien.")
                 : "C’est une visioconférence. À l’heure dite, ouvrez\u00a0: " + facts.video);
  if (facts.service == nullptr) return out;
  const directory::Service& service = *facts.service;
  std::string line = service.name;
  if (facts.way == appointment::Way::in_person) {
    for (const std::string& each : service.address) line.append(", ").append(each);
    if (!service.city.empty()) line.append(", ").append(service.postcode + " " + service.city);
  }
  add(out, line + ".");
  if (facts.way == appointment::Way::in_person && !service.access.empty())
    add(out, "Accès\u00a0: " + service.access);
  return out;
}

std::string bring_words(const BookingFacts& facts) {
  if (facts.reason == nullptr) return {};
  if (facts.reason->bring.empty()) return "Aucun document n’est demandé.";
  std::string out = "À apporter\u00a0:";
  for (const std::string& each : facts.reason->bring) add(out, "- " + each);
  return out;
}

void tell_booking(Answer& answer, const BookingFacts& facts, Told told, const Zone& zone) {
  std::string& text = answer.text;
  answer.status = answer::Status::appointment;
  // The page of slots stays where the policy put it.
  json::object appointment = appointment_json(facts, zone);
  for (const char* key : {"page", "waiting"})
    if (const json::value* kept = answer.appointment.if_contains(key)) appointment[key] = *kept;
  answer.appointment = std::move(appointment);
  const std::string when = facts.start ? slot_words(*facts.start, zone) : "";
  const std::string number = std::to_string(facts.number);
  if (told == Told::cancelled || facts.state == "cancelled") {
    add(text, told == Told::cancelled
                  ? fmt::format("C’est annulé\u00a0: vous n’avez plus rendez-vous {}.", when)
                  : fmt::format("Ce rendez-vous, {}, est annulé.", when));
    if (told == Told::cancelled) add(text, "Votre place va à une autre personne. Merci.");
    answer.choices = {};
    return;
  }
  if (facts.state == "displaced") {
    add(text, fmt::format("Ce rendez-vous, {}, ne peut pas avoir lieu\u00a0: la personne est "
                          "absente. Choisissez un autre horaire.",
                          when));
    answer.choices = {{"Choisir un autre horaire", std::string(kDoMove) + number}};
    return;
  }
  if (told == Told::booked) add(text, fmt::format("C’est confirmé\u00a0: {}.", when));
  if (told == Told::moved) add(text, fmt::format("C’est déplacé\u00a0: {}.", when));
  if (told == Told::standing) add(text, fmt::format("Votre rendez-vous\u00a0: {}.", when));
  if (facts.reason != nullptr)
    add(text, facts.people > 1 ? fmt::format("{}, {} personnes.", facts.reason->label, facts.people)
                               : facts.reason->label + ".");
  add(text, place_words(facts));
  if (facts.reason != nullptr && !facts.reason->bring.empty()) add(text, bring_words(facts));
  if (told != Told::standing)
    add(text,
        "La confirmation part à votre adresse e-mail, avec un lien pour déplacer ou annuler. Un "
        "rappel vient avant.");
  add(text,
      "Un empêchement\u202f? Dites-le-moi\u00a0: «\u00a0décaler\u00a0» ou "
      "«\u00a0annuler\u00a0».");
  answer.choices = {{"Décaler le rendez-vous", std::string(kDoMove) + number},
                    {"Annuler le rendez-vous", std::string(kDoCancel) + number}};
}

void tell_needs(Answer& answer, const std::string& needs, Instant start, const Zone& zone) {
  std::string text = needs.empty() ? fmt::format(
                                         "C’est noté\u00a0: aucune aide n’est prévue pour votre "
                                         "rendez-vous, {}.",
                                         slot_words(start, zone))
                                   : fmt::format(
                                         "C’est noté pour votre rendez-vous, {}\u00a0: {}. Le "
                                         "service le lit avant de vous recevoir.",
                                         slot_words(start, zone), needs);
  add(text, answer.text);
  answer.text = std::move(text);
}

void needs_refused(Answer& answer, std::string_view why) {
  std::string text = "Merci de le dire, mais je n’ai pas pu le noter.";
  add(text, why);
  add(text, "Dites-le au service avant de venir.");
  add(text, answer.text);
  answer.text = std::move(text);
}

void tell_waiting(Answer& answer, const WaitFacts& facts, const Zone& zone) {
  using State = WaitFacts::State;
  std::string& text = answer.text;
  answer.status = answer::Status::appointment;
  json::object appointment{
      {"id", nullptr},          {"state", "wanted"},      {"start", nullptr},     {"end", nullptr},
      {"people", facts.people}, {"way", name(facts.way)}, {"reason", facts.label}};
  answer.choices = {};
  if (facts.state == State::over) {
    add(text, fmt::format("Vous n’êtes plus sur la liste d’attente ({}).", facts.label));
    answer.appointment = std::move(appointment);
    return;
  }
  if (facts.state == State::offered && facts.start) {
    add(text, fmt::format("Une place s’est libérée\u00a0: {}.", slot_words(*facts.start, zone)));
    appointment["start"] = format_rfc3339(*facts.start);
    appointment["when"] = slot_words(*facts.start, zone);
    if (facts.until) appointment["kept"] = slot_words(*facts.until, zone);
    if (facts.until)
      add(text,
          fmt::format("Elle est gardée pour vous jusqu’au {}.", slot_words(*facts.until, zone)));
    add(text, "Pour la prendre, ouvrez le lien du courriel reçu.");
  } else {
    add(text, facts.state == State::entered ? "C’est fait\u00a0: vous êtes sur la liste d’attente."
                                            : "Vous êtes sur la liste d’attente.");
    const std::string when = wait_words(facts.wait.days, facts.wait.halves, facts.wait.until);
    add(text, fmt::format("{}\u00a0: {}.", facts.label, when));
    appointment["asked"] = when;
    add(text,
        "Ce n’est pas encore un rendez-vous. Dès qu’une place vous convient, un courriel vous la "
        "propose.");
    const std::string kept = fmt::format("{} heures, ou jusqu’au matin", kOfferKept.count());
    add(text, fmt::format("Elle est gardée {}\u00a0: prenez-la par le lien du courriel. Après ce "
                          "délai, elle va à la personne suivante, et vous quittez la liste.",
                          kept));
    appointment["kept"] = kept;
  }
  add(text,
      "Pour quitter la liste, ouvrez votre page de la liste, ou dites «\u00a0quitter la liste "
      "d’attente\u00a0».");
  if (!facts.url.empty()) appointment["list"] = facts.url;
  answer.appointment = std::move(appointment);
  answer.choices = {
      {"Quitter la liste d’attente", std::string(kDoLeaveList) + std::to_string(facts.number)}};
}

}  // namespace parvis::dialogue
