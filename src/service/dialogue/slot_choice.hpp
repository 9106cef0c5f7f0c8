// Which free slots are offered for what was said of a time, and which one is meant: for an
// appointment of its own and for the one that a démarche asks for. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dialogue/booking.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/hear.hpp"

namespace parvis::dialogue {

// What was talked about before.
struct SlotTalk {
  const std::vector<Instant>& shown;  // offered last
  std::optional<Instant> start;       // the one that is held
  bool moves = false;                 // another time for an appointment that is taken
};

struct SlotsOffered {
  std::optional<FreeSlot> meant;  // the one that the words name; nothing else is set then
  std::vector<FreeSlot> slots;    // at most kSlotsShown, in order
  std::string text;               // what is said of them
  bool list = false;              // they may not suit: a waiting list is told of
  bool list_page = false;         // and its page
  bool none = false;              // nothing is free as it was wished: these are the nearest
  std::string asked = {};         // the time that was asked for, in words, when it has none
  std::string closed = {};        // why nobody receives then
};
// all: what is free, in order, not empty. closed: why nobody receives on the days that were asked
// for; empty: they do.
SlotsOffered slots_offered(const std::vector<FreeSlot>& all, const SlotWish& wish,
                           const SlotTalk& talk, const Zone& zone,
                           const std::function<std::string(const SlotWish&)>& closed);

// What a message says while a slot is chosen.
struct SlotSaid {
  std::optional<Instant> start = {};  // one of those shown
  std::optional<SlotWish> wish = {};  // other ones
  bool unclear = false;               // yes, to several
  bool refused = false;               // none of them
};
// Nothing when it is about no slot.
std::optional<SlotSaid> slot_said(std::string_view text, const Heard& heard,
                                  const std::vector<Instant>& shown, const Zone& zone,
                                  LocalTime now);

// Why nobody receives on the one day that is wished for; empty: somebody does, or no day is said.
std::string closed_words(
    const appointment::Agenda& agenda, std::string_view reason,
    const std::function<std::optional<directory::Service>(const std::string& id)>& service,
    const SlotWish& wish);

// "2026-12-01T09:40:00+01:00": what the clocks of the place show can be read in it.
std::string with_offset(Instant at, const Zone& zone);

std::vector<FreeSlot> first_slots(std::vector<FreeSlot> slots);  // at most kSlotsShown

}  // namespace parvis::dialogue
