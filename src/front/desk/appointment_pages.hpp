// The pages of appointments at the desk, as markup. Pure, but for the ids that forms draw.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appointment/appointments.hpp"
#include "desk/frame.hpp"
#include "desk/schedule.hpp"
#include "html/html.hpp"

namespace parvis::desk {

using AgendaList = std::vector<std::shared_ptr<const appointment::Agenda>>;

// "/bureau/rendez-vous/nouveau?agenda=titres&personnes=2"; pairs without a value are left out.
std::string visits_url(std::string_view rest = "",
                       const std::vector<std::pair<std::string_view, std::string>>& query = {});

// What all these pages begin with.
struct Around {
  const AgendaList& agendas;  // those of this agent
  const appointment::Agenda& agenda;
  const Zone& zone;
  Instant now;
  std::string token;
  bool acts = false;  // this agent receives people; else they look, and plan
  std::vector<Fault> faults = {};
  std::string done = {};
  bool resumed = false;  // typed in another session
};

struct Day {
  Around around;
  CivilDate date;
  std::string typed = {};  // a day that was not understood
  std::vector<appointment::Opened> bookings;
  std::vector<appointment::Busy> absences;
  // From that day on, those that stand within a busy time of their counter: nobody moves them but
  // an agent.
  std::vector<appointment::Booking> clashes = {};
};
html::Html day_page(const Day& day);

struct Visit {
  Around around;
  const appointment::Opened& opened;
  std::string where = {};  // the service, in words
  std::vector<std::string> address = {};
  std::string commune = {};
  bool fresh = false;    // booked just now, for who is on the phone
  bool retakes = false;  // it came to nothing: its case may be given another slot
};
html::Html visit_page(const Visit& visit);
html::Html cancel_visit_page(const Visit& visit);

// Free slots: a few days of them.
struct Choosing {
  std::vector<appointment::Free> slots = {};
  std::optional<CivilDate> later = {};  // where other slots begin
  bool from_first = true;               // nothing was skipped
  std::string moment = {};              // as typed: another day and hour
  // What somebody else was first to take, and the next ones.
  std::optional<Instant> taken = {};
  std::vector<appointment::Free> next = {};
};
html::Html move_page(const Visit& visit, const Choosing& choosing);

// A booking for who calls: why and how many, when, who.
struct Calling {
  Around around;
  std::vector<std::pair<std::string, std::string>> communes = {};  // INSEE code and name
  std::string commune = {};
  const appointment::Reason* reason = nullptr;
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  std::optional<Instant> start = {};
  std::string made = {};  // of the form: the booking's id and token are made from it
  appointment::Visitor given = {};
};
html::Html calling_why_page(const Calling& calling);
html::Html calling_when_page(const Calling& calling, const Choosing& choosing);
html::Html calling_who_page(const Calling& calling, const Choosing& choosing);

struct AwayForm {
  std::string id = {}, counter = {}, from = {}, until = {}, label = {};
};
struct Away {
  Around around;
  std::vector<appointment::Busy> absences = {};
  AwayForm typed = {};
};
html::Html absences_page(const Away& away);
html::Html confirm_absence_page(const Away& away, const Span& span,
                                const appointment::Appointments::Displacing& displaced);

struct Numbers {
  Around around;
  std::optional<Period> period = {};
  std::string first = {}, last = {};  // as typed
  std::vector<Figures> figures = {};
};
html::Html figures_page(const Numbers& numbers);

html::Html no_agenda_page();

}  // namespace parvis::desk
