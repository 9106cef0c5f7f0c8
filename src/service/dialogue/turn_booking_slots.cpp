// The slots of an appointment: those that the words leave, the one that is chosen and kept.
#include <fmt/format.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/slot_choice.hpp"
#include "dialogue/waiting_words.hpp"

namespace parvis::dialogue {

using appointment::Agenda;
using std::chrono::days;

std::vector<FreeSlot> BookingTurn::free(Instant from) const {
  const Booked* moved = mine(booking_.of);
  std::vector<FreeSlot> out = booker_.free({.agenda = booking_.agenda,
                                            .reason = booking_.reason,
                                            .commune = booking_.commune,
                                            .people = std::max(1, booking_.people),
                                            .way = booking_.way,
                                            .from = from,
                                            .until = from + kSlotsAhead,
                                            .number = moved ? moved->number : booking_.number});
  // Where it stands already is no time to move it to.
  if (moved != nullptr)
    std::erase_if(out, [&](const FreeSlot& slot) { return slot.start == moved->start; });
  return out;
}

std::optional<Step> BookingTurn::nothing_free() {
  add(answer_.text,
      "Aucun horaire n’est libre en ce moment. Inscrivez-vous sur la liste d’attente\u00a0: une "
      "place qui se libère vous est proposée.");
  answer_.choices.clear();
  offer_list();
  answer_.choices.push_back({"Arrêter", std::string(kLeave)});
  answer_.appointment["waiting"] = page("attente");
  if (context_.services.by_words && place() != nullptr)
    answer_.contact = context_.services.by_words(place()->name);
  booking_.asked = kAskSlot;
  booking_.shown.clear();
  return done();
}

std::string BookingTurn::closed_words(const SlotWish& wish) {
  const Agenda* at = agenda(booking_.agenda);
  return at == nullptr ? std::string()
                       : dialogue::closed_words(*at, booking_.reason, booker_.service, wish);
}

std::optional<Step> BookingTurn::list(const SlotWish& wish) {
  const bool moving = booking_.of > 0;
  booking_.waits = false;
  std::vector<FreeSlot> all = free(now_);
  if (!wish.spans.empty() && zone_.instant(wish.spans[0].first) > now_ + kSlotsAhead)
    all = free(zone_.instant(wish.spans[0].first) - days(7));
  if (all.empty()) return nothing_free();
  const SlotsOffered found =
      slots_offered(all, wish, {.shown = booking_.shown, .start = booking_.start, .moves = moving},
                    zone_, [this](const SlotWish& wanted) { return closed_words(wanted); });
  if (found.meant) return hold(*found.meant);
  add(answer_.text, found.text);
  if (found.none) answer_.text += " Il y a aussi une liste d’attente.";
  if (!found.asked.empty()) answer_.appointment["asked"] = found.asked;
  if (!found.closed.empty()) answer_.appointment["closed"] = found.closed;
  if (found.list_page) answer_.appointment["waiting"] = page("attente");
  offer_slots(answer_, booking_, found.slots, zone_);
  if (found.list) offer_list();
  return done();
}

std::optional<Step> BookingTurn::hold(const FreeSlot& slot) {
  booking_.start = slot.start;
  booking_.waits = false;
  if (booking_.of > 0) return move();
  booking_.until = now_ + kSlotKept;
  add(answer_.text,
      fmt::format("Je vous garde {} pendant 10 minutes, jusqu’à {}.", slot_words(slot.start, zone_),
                  calendar::time_words(time_of_day(zone_.local(*booking_.until)))));
  answer_.appointment["kept"] = "10 minutes";
  ask_next();
  return done(BookingDeed::hold);
}

std::optional<Step> BookingTurn::slot_said(const Heard& heard) {
  if (reason() == nullptr) return by_contact(kNotHere);
  const bool noted = note_needs();
  if (booking_.of == 0 && names_list(text_)) return enter_list();
  const auto meant = dialogue::slot_said(text_, heard, booking_.shown, zone_, local_);
  if (meant && meant->start) return take_slot(*meant->start);
  if (meant && meant->wish) return list(*meant->wish);
  const People people = people_in(text_);
  if (people.count > 1 && people.count != booking_.people) return of_people(people.count);
  if (noted) {
    again();
    return done();
  }
  if (meant && meant->unclear) return once_more("Lequel ? Dites « le premier », ou l’heure.");
  if (meant && meant->refused) {
    SlotWish later;
    later.later = true;
    return list(later);
  }
  constexpr std::size_t kShort = 4;  // words
  if (heard.asks || heard.act != Act::ask || answer::folded_words(text_).size() > kShort)
    return std::nullopt;
  return once_more("Je n’ai pas compris. Dites un jour ou une heure, ou choisissez.");
}

std::optional<Step> BookingTurn::take_slot(Instant start) {
  for (const FreeSlot& slot : free(std::max(now_, start - days(1))))
    if (slot.start == start) return hold(slot);
  if (booking_.start == start && booking_.of == 0) {  // held already
    ask_next();
    return done(BookingDeed::hold);
  }
  slot_lost(answer_, booking_, first_slots(free(now_)), zone_);
  return done();
}

}  // namespace parvis::dialogue
