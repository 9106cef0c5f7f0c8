// The rows of agendas, bookings, absences and of the waiting list, and the only gates to them: a
// citizen by the token, an agent by the services that are theirs, the system for its own work. What
// is missing, erased, another tenant's or not theirs gives one and the same Error.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "appointment/agenda.hpp"
#include "appointment/booking.hpp"
#include "appointment/slots.hpp"
#include "base/sensitive.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"
#include "vault/keys.hpp"

namespace parvis::appointment {

inline constexpr std::size_t kIdBytes = 16;     // random, written in hexadecimal
inline constexpr std::size_t kTokenBytes = 32;  // the same
inline constexpr std::size_t kDayMax = 500;     // bookings of a page
inline constexpr std::size_t kTakenMax = 50'000;
inline constexpr std::size_t kWaitingMax = 500;  // of an agenda
inline constexpr std::size_t kAbsencesMax = 2000;

std::string new_id();
Secret<std::string> new_token();

// Agendas.
struct Published {
  std::vector<std::string> added, changed, withdrawn;  // ids
  std::size_t unchanged = 0;
};
// What is given is what can be booked from now on; bookings of a withdrawn agenda stay.
Published publish(db::Tx& tx, std::string_view tenant, const std::vector<Agenda>& agendas,
                  Instant now);
struct Version {
  std::string id;
  Instant published_at = {};
  bool withdrawn = false;
  bool operator==(const Version&) const = default;
};
std::vector<Version> versions(db::Tx& tx, std::string_view tenant);  // in order of id
std::optional<Version> version_of(db::Tx& tx, std::string_view tenant, std::string_view id);
// The edition before, of agendas that were published anew since forget_former(): what the new one
// opens is to be offered.
struct Former {
  std::string id, yaml;
  Version version;  // that holds now
};
std::vector<Former> former_editions(db::Tx& tx, std::string_view tenant);
bool forget_former(db::Tx& tx, std::string_view tenant,
                   std::string_view id);  // false: there is none
std::optional<std::string> yaml_of(db::Tx& tx, std::string_view tenant, std::string_view id);

// A booking as its row says.
struct Booking {
  std::string tenant, id, agenda, counter, reason, commune;
  int seat = 0;
  State state = State::held;
  Way way = Way::in_person;
  int people = 1;
  Instant start = {}, end = {}, free_at = {};
  std::optional<Instant> held_until = {};
  std::string waiting = {}, case_id = {};
  std::int64_t revision = 0;
  std::string sealed = {};  // who comes; empty until it is booked
  Instant created_at = {}, changed_at = {};

  std::string object() const;  // its name for the vault: 'booking/<id>'
};
std::string object_of_booking(std::string_view id);
vault::Address details_address(std::string_view id);

// The errors of the gates: Errc::not_found, and what to do next.
Error gone();

// The gates. Throw gone() for any reason.
Booking booking_for_citizen(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                            std::string_view token);
// services: ids that the agent answers for; empty: all. `agenda`: where its counters are.
Booking booking_for_agent(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                          const std::vector<std::string>& agendas);
Booking booking_for_system(db::Tx& tx, const tenancy::Context& cx, std::string_view id);  // CHECK
// The same row now, for whoever passed its gate before; nullopt when it is gone.
std::optional<Booking> still(db::Tx& tx, const Booking& booking);
// Of a case whose gate the caller has passed, the newest first.
std::vector<Booking> bookings_of_case(db::Tx& tx, const tenancy::Context& cx,
                                      std::string_view case_id);

// Takes the five minutes of the seat, and writes the row. False, with nothing taken, when some are
// another's, or the id is there already.
bool insert(db::Tx& tx, const Booking& booking, const Secret<std::string>& token);
// Gives back what it takes and takes the slot; false, with nothing given back, when it cannot.
bool set_slot(db::Tx& tx, const Booking& booking, const Slot& slot, std::string_view counter,
              Instant free_at, State state, Instant now);
void set_booked(db::Tx& tx, const Booking& booking, std::string_view sealed, Instant now);
void set_details(db::Tx& tx, const Booking& booking, std::string_view sealed);
void set_state(db::Tx& tx, const Booking& booking, State state, Instant now);
void give_back(db::Tx& tx, const Booking& booking);  // its five minutes
void set_case(db::Tx& tx, const Booking& booking, std::string_view case_id);
void set_token(db::Tx& tx, const Booking& booking, const Secret<std::string>& token);
void set_link(db::Tx& tx, const Booking& booking, const Secret<std::string>& token);
void erase(db::Tx& tx, const Booking& booking);
// Bookings that begin after cx.now, before `until`, and of which nobody was reminded yet.
std::vector<Booking> not_reminded(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                  Instant until, std::size_t limit);
void set_reminded(db::Tx& tx, const Booking& booking);  // of its start

// What is taken at the counters given, by their rank, between two times: bookings, holds that run
// at `now`, absences. `leaving`: ids of bookings that do not count.
using Leaving = std::array<std::string, 2>;
std::vector<Taken> taken(db::Tx& tx, const tenancy::Context& cx, const Agenda& agenda, Instant from,
                         Instant until, const Leaving& leaving = {});
// Holds that ended: those with a minute of the seat between two times, or of any (at most `limit`).
std::vector<Booking> ended_holds(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                 std::string_view counter, int seat, Instant from, Instant until);
std::vector<Booking> ended_holds(db::Tx& tx, const tenancy::Context& cx, std::size_t limit);
// Holds with a moment between two times, whether they run or not.
std::vector<Booking> holds_between(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                   Instant from, Instant until);
std::vector<Booking> between(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                             Instant from, Instant until, std::size_t limit = kDayMax);
// Those whose meeting ended before, of one agenda.
std::vector<Booking> over_since(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                                Instant before, std::size_t limit);
struct Count {
  std::string reason;
  State state = State::booked;
  std::int64_t count = 0;
};
std::vector<Count> counts(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                          Instant from, Instant until);

// Absences, and what counters' own calendars hold.
struct Busy {
  std::string agenda, counter, id;
  bool from_calendar = false;
  Instant from, until;
  std::string label = {};
};
void insert(db::Tx& tx, const tenancy::Context& cx, const Busy& busy);  // the same id again: once
bool remove_busy(db::Tx& tx, const tenancy::Context& cx, const Busy& busy);
std::vector<Busy> busy_between(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                               Instant from, Instant until);
// Makes `all` what the calendar of a counter holds.
void replace_calendar(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda,
                      std::string_view counter, const std::vector<Busy>& all);

// The waiting list.
enum class WaitingState : std::uint8_t { waiting, offered, closed };
struct Waiting {
  std::string tenant, id, agenda, reason, commune;
  int people = 1;
  Way way = Way::in_person;
  unsigned days = 0x7F;  // bit 0: Monday
  unsigned halves = 3;   // bit 0: before noon
  Instant until = {};
  WaitingState state = WaitingState::waiting;
  std::string booking = {};  // what is offered
  std::string sealed = {};
  Instant created_at = {};

  std::string object() const;  // 'waiting/<id>'
};
vault::Address waiting_address(std::string_view id);
void insert(db::Tx& tx, const Waiting& waiting, const Secret<std::string>& token);
Waiting waiting_for_citizen(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                            std::string_view token);
// What is offered to them, and theirs once they accepted it.
std::optional<Booking> offered_to(db::Tx& tx, const Waiting& waiting);
Waiting waiting_for_system(db::Tx& tx, const tenancy::Context& cx, std::string_view id);  // CHECK
std::vector<Waiting> waiting_in_order(db::Tx& tx, const tenancy::Context& cx,
                                      std::string_view agenda);
// Those who wait, or think about an offer.
std::int64_t count_waiting(db::Tx& tx, const tenancy::Context& cx, std::string_view agenda);
void set_waiting(db::Tx& tx, std::string_view tenant, std::string_view id, WaitingState state,
                 std::string_view booking);
void set_link(db::Tx& tx, const Waiting& waiting, const Secret<std::string>& token);
void erase(db::Tx& tx, const Waiting& waiting);
std::vector<Waiting> waiting_over(db::Tx& tx, const tenancy::Context& cx, Instant now,
                                  std::size_t limit);

}  // namespace parvis::appointment
