// The slots of an appointment: those that the words leave, the one that is chosen and kept.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "answer/phrases.hpp"
#include "calendar/words.hpp"
#include "dialogue/booking_turn.hpp"
#include "dialogue/reading.hpp"
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

std::vector<FreeSlot> BookingTurn::first(std::vector<FreeSlot> slots) {
  if (slots.size() > kSlotsShown) slots.resize(kSlotsShown);
  return slots;
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
  if (!wish.one_day || wish.spans.empty()) return {};
  const CivilDate date = civil_date(wish.spans[0].first);
  const Agenda* at = agenda(booking_.agenda);
  if (at == nullptr) return {};
  std::string why;
  for (const appointment::Counter& counter : at->counters) {
    if (counter.seats_for(booking_.reason) == 0) continue;
    const auto service = booker_.service(at->service_of(counter));
    if (!service) continue;
    const calendar::Hours& hours = counter.hours ? *counter.hours : service->hours;
    const auto day = calendar::day_of(hours, date, directory::region_of(*service));
    if (!day || !day->empty()) return {};
    why = calendar::day_words(hours, date, directory::region_of(*service));
  }
  return why;
}

std::optional<Step> BookingTurn::list(const SlotWish& wish) {
  const bool moving = booking_.of > 0;
  booking_.waits = false;
  std::vector<FreeSlot> all = free(now_);
  if (!wish.spans.empty() && zone_.instant(wish.spans[0].first) > now_ + kSlotsAhead)
    all = free(zone_.instant(wish.spans[0].first) - days(7));
  if (all.empty()) return nothing_free();
  std::vector<FreeSlot> fit;
  for (const FreeSlot& slot : all)
    if (wish.holds(zone_.local(slot.start))) fit.push_back(slot);
  if (wish.any) return hold(all.front());
  if (wish.at) {
    // The day that is talked about, when none is said.
    std::optional<CivilDate> day;
    if (wish.spans.empty() && booking_.start) day = civil_date(zone_.local(*booking_.start));
    std::vector<FreeSlot> at_time;
    for (const FreeSlot& slot : fit)
      if (time_of_day(zone_.local(slot.start)) == *wish.at) at_time.push_back(slot);
    const auto shown = [&](const FreeSlot& slot) {
      return std::ranges::find(booking_.shown, slot.start) != booking_.shown.end();
    };
    const auto of_shown = std::ranges::count_if(at_time, shown);
    if (wish.spans.empty() && of_shown == 1) return hold(*std::ranges::find_if(at_time, shown));
    if (wish.one_day && at_time.size() == 1) return hold(at_time.front());
    if (wish.spans.empty() && !day && !booking_.shown.empty())
      day = civil_date(zone_.local(booking_.shown.front()));
    if (day)
      for (const FreeSlot& slot : at_time)
        if (civil_date(zone_.local(slot.start)) == *day) return hold(slot);
    if (!at_time.empty()) {
      add(answer_.text, "À cette heure, voici ce qui est libre.");
      offer_slots(answer_, booking_, first(at_time), zone_);
      return done();
    }
    // The nearest hours of the same days.
    const auto pool = fit.empty() ? all : fit;
    std::vector<FreeSlot> near = pool;
    const auto distance = [&](const FreeSlot& slot) {
      const LocalTime local = zone_.local(slot.start);
      const auto off = std::abs((time_of_day(local) - *wish.at).count());
      const auto aside =
          day ? std::abs((std::chrono::floor<days>(local) - std::chrono::local_days(*day)).count())
              : 0;
      return std::tuple(aside, off, slot.start);
    };
    std::ranges::sort(near, {}, distance);
    near = first(std::move(near));
    std::ranges::sort(near, {}, &FreeSlot::start);
    add(answer_.text, "Rien n’est libre à cette heure-là. Voici les horaires les plus proches.");
    if (const std::string why = closed_words(wish); !why.empty()) tell_closed(wish, why);
    offer_slots(answer_, booking_, near, zone_);
    offer_list();
    return done();
  }
  if (wish.later || wish.other_day || wish.sooner) {
    std::vector<FreeSlot> rest;
    for (const FreeSlot& slot : fit) {
      const bool known = !booking_.shown.empty();
      const LocalTime local = zone_.local(slot.start);
      if (wish.other_day
              ? !known || std::chrono::floor<days>(local) >
                              std::chrono::floor<days>(zone_.local(booking_.shown.back()))
          : wish.later ? !known || slot.start > booking_.shown.back()
                       : !known || slot.start < booking_.shown.front())
        rest.push_back(slot);
    }
    if (wish.sooner && rest.size() > kSlotsShown)
      rest.erase(rest.begin(), rest.end() - static_cast<std::ptrdiff_t>(kSlotsShown));
    if (rest.empty()) {
      add(answer_.text, wish.sooner ? "Ce sont les premiers horaires libres."
                                    : "Il n’y a pas d’horaire après ceux-là. Voici les premiers.");
      answer_.appointment["waiting"] = page("attente");
      rest = all;
    } else {
      add(answer_.text, "Voici d’autres horaires libres.");
    }
    offer_slots(answer_, booking_, first(std::move(rest)), zone_);
    offer_list();
    return done();
  }
  if (fit.empty()) {
    if (const std::string why = closed_words(wish); !why.empty())
      tell_closed(wish, why);
    else if (!wish.words.empty()) {
      add(answer_.text, fmt::format("Rien n’est libre {}.", wish.words));
      answer_.appointment["asked"] = wish.words;
    } else {
      add(answer_.text, "Rien n’est libre comme vous le demandez.");
    }
    std::vector<FreeSlot> near = all;
    // The same part of the day, and then any.
    SlotWish looser = wish;
    looser.spans.clear();
    std::vector<FreeSlot> alike;
    for (const FreeSlot& slot : all)
      if (looser.holds(zone_.local(slot.start))) alike.push_back(slot);
    if (!alike.empty()) near = alike;
    if (!wish.spans.empty()) {
      const Instant middle = zone_.instant(wish.spans[0].first);
      std::ranges::sort(near, {}, [&](const FreeSlot& slot) {
        return std::pair(slot.start > middle ? slot.start - middle : middle - slot.start,
                         slot.start);
      });
    }
    near = first(std::move(near));
    std::ranges::sort(near, {}, &FreeSlot::start);
    add(answer_.text, "Voici les horaires les plus proches. Il y a aussi une liste d’attente.");
    answer_.appointment["waiting"] = page("attente");
    offer_slots(answer_, booking_, near, zone_);
    offer_list();
    return done();
  }
  if (moving && !wish.said())
    add(answer_.text, "Quel nouvel horaire vous convient\u202f?");
  else if (wish.limits())
    add(answer_.text, "Voici ce qui est libre. Lequel choisissez-vous\u202f?");
  else
    add(answer_.text,
        "Voici les premiers horaires libres. Lequel choisissez-vous\u202f? Vous "
        "pouvez aussi dire un jour ou une heure.");
  offer_slots(answer_, booking_, first(std::move(fit)), zone_);
  return done();
}

void BookingTurn::tell_closed(const SlotWish& wish, const std::string& why) {
  add(answer_.text, fmt::format("Le {}\u00a0: {}.", wish.words, why));
  answer_.appointment["asked"] = wish.words;
  answer_.appointment["closed"] = why;
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
  if (const auto at = ordinal_in(text_, booking_.shown.size()))
    return take_slot(booking_.shown[*at]);
  const SlotWish wish = slot_wish(text_, local_);
  if (wish.said()) {
    // "celui de mardi": it is one of those shown.
    if (wish.one_day && !wish.at && booking_.shown.size() > 1) {
      std::vector<Instant> those;
      for (const Instant start : booking_.shown)
        if (wish.holds(zone_.local(start))) those.push_back(start);
      if (those.size() == 1 && answer::has_phrase(answer::folded_words(text_),
                                                  "celui|ca me va|me va|parfait|d accord|ok"))
        return take_slot(those[0]);
    }
    return list(wish);
  }
  const bool yes = confirms(text_) || agrees(text_) ||
                   answer::has_phrase(answer::folded_words(text_), "me va|me convient|parfait");
  if (yes && booking_.shown.size() == 1) return take_slot(booking_.shown[0]);
  const People people = people_in(text_);
  if (people.count > 1 && people.count != booking_.people) return of_people(people.count);
  if (noted) {
    again();
    return done();
  }
  if (yes) return once_more("Lequel\u202f? Dites «\u00a0le premier\u00a0», ou l’heure.");
  if (heard.act == Act::no) {
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
  slot_lost(answer_, booking_, first(free(now_)), zone_);
  return done();
}

}  // namespace parvis::dialogue
