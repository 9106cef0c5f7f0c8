// The appointments that were taken in this conversation: told, moved, cancelled, kept.
#include <fmt/format.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/reading.hpp"

namespace parvis::dialogue {

std::optional<Step> BookingTurn::move() {
  const bool pressed = said_.choice.starts_with(kSlotChoice) &&
                       std::ranges::find(booking_.shown, *booking_.start) != booking_.shown.end();
  if (pressed) return done(BookingDeed::move);
  booking_.asked = kAskMove;
  booking_.shown = {*booking_.start};
  ask_move_words();
  return done();
}

void BookingTurn::ask_move_words() {
  const Booked* standing = mine(booking_.of);
  if (standing == nullptr || !booking_.start) return;
  const std::string next = slot_words(*booking_.start, zone_);
  add(answer_.text, fmt::format("Voulez-vous déplacer votre rendez-vous du {} au {}\u202f?",
                                slot_words(standing->start, zone_), next));
  answer_.choices = {{"Oui, déplacer", std::string(kSlotChoice) + format_rfc3339(*booking_.start)},
                     {"Un autre horaire", std::string(kOtherDay)},
                     {"Non, le garder", std::string(kKeepIt)}};
  answer_.appointment["slots"] =
      json::array{json::object{{"start", format_rfc3339(*booking_.start)}, {"words", next}}};
}

std::optional<Step> BookingTurn::move_said(const Heard& heard) {
  const SlotWish wish = slot_wish(text_, local_);
  const bool question = text_.contains('?');
  if (refuses(text_, AboutBooking::move)) return keep();
  // "oui, jeudi à 14h" says again what was asked.
  const bool same = wish.limits() && booking_.start && wish.holds(zone_.local(*booking_.start)) &&
                    (!wish.at || time_of_day(zone_.local(*booking_.start)) == *wish.at);
  if (same && agrees(text_)) return done(BookingDeed::move);
  if (wish.said() && !question) return list(wish);
  const auto row = answer::folded_words(text_);
  const AboutBooking about = about_booking(text_);
  const bool else_meant = about_something_else(text_, labels());
  const bool reserve = answer::has_phrase(row, "si|mais|sauf|attend*|avant");
  // "annuler" alone is about the move.
  if (about == AboutBooking::cancel && !question && !else_meant &&
      (names_appointment(text_) || !gives_up(text_)))
    return of_mine(booking_.of, AboutBooking::cancel, text_);
  if (heard.act == Act::no || gives_up(text_) ||
      (answer::has_phrase(row, "non|nan") && !answer::has_phrase(row, "oui")))
    return keep();
  if (confirms(text_) || (about == AboutBooking::move && !question && !else_meant && !reserve))
    return done(BookingDeed::move);
  if (question && !says_yes(text_)) return std::nullopt;
  return once_more("Rien n’est déplacé pour l’instant. Répondez par oui ou par non.");
}

std::optional<Step> BookingTurn::stop() {
  const Booked* moving = mine(booking_.of);
  const bool held = booking_.start.has_value() && booking_.of == 0;
  const auto others = live();
  if (booking_.waits) {
    add(answer_.text, "D’accord, j’arrête. Vous n’êtes pas inscrit sur la liste d’attente.");
  } else if (moving != nullptr) {
    add(answer_.text, "D’accord. Votre rendez-vous reste comme il est.");
    answer_.choices = {
        {"Annuler le rendez-vous", std::string(kDoCancel) + std::to_string(moving->number)}};
  } else if (others.empty()) {
    add(answer_.text, "D’accord, j’arrête. Aucun rendez-vous n’est pris.");
  } else {
    const Booked* last = mine(others.back());
    add(answer_.text, fmt::format("D’accord, j’arrête. L’autre rendez-vous, {}, reste.",
                                  slot_words(last->start, zone_)));
    answer_.choices = {
        {"Annuler l’autre rendez-vous", std::string(kDoCancel) + std::to_string(last->number)}};
  }
  const int number = booking_.number;
  set_appointment();
  answer_.appointment.erase("held_until");
  answer_.appointment.erase("held_until_words");
  leave();
  booking_.number = number;
  if (moving != nullptr) booking_.asked = kAskNothing;
  return done(held ? BookingDeed::release : BookingDeed::none);
}

const Booked* BookingTurn::mine(int number) const {
  const auto at = std::ranges::find(state_.booked, number, &Booked::number);
  return number <= 0 || at == state_.booked.end() ? nullptr : &*at;
}

std::vector<int> BookingTurn::live() const {
  std::vector<int> out;
  for (const Booked& each : state_.booked)
    if (!each.cancelled && each.end > now_) out.push_back(each.number);
  return out;
}

std::vector<std::string> BookingTurn::labels() const {
  std::vector<std::string> out;
  for (const Booked& each : state_.booked) out.push_back(each.label);
  return out;
}

std::optional<Step> BookingTurn::about_mine() {
  const auto mine = live();
  AboutBooking about = about_booking(text_);
  const bool named = names_appointment(text_), question = text_.contains('?');
  if (hear(text_).act == Act::person) return std::nullopt;
  if (mine.empty()) {
    const bool needs = !question && !wants_appointment(text_) && needs_told(text_).said.any() &&
                       answer::has_phrase(answer::folded_words(text_),
                                          "mon rdv|mon rendez|notre rdv|notre rendez");
    const bool over = about == AboutBooking::cancel || about == AboutBooking::move || needs;
    if (!over || !named || answer::has_phrase(answer::folded_words(text_), "prefecture*|medecin*"))
      return std::nullopt;
    return by_contact(
        "Je ne vois pas de rendez-vous pris dans cette conversation. Le lien du message de "
        "confirmation le déplace, l’annule, et dit de quelle aide vous avez besoin. Sinon, appelez "
        "la mairie.");
  }
  const bool just_now = booking_.asked == kAskNothing;
  const auto words = answer::folded_words(text_);
  constexpr std::size_t kShort = 9;  // words: "je dois apporter quoi ?"
  const bool brief = words.size() <= kShort;
  if (about == AboutBooking::none && just_now) {
    const SlotWish wish = slot_wish(text_, local_);
    if (wish.said() && corrects_time(text_) && !question) about = AboutBooking::move;
  }
  if (about == AboutBooking::none && !question && (named || just_now)) {
    if (needs_told(text_).said.any()) {
      if (mine.size() == 1) return of_mine(mine.back(), AboutBooking::none, text_);
      booking_.opening = text_;
      booking_.asked = kAskWhich;
      offer_mine();
      return done();
    }
  }
  if (about == AboutBooking::none && named &&
      answer::has_phrase(words, "mon rdv|mon rendez|rappelez moi|rappelle moi|rappel"))
    about = AboutBooking::when;
  if (about == AboutBooking::none) {
    if (just_now) booking_.asked.clear();  // another subject
    return std::nullopt;
  }
  if (!named && !brief) return std::nullopt;
  // Minutes later, "adresse" may be that of anything.
  if (!named && !just_now &&
      (about == AboutBooking::where || about == AboutBooking::when || about == AboutBooking::bring))
    return std::nullopt;
  if (about == AboutBooking::cancel || about == AboutBooking::move) {
    if (!named && about_something_else(text_, labels())) return std::nullopt;
    if (refuses(text_, about) && !question) {
      talk_of(mine.back());
      return keep();
    }
    if (mine.size() > 1) {
      booking_.opening = text_;
      booking_.asked = kAskWhich;
      offer_mine();
      return done();
    }
  }
  return of_mine(mine.back(), about, text_);
}

void BookingTurn::offer_mine() {
  add(answer_.text, "Lequel de vos rendez-vous\u202f?");
  answer_.choices.clear();
  json::array slots;
  for (const int number : live()) {
    const Booked& each = *mine(number);
    std::string words = slot_words(each.start, zone_) + ", " + each.label;
    slots.push_back(json::object{{"start", format_rfc3339(each.start)}, {"words", words}});
    answer_.choices.push_back(
        {std::move(words), std::string(kWhichChoice) + std::to_string(number)});
  }
  answer_.appointment["slots"] = std::move(slots);
}

std::optional<Step> BookingTurn::which() {
  const auto all = live();
  if (gives_up(text_)) return stop();
  if (const auto at = ordinal_in(text_, all.size()))
    return of_mine(all[*at], about_booking(booking_.opening), booking_.opening);
  const SlotWish wish = slot_wish(text_, local_);
  std::vector<int> those;
  for (const int number : all) {
    const Booked& each = *mine(number);
    const auto label = answer::folded_words(each.label);
    bool named = wish.limits() && wish.holds(zone_.local(each.start)) &&
                 (!wish.at || time_of_day(zone_.local(each.start)) == *wish.at);
    for (const std::string& word : answer::folded_words(text_))
      named |= word.size() > 4 && std::ranges::find(label, word) != label.end();
    if (named) those.push_back(number);
  }
  if (those.size() == 1)
    return of_mine(those[0], about_booking(booking_.opening), booking_.opening);
  if (hear(text_).asks) return std::nullopt;
  return once_more("Je n’ai pas compris.");
}

void BookingTurn::talk_of(int which) {
  const Booked& each = *mine(which);
  const int number = booking_.number;
  booking_ = {};
  booking_.number = number;
  booking_.of = which;
  booking_.agenda = each.agenda;
  booking_.reason = each.reason;
  booking_.commune = each.commune;
  booking_.people = each.people;
  booking_.way = each.way;
  place_.reset();
}

std::optional<Step> BookingTurn::of_mine(int number, AboutBooking about, const std::string& words) {
  const std::string wanted = words;  // they may be of the booking that is left for this one
  talk_of(number);
  const Booked& mine = *this->mine(number);
  switch (about) {
    case AboutBooking::cancel:
      booking_.asked = kAskCancel;
      ask_cancel_words();
      booking_.start = mine.start;
      return done();
    case AboutBooking::move: {
      if (reason() == nullptr)
        return by_contact("Ce rendez-vous ne se déplace plus ici. Appelez le service.");
      booking_.shown = {mine.start};
      return list(slot_wish(wanted, local_));
    }
    case AboutBooking::where:
    case AboutBooking::when:
    case AboutBooking::bring:
    case AboutBooking::none:
      break;
  }
  booking_.asked = kAskNothing;
  booking_.start = mine.start;
  if (about == AboutBooking::none) needs_ = needs_told(wanted).said;
  if (needs_.any()) return done(BookingDeed::needs);
  if (about == AboutBooking::bring) add(answer_.text, bring_words(facts()));
  if (about == AboutBooking::where) add(answer_.text, place_words(facts()));
  return done(BookingDeed::tell);
}

void BookingTurn::ask_cancel_words() {
  const Booked* mine = this->mine(booking_.of);
  if (mine == nullptr) return;
  const std::string number = std::to_string(mine->number);
  add(answer_.text,
      fmt::format("Voulez-vous annuler votre rendez-vous, {}\u202f? Vous pouvez aussi le "
                  "décaler.",
                  slot_words(mine->start, zone_)));
  answer_.choices = {{"Oui, annuler", std::string(kSure) + number},
                     {"Décaler le rendez-vous", std::string(kDoMove) + number},
                     {"Non, le garder", std::string(kKeepIt)}};
}

std::optional<Step> BookingTurn::decide(const Heard& heard) {
  const int number = booking_.of;
  const SlotWish wish = slot_wish(text_, local_);
  const AboutBooking about = about_booking(text_);
  const bool question = text_.contains('?');
  const auto row = answer::folded_words(text_);
  if (refuses(text_, AboutBooking::cancel)) return keep();
  if (about == AboutBooking::move ||
      (wish.limits() && !question && !answer::has_phrase(row, "annul*|anul*")))
    return of_mine(number, AboutBooking::move, text_);
  const bool no = answer::has_phrase(row, "non|nan") && !answer::has_phrase(row, "oui");
  if (heard.act == Act::no || (no && !about_something_else(text_, labels()))) return keep();
  const bool reserve = answer::has_phrase(row, "si|mais|sauf|attend*|avant");
  if (!question && !reserve && !about_something_else(text_, labels()) &&
      (confirms(text_) || about == AboutBooking::cancel ||
       answer::has_phrase(row, "en veux plus|plus besoin")))
    return cancel();
  if (question && !says_yes(text_) &&
      !answer::has_phrase(row, "pouvez vous|vous pouvez|peux tu|tu peux"))
    return std::nullopt;
  return once_more("Rien n’est annulé pour l’instant. Répondez par oui ou par non.");
}

std::optional<Step> BookingTurn::keep() {
  const bool moving = booking_.asked == kAskMove;
  add(answer_.text, moving ? "D’accord, je ne déplace rien." : "D’accord, je n’annule rien.");
  if (mine(booking_.of) == nullptr) return done();
  return of_mine(booking_.of, AboutBooking::when, {});
}

std::optional<Step> BookingTurn::cancel() {
  booking_.asked = kAskNothing;
  return done(BookingDeed::cancel);
}

}  // namespace parvis::dialogue
