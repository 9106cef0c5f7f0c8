// The appointment that a démarche asks for: a slot is held while the draft is filled in, booked in
// the transaction of the deposit, and told with the case.
//
// A draft has one, whose id and token are made of the case's own key: two tabs, a second click and
// another day find the same hold, and whoever passes the case's gate opens the booking. A hold that
// no deposit follows ends by itself, whatever happened in between.
//
// Thread-safe. Errors: those of Appointments and Cases.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "appointment/appointments.hpp"
#include "casework/cases.hpp"
#include "casework/receipt.hpp"

namespace parvis::api {

// How many come, how, and what they need on the spot. What the reason does not take becomes what it
// does: its first way (also where none is said), as many as it takes.
struct Attendance {
  int people = 1;
  std::optional<appointment::Way> way = {};
  appointment::Needs needs = {};
  bool operator==(const Attendance&) const = default;
};

class CaseAppointments {
 public:
  using Coming = Attendance;
  using Mine = appointment::Appointments::Mine;
  // All outlives it.
  CaseAppointments(db::Database& database, vault::Keyring& keyring,
                   appointment::Appointments& appointments, appointment::Agendas& agendas)
      : database_(database), keyring_(keyring), appointments_(appointments), agendas_(agendas) {}

  // What Cases calls on a deposit. Errc::conflict when the slot is somebody else's by now, or past;
  // Errc::invalid when the answers do not say who comes.
  casework::AtDeposit at_deposit() const;

  // The slots that the draft's question offers, to be looked for; nullopt when its démarche asks
  // for none, or the answer that decides the reason is not given.
  std::optional<appointment::Look> look_of(const casework::Opened& draft) const;
  static Coming coming(const casework::Opened& draft);  // as it was said with the slot
  appointment::Offer offer(const tenancy::Context& cx, const casework::Opened& draft, Instant until,
                           const Coming& coming = {}) const;

  // The draft is whoever's passes the gate of `cases` by id and token.
  struct Theirs {
    casework::Cases& cases;
    std::string_view id, token;
  };
  // Holds the slot and answers the question with it; a former one is given back. When somebody else
  // was first the former stays while it is kept; else the draft has no slot any more. Errc::invalid
  // for needs that are too long.
  std::expected<casework::Saved, appointment::Refused> choose(const tenancy::Context& cx,
                                                              const Theirs& theirs,
                                                              const casework::Opened& draft,
                                                              Instant start,
                                                              const Coming& coming = {}) const;
  enum class Kept : std::uint8_t {
    none,  // no slot was chosen
    held,  // until `until`
    lost,  // it ended, and somebody else has it
  };
  struct Standing {
    Kept kept = Kept::none;
    Instant start = {}, until = {};
  };
  // Holds anew what ended while the draft lay.
  Standing keep(const tenancy::Context& cx, const Theirs& theirs,
                const casework::Opened& draft) const;

  // The slot that the draft holds now; nothing when none was chosen, or it ended.
  std::optional<appointment::Booking> held(const tenancy::Context& cx,
                                           const casework::Opened& draft) const;

  // Of a deposited case whose gate the caller has passed.
  std::optional<appointment::Opened> of(const tenancy::Context& cx,
                                        const casework::Opened& opened) const;
  // What the draft's slot is held and booked under, and what opens what of() found: for whoever
  // passes the gate of the case.
  Mine mine(const tenancy::Context& cx, const Theirs& theirs) const;
  Mine opener(const tenancy::Context& cx, const Theirs& theirs,
              const appointment::Opened& visit) const;

  // Its visit came to nothing and it is open: it may have another, at one of these slots.
  static bool can_retake(const casework::Opened& opened, const appointment::Opened& visit);
  appointment::Offer others(const tenancy::Context& cx, const appointment::Opened& visit,
                            Instant until) const;
  // Errc::conflict when it may not, by now.
  std::expected<appointment::Opened, appointment::Refused> retake(const tenancy::Context& cx,
                                                                  const casework::Opened& opened,
                                                                  Instant start) const;

  // Makes the receipt say the appointment as it stands now.
  void tell(const tenancy::Context& cx, const casework::Opened& opened,
            casework::Receipt& receipt) const;

 private:
  std::optional<appointment::Look> look_with(const tenancy::Context& cx,
                                             const casework::Opened& draft,
                                             const Coming& coming) const;
  static tenancy::Context of_draft(const tenancy::Context& cx, const casework::Opened& draft);

  db::Database& database_;
  vault::Keyring& keyring_;
  appointment::Appointments& appointments_;
  appointment::Agendas& agendas_;
};

// Who comes, by the answers: the first person, e-mail address and phone number of the démarche.
appointment::Visitor visitor_of(const casework::Opened& opened, const appointment::Reason& reason);

}  // namespace parvis::api
