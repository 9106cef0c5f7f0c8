// Appointments from the outside: each call passes the gate, gets the keys and does its work in one
// transaction.
//
// A slot that is shown can be booked: hold() keeps it for kHold while the person says who they are,
// and confirm() makes it theirs. Who is first to take the five minutes of a seat has them, by a
// primary key of the database; whoever comes after is told so, with the next slots. A hold that
// ended is honoured as long as nobody else took its time.
//
// What becomes free (a cancellation, a move, a hold that ends or gives way to another, an absence
// or a busy time that goes) is offered at once, in the same transaction, to the first of the
// waiting list whom it suits, and kept for them until a time; then to the next. What a new edition
// of an agenda opens is offered when offer_editions() is called. What was free before is not
// offered: who waits has seen it.
//
// Thread-safe. Besides what each says: gone() when the gate refuses, Errc::unavailable when the
// keys are out of reach, and the errors of the database. Acts that the state does not allow are
// Errc::conflict, and say why.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appointment/appointment_store.hpp"
#include "appointment/visitor.hpp"
#include "directory/service.hpp"
#include "vault/keyring.hpp"

namespace parvis::appointment {

inline constexpr std::chrono::minutes kHold{10};
inline constexpr std::chrono::hours kOffer{2};  // by day: what is offered in the evening is kept
inline constexpr int kOfferFrom = 8, kOfferUntil = 20, kOfferMorning = 10;  // until ten o'clock
inline constexpr std::size_t kNextSlots = 3;                                // said with a refusal
inline constexpr std::chrono::days kNextWindow{31};
inline constexpr std::size_t kSweep = 50;           // of one call
inline constexpr std::chrono::hours kReminder{48};  // before the meeting
inline constexpr std::size_t kDisplacedShown = 50;
// An entry of the waiting list that is over is kept for its letter, so much longer than its last
// day at most: a mail server that never comes back keeps nobody's address.
inline constexpr std::chrono::days kKeptForLetter{7};

// Agendas, read once for each edition. Thread-safe.
class Agendas {
 public:
  explicit Agendas(db::Database& database) : database_(database) {}

  struct Edition {
    std::shared_ptr<const Agenda> agenda;
    Version version;
  };
  // nullopt when there is none; a withdrawn one says so in its version.
  std::optional<Edition> of(const std::string& tenant, std::string_view id);
  // Those that a citizen of the commune can book (empty: of the whole tenant), in order of id.
  std::vector<std::shared_ptr<const Agenda>> offered(const std::string& tenant,
                                                     std::string_view commune);
  // Those that have a counter at one of the services; all when there are none given.
  std::vector<std::shared_ptr<const Agenda>> held_by(const std::string& tenant,
                                                     const std::vector<std::string>& services);

 private:
  db::Database& database_;
  std::mutex mutex_;
  std::map<std::string, Edition, std::less<>> read_;  // by tenant and id
};

// What is looked for.
struct Look {
  std::string agenda, reason;
  int people = 1;
  Way way = Way::in_person;
  std::string service = {};  // the place; empty: any
  Instant from = {}, until = {};
};

struct Free {
  Instant start, end;
  std::string counter, service;
  bool operator==(const Free&) const = default;
};

struct Offer {
  std::shared_ptr<const Agenda> agenda;
  const Reason* reason = nullptr;  // of that agenda
  std::vector<Free> slots;
};

// A booking opened.
struct Opened {
  Booking booking;
  std::shared_ptr<const Agenda> agenda;
  const Reason* reason = nullptr;       // null: it is not in the agenda any more
  std::string service;                  // where
  std::optional<Visitor> visitor = {};  // none of a hold
};

// The address of its room when it is by video; empty: it is not, or the service sends one.
std::string video_of(const Opened& opened);

// Somebody else was first.
struct Refused {
  std::vector<Free> next;  // kNextSlots at most
};

// What happened, for what must share its fate: letters, reminders, the agent's own calendar.
enum class Happened : std::uint8_t {
  booked,
  moved,
  cancelled,
  displaced,
  offered,
  lapsed,
  visited,
  soon
};
using OnBooking = std::function<void(db::Tx&, const Booking&, Happened, Instant now)>;
// Whether a letter to an entry of the waiting list has still to go.
using LetterDue = std::function<bool(db::Tx&, const Waiting&)>;

// Whose act it is.
struct Author {
  std::string id;                     // of the agent's account
  std::vector<std::string> services;  // that they answer for; empty: all
};

class Appointments {
 public:
  Appointments(db::Database& database, vault::Keyring& keyring, Agendas& agendas,
               OnBooking on_booking = {}, LetterDue letter_due = {});

  // Errc::not_found for an agenda or reason that is not offered to cx.commune.
  Offer look(const tenancy::Context& cx, const Look& look);

  // id and token of the caller's, random as new_id() and new_token(): the same again is the same
  // hold, at another start while it is not confirmed, and anew when it ended. `instead`: a hold of
  // the same person that is given back with it.
  struct Mine {
    std::string id;
    Secret<std::string> token;
  };
  std::expected<Opened, Refused> hold(const tenancy::Context& cx, const Look& look, Instant start,
                                      const Mine& mine, const std::optional<Mine>& instead = {},
                                      std::string_view case_id = {});
  // Errc::invalid, with what is wrong, for a visitor that tidy() finds fault with. Again: the same.
  Opened confirm(const tenancy::Context& cx, const Mine& mine, Visitor visitor);
  // The same for who has no token: the transaction of a case's deposit (casework), whose gate was
  // passed. `keys` were made for object_of_booking(id).
  void confirm_in(db::Tx& tx, const tenancy::Context& cx, const Booking& booking,
                  const vault::NewKeys& keys, const Visitor& visitor);
  // The newest of a case whose gate the caller has passed, one that is cancelled or
  // missed only for want of another.
  std::optional<Opened> of_case(const tenancy::Context& cx, std::string_view case_id);
  // Another slot for a case whose last booking came to nothing (came_to_nothing()), as that one:
  // the same person, reason, way and place. The case is open and the caller has passed its gate.
  // One that stands already is given as it is: pressed twice, or the other side was first.
  std::expected<Opened, Refused> retake(const tenancy::Context& cx, std::string_view case_id,
                                        Instant start);
  void release(const tenancy::Context& cx, const Mine& mine);  // a hold; nothing when it is gone

  Opened open(const tenancy::Context& cx, const Mine& mine);
  std::expected<Opened, Refused> move(const tenancy::Context& cx, const Mine& mine, Instant start);
  Opened cancel(const tenancy::Context& cx, const Mine& mine);
  // What they need on the day, told after it was booked: read by who receives them. Nothing but
  // that changes: no letter goes, and calendars hold nothing of it.
  Opened note_needs(const tenancy::Context& cx, const Mine& mine, const NeedsSaid& said);
  // Where a booking could move: the same reason, people, way and place.
  Offer alternatives(const tenancy::Context& cx, const Opened& opened, Instant from, Instant until);

  // The waiting list. Errc::invalid as confirm; Errc::overloaded past kWaitingMax.
  struct WaitFor {
    Look look = {};
    unsigned days = 0x7F, halves = 3;
  };
  void wait(const tenancy::Context& cx, const WaitFor& wish, const Mine& mine, Visitor visitor);
  struct Waits {
    Waiting waiting;
    std::shared_ptr<const Agenda> agenda;
    const Reason* reason = nullptr;
    std::optional<Booking> offered = {};  // kept for them now
    Visitor visitor;
  };
  Waits open_waiting(const tenancy::Context& cx, const Mine& mine);
  // The offered slot becomes theirs, opened by the same token. gone() when it lapsed.
  Opened accept(const tenancy::Context& cx, const Mine& waiting);
  void leave(const tenancy::Context& cx, const Mine& mine);

  // Agents.
  std::vector<Opened> day(const tenancy::Context& cx, const Author& agent, std::string_view agenda,
                          CivilDate date);
  Opened open_as(const tenancy::Context& cx, const Author& agent, std::string_view id);
  // As look(), with the reasons that citizens are not offered.
  Offer look_as(const tenancy::Context& cx, const Author& agent, const Look& look);
  std::expected<Opened, Refused> book_as(const tenancy::Context& cx, const Author& agent,
                                         const Look& look, Instant start, const Mine& mine,
                                         Visitor visitor);
  std::expected<Opened, Refused> move_as(const tenancy::Context& cx, const Author& agent,
                                         std::string_view id, Instant start);
  // As retake(), by one of the bookings of the case.
  std::expected<Opened, Refused> retake_as(const tenancy::Context& cx, const Author& agent,
                                           std::string_view id, Instant start);
  Opened act_as(const tenancy::Context& cx, const Author& agent, std::string_view id, Act act);
  // What an absence would displace, so that it is known before: all of them counted, and the first
  // kDisplacedShown. Errors: those of absence().
  struct Displacing {
    std::size_t count = 0;
    std::vector<Opened> first = {};
  };
  Displacing would_displace(const tenancy::Context& cx, const Author& agent, const Busy& busy);
  // Bookings within it are displaced; how many. Holds end, and who was offered one waits on. The
  // same id again is the same absence.
  std::size_t absence(const tenancy::Context& cx, const Author& agent, const Busy& busy);
  void end_absence(const tenancy::Context& cx, const Author& agent, const Busy& busy);
  std::vector<Busy> absences(const tenancy::Context& cx, const Author& agent,
                             std::string_view agenda, Instant from, Instant until);
  std::vector<Count> figures(const tenancy::Context& cx, const Author& agent,
                             std::string_view agenda, Instant from, Instant until);

  // The system's (CHECK).
  Opened open_for_system(const tenancy::Context& cx, std::string_view id);
  // What a case had booked for a time to come is given back: the case is over. Who is there
  // already, or was, stays.
  void cancel_of_case(const tenancy::Context& cx, std::string_view case_id);
  // The same of a case that goes on in another one; but that one takes over a booking to come when
  // it has none of its own.
  void carry_to_case(const tenancy::Context& cx, std::string_view from, std::string_view to);
  Waits open_waiting_for_system(const tenancy::Context& cx, std::string_view id);
  // The token of the links that are sent, the same each time.
  Secret<std::string> link(const tenancy::Context& cx, std::string_view id);
  Secret<std::string> waiting_link(const tenancy::Context& cx, std::string_view id);
  // Holds that ended go, and their time is offered; kSweep at most a call, how many.
  std::size_t end_holds(const tenancy::Context& cx);
  // What editions published since the last call have opened is offered; how many there were.
  std::size_t offer_editions(const tenancy::Context& cx);
  // When each agenda receives: taken before the directory changes, and given back after it, what
  // opened in between is offered; how many agendas receive at other hours.
  struct Opening {
    std::shared_ptr<const Agenda> agenda;
    std::vector<Desk> desks;  // of it
  };
  std::vector<Opening> openings(const tenancy::Context& cx);
  std::size_t offer_opened(const tenancy::Context& cx, const std::vector<Opening>& before);
  // Makes `all` what the calendar of a counter holds from now on, and offers what became free;
  // false when it is what it held already.
  bool set_calendar(const tenancy::Context& cx, const std::string& agenda,
                    const std::string& counter, const std::vector<Busy>& all);
  // Happened::soon of bookings that begin within kReminder, once for each start, unless it was
  // chosen later than that; kSweep at most a call, how many. A clock that jumps loses none: it is
  // asked what is due, not counted down.
  std::size_t remind(const tenancy::Context& cx);
  // Bookings at a time at which their counter is busy or absent now, of an agenda, in order of
  // start: a person decides what becomes of them. kDayMax at most.
  std::vector<Booking> clashes(const tenancy::Context& cx, const Author& agent,
                               std::string_view agenda, Instant from, Instant until);
  // Bookings and entries of the waiting list that are kept no longer; kSweep at most a call. An
  // entry outlives its letter.
  std::size_t erase_old(const tenancy::Context& cx);

 private:
  struct Place;
  // Asked before: a booking that stands moves, whatever its reason takes or offers since.
  enum class Asked { now, before };
  Place place(const tenancy::Context& cx, const Look& look, Role by, Asked asked);
  Look look_of(const tenancy::Context& cx, const Booking& booking);
  std::vector<Desk> desks(const tenancy::Context& cx, const Agenda& agenda,
                          std::string_view service_asked);
  std::pair<std::shared_ptr<const Agenda>, std::vector<Desk>> desks_of(const tenancy::Context& cx,
                                                                       std::string_view id);
  template <typename Before, typename Act>
  std::expected<Opened, Refused> at_place(const tenancy::Context& cx, const Look& look,
                                          Instant start, Role by, Asked asked, Before before,
                                          Act act);
  Opened opened(const tenancy::Context& cx, Booking booking);
  Waits waits(const tenancy::Context& cx, Waiting waiting);
  std::expected<Opened, Refused> moved(const tenancy::Context& cx, Instant start, Role by,
                                       const std::function<Booking(db::Tx&)>& gate);
  std::expected<Opened, Refused> retaken(const tenancy::Context& cx, std::string_view case_id,
                                         Instant start, Role by,
                                         const std::vector<std::string>& agendas);
  Opened acted(const tenancy::Context& cx, Act act, Role by,
               const std::function<Booking(db::Tx&)>& gate);
  void give_up(const tenancy::Context& cx, const Booking& hold, bool ended);
  void told(db::Tx& tx, const Booking& booking, Happened what, Instant now) const;
  void lapse(db::Tx& tx, const Booking& hold, Instant now) const;
  bool take(db::Tx& tx, const tenancy::Context& cx, const Booking& booking,
            const Secret<std::string>& token) const;
  struct Held;  // an agenda with what was taken of it
  struct Span {
    Instant from, until;
  };
  std::optional<Held> held(db::Tx& tx, const tenancy::Context& cx, const Agenda& agenda,
                           const std::vector<Desk>& desks, const Span& span) const;
  void offer_freed(db::Tx& tx, const tenancy::Context& cx, const Agenda& agenda,
                   const std::vector<Desk>& desks, const Booking& freed) const;
  void offer_between(db::Tx& tx, const tenancy::Context& cx, const Agenda& agenda,
                     const std::vector<Desk>& desks, const Span& span,
                     const std::optional<Held>& before) const;
  std::vector<std::string> agendas_of(const tenancy::Context& cx, const Author& agent);
  void check_absence(const tenancy::Context& cx, const Author& agent, const Busy& busy);
  Offer looked(const tenancy::Context& cx, const Look& look, Role by, Asked asked);

  db::Database& database_;
  vault::Keyring& keyring_;
  Agendas& agendas_;
  OnBooking on_booking_;
  LetterDue letter_due_;
};

}  // namespace parvis::appointment
