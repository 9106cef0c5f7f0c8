// The pages of appointments, as markup. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.hpp"
#include "api/case_appointments.hpp"
#include "appointment/appointments.hpp"
#include "html/html.hpp"
#include "portal/pages.hpp"

namespace parvis::portal {

// "/bourg/rendez-vous", "/bourg/rendez-vous/mien/3f…/annuler".
std::string appointments_url(const Frame& frame, std::string_view rest = "");
std::string booking_url(const Frame& frame, std::string_view id, std::string_view rest = "");

// "jeudi 26 novembre à 9 h 40", and which of the two of that name in the night of October.
std::string slot_words(Instant start, const Zone& zone);

using AgendaList = std::vector<std::shared_ptr<const appointment::Agenda>>;
html::Html appointment_list(const Frame& frame, const AgendaList& agendas,
                            const std::string& insee);

// Free slots to choose from, for a booking or to move one.
struct Choosing {
  const appointment::Agenda& agenda;
  const appointment::Reason& reason;
  const Zone& zone;
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  appointment::Needs needs = {};  // asked with the slot of a démarche
  std::string service = {};       // the place that is chosen; empty: any
  std::vector<std::pair<std::string, std::string>> places = {};  // id and name, when several
  std::vector<appointment::Free> slots = {};                     // of the days shown
  CivilDate first = {}, last = {};                               // the days shown
  std::optional<CivilDate> earlier = {}, later = {};             // where other slots are
  std::string start = {};                       // the form's; empty: it moves a booking
  std::string token = {};                       // then
  std::optional<appointment::Free> taken = {};  // what somebody else was first to take
  std::vector<appointment::Free> next = {};     // said with it
  bool none_chosen = false;
  bool confirm = false;  // nothing says that this site sent the form
  const appointment::Opened* moves = nullptr;
  std::string back = {};  // to the case that takes another slot: what `moves` shows came to nothing
  std::string url = {};   // of the page, when it is not one of appointments: a démarche's question
  std::vector<appointment::Free> proposals = {};  // when the counter is absent
};
// Fills in the slots of a few days: from the one asked for, or the first that has any.
void show_days(Choosing& choosing, const std::vector<appointment::Free>& all,
               const std::optional<CivilDate>& asked);
html::Html choose_slot(const Frame& frame, const Choosing& choosing);
// The same as the question of a démarche, whose form surrounds it.
// Its button "act" = "voir" shows the slots for how many come and how, and books nothing.
html::Html slots_asked(const Frame& frame, const Choosing& choosing,
                       const api::CaseAppointments::Standing& standing);
std::string until_words(Instant until, const Zone& zone);  // "14 h 42"

// Who comes. `given`: as typed.
struct Coming {
  const appointment::Agenda& agenda;
  const appointment::Reason& reason;
  const Zone& zone;
  appointment::Visitor given = {};
  std::vector<appointment::Fault> faults = {};
  std::string token = {}, to = {};
};
html::Html who_comes(const Frame& frame, const Coming& coming, const appointment::Opened& held,
                     Instant now);

struct Booked {
  const appointment::Opened& opened;
  const Zone& zone;
  Instant now;
  std::optional<answer::Contact> office = {};  // where
  std::string access = {};                     // step-free entrance, bus
  std::string token = {}, link = {};
  bool ics = false, fresh = false, noted = false;
};
html::Html booked_page(const Frame& frame, const Booked& booked);
std::string booked_title(const Booked& booked);
html::Html ask_cancel(const Frame& frame, const Booked& booked);
// What they need on the day; `coming.given` has the needs alone.
html::Html ask_needs(const Frame& frame, const Coming& coming, const Booked& booked);

// The waiting list: to enter it; what is offered.
struct Entering {
  Coming coming;
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  unsigned days = 0x1F, halves = 3;
  std::string until = {};  // as typed
  std::string start = {};
  bool confirm = false;
};
html::Html enter_waiting(const Frame& frame, const Entering& entering);
html::Html waiting_page(const Frame& frame, const appointment::Appointments::Waits& waits,
                        const Zone& zone, const std::string& token, Instant now);

html::Html open_booking_link(const Frame& frame, const std::string& to, const std::string& start,
                             bool confirm);
html::Html booking_gone(const Frame& frame);
html::Html booking_closed(const Frame& frame);

}  // namespace parvis::portal
