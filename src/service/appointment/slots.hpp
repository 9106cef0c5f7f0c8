// Which slots are free: a pure function of the hours of counters and of what is taken there. It
// works on cells of five minutes of the timeline, so the hour that March lacks is not there, and
// the one that October has twice is there twice.
//
// A meeting lies within opening hours that touch, of one day; its buffer only has to be free. From
// the start of each stretch of opening hours slots follow each other every `Reason::every`; behind
// what is taken they begin anew at its end. Opening hours with a comment ("2e samedi du mois")
// offer no slot: only a person can judge them.
//
// Tested against a slow and obvious implementation over random agendas.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "appointment/agenda.hpp"
#include "base/time.hpp"
#include "calendar/hours.hpp"
#include "calendar/region.hpp"

namespace parvis::appointment {

inline constexpr std::chrono::days kWindowMax{62};  // of one look
inline constexpr std::size_t kSlotsMax = 20'000;    // of one look

// A counter as it stands: its hours, those of its service when it has none of its own.
struct Desk {
  const Counter* counter = nullptr;
  calendar::Hours hours;
  calendar::Region region = calendar::Region::metropolitan;
  bool asked = true;  // false: it is elsewhere than the place that is looked for
};

inline constexpr int kAllSeats = -1;
struct Taken {
  std::size_t desk = 0;  // its rank
  int seat = kAllSeats;
  Instant from, to;  // buffer included
};

struct Wish {
  const Reason* reason = nullptr;
  int people = 1;
  Instant from, until;  // of the start of the meeting; until excluded
};

struct Slot {
  Instant start, end;  // of the meeting, without its buffer
  std::size_t desk = 0;
  int seat = 0;
  bool operator==(const Slot&) const = default;
};

// In order of start, each start once, at the first desk and seat that is free. What is outside of
// notice and horizon, or beyond kWindowMax, is left out.
std::vector<Slot> slots(std::span<const Desk> desks, const Wish& wish, std::span<const Taken> taken,
                        const Zone& zone, Instant now);

// A desk and seat for a meeting that starts then, whether or not it is one of slots(): within
// hours, notice and horizon and free. nullopt: it cannot be booked. wish.from and until count not.
std::optional<Slot> seat_at(std::span<const Desk> desks, const Wish& wish, Instant start,
                            std::span<const Taken> taken, const Zone& zone, Instant now);

// The same without notice, horizon and hours, for an agent who knows what they do.
std::optional<Slot> any_seat_at(std::span<const Desk> desks, const Wish& wish, Instant start,
                                std::span<const Taken> taken);

}  // namespace parvis::appointment
