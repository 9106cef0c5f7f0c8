// What is written to who comes: that it is booked, moved, cancelled; that it has to change; that a
// place is free; that it is soon. The words are those of the pages. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "appointment/appointments.hpp"
#include "base/sensitive.hpp"
#include "directory/service.hpp"

namespace parvis::appointment {

struct Letter {
  std::string subject;  // names no person and no matter: others see it on a locked screen
  Personal<std::string> text;
};

// "jeudi 26 novembre 2026 à 9 h 40".
std::string when_words(Instant start, const Zone& zone);

struct Told {
  const Zone& zone;
  const directory::Service* service = nullptr;  // where; null: it is in the directory no more
  std::string town;
  // Opens the appointment without a password; empty when the town has no public address.
  std::string link = {};
  std::vector<Free> proposals = {};  // of a booking that has to change
};
// Nothing for what its citizen is not told.
std::optional<Letter> letter_of(const Opened& opened, Happened what, const Told& told);
// Where it is, how to get there, what to bring: what an entry of a calendar says of it.
std::string practical_words(const Opened& opened, const Told& told);
Letter reminder_of(const Opened& opened, const Told& told);
// A freed slot, kept until a time; and that the time has passed.
Letter offer_of(const Appointments::Waits& waits, const Told& told);
Letter lapse_of(const Appointments::Waits& waits, const Told& told);

// The address of mail to write to; nothing when there is none.
std::optional<Personal<std::string>> email_of(const std::optional<Visitor>& visitor);

}  // namespace parvis::appointment
