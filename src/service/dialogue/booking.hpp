// An appointment taken in a conversation: what is looked for, who comes, what was booked here, and
// the words for it. The agendas, the slots that are free and the bookings are the caller's
// (appointment/appointments.hpp): it does the deed that a turn ends in. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/answer.hpp"
#include "appointment/agenda.hpp"
#include "appointment/visitor.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "directory/service.hpp"

namespace parvis::dialogue {

inline constexpr std::size_t kSlotsShown = 3;               // at once
inline constexpr std::chrono::minutes kSlotKept{10};        // as appointment::kHold
inline constexpr std::chrono::hours kOfferKept{2};          // as appointment::kOffer
inline constexpr std::chrono::days kSlotsAhead{62};         // of one look
inline constexpr std::size_t kBookedMax = 8;                // remembered of one conversation, each
inline constexpr std::string_view kBookingChoice = "rdv/";  // values of its choices begin so

struct FreeSlot {
  Instant start, end;
  std::string service;  // id: where
  bool operator==(const FreeSlot&) const = default;
};

// What the caller has for a turn, where appointments can be booked. Each may throw Error.
struct Booker {
  struct Wanted {
    std::string agenda, reason, commune;
    int people = 1;
    appointment::Way way = appointment::Way::in_person;
    Instant from, until;
    // Booking::number of the one that is being taken or moved: the slot that it has already is free
    // for it, so that a turn taken again does the same.
    int number = 0;
  };
  std::function<std::vector<std::shared_ptr<const appointment::Agenda>>(const std::string& commune)>
      agendas;
  std::function<std::vector<FreeSlot>(const Wanted&)> free;  // in order of start
  std::function<std::optional<directory::Service>(const std::string& id)> service;
};

// Booked in this conversation.
struct Booked {
  int number = 0;  // Booking::number
  std::string agenda, reason, label, commune;
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  std::string service;
  Instant start, end;
  bool cancelled = false;
  bool operator==(const Booked&) const = default;
};

// Entered on a waiting list in this conversation.
struct Waited {
  int number = 0;  // Booking::number
  std::string agenda, reason, label, commune;
  bool left = false;
  bool operator==(const Waited&) const = default;
};

// When who waits can come.
struct WaitDays {
  unsigned days = 0x7F, halves = 3;     // as appointment::Waiting
  std::optional<CivilDate> until = {};  // the last day
  bool operator==(const WaitDays&) const = default;
};

// What is remembered of the one that is being taken, moved or cancelled.
struct Booking {
  int number = 0;       // of those begun in this conversation
  std::string asked;    // what the citizen was asked: one of kAsk…; empty: nothing
  std::string opening;  // the words that began it
  std::string agenda, reason, commune;
  int people = 0;  // 0: not said
  appointment::Way way = appointment::Way::in_person;
  std::vector<Instant> shown;       // slots offered last
  std::optional<Instant> start;     // the one that is held
  std::optional<Instant> until;     // and kept for them
  int of = 0;                       // of the Booked to move or cancel, the Waited; 0: none
  bool waits = false;               // it is the waiting list that is entered
  WaitDays wait;                    // then
  std::vector<std::string> passed;  // questions of the reason that were left out
  appointment::Visitor visitor;     // until it is booked
  bool operator==(const Booking& other) const;
};
inline constexpr std::string_view kAskCommune = "commune", kAskReason = "reason",
                                  kAskPeople = "people", kAskSlot = "slot", kAskName = "name",
                                  kAskEmail = "email", kAskReview = "review", kAskCancel = "cancel",
                                  kAskMove = "move", kAskWhich = "which", kAskDays = "days",
                                  kAskListReview = "list", kAskLeaveList = "leave", kAskMay = "may",
                                  kAskPhone = "phone", kAskNothing = "done";
inline constexpr std::string_view kAskOwn = "own/";  // then the id of the reason's question

json::object to_json(const Booking& booking);
Booking booking_from_json(const json::object& object);
json::object to_json(const Waited& waited);
Waited waited_from_json(const json::object& object);
json::object to_json(const Booked& booked);
Booked booked_from_json(const json::object& object);

// What the caller does after the turn, before the answer is stored; with State::booking.
enum class BookingDeed : std::uint8_t {
  none,
  hold,
  confirm,
  release,
  move,
  cancel,
  tell,
  needs,  // Step::needs alone; the other deeds note them first
  wait,   // enters the list
  tell_list,
  leave_list
};

// Values of choices.
inline constexpr std::string_view kSlotChoice = "rdv/=";    // then the start, RFC 3339
inline constexpr std::string_view kReasonChoice = "rdv/+";  // then agenda/reason
inline constexpr std::string_view kTownChoice = "rdv/@";    // then an INSEE code
inline constexpr std::string_view kPeopleChoice = "rdv/n";  // then how many
inline constexpr std::string_view kOtherDay = "rdv/!day", kConfirm = "rdv/!confirm",
                                  kLeave = "rdv/!stop", kPassIt = "rdv/!pass",
                                  kKeepIt = "rdv/!keep", kWaitChoice = "rdv/!wait",
                                  kEveryDay = "rdv/!every", kOtherDays = "rdv/!days",
                                  kStayListed = "rdv/!stay", kMayBook = "rdv/!may",
                                  kMayNot = "rdv/!maynot";
// Then Booked::number: a choice that was offered long ago means the same appointment.
inline constexpr std::string_view kWhichChoice = "rdv/#", kDoCancel = "rdv/!cancel/",
                                  kSure = "rdv/!sure/", kDoMove = "rdv/!move/",
                                  kDoLeaveList = "rdv/!leave/", kSureLeaveList = "rdv/!left/";

// "mardi 1er décembre à 9 h".
std::string slot_words(Instant start, const Zone& zone);
std::string length_words(Minutes length);  // "1 heure et 20 minutes"

// The slots as choices, and "Un autre jour".
void offer_slots(answer::Answer& answer, Booking& booking, const std::vector<FreeSlot>& slots,
                 const Zone& zone);

// The slot that was chosen was taken meanwhile: what is free next.
void slot_lost(answer::Answer& answer, Booking& booking, const std::vector<FreeSlot>& next,
               const Zone& zone);

// A booking as it stands, for "appointment" of the contract.
struct BookingFacts {
  int number = 0;                               // Booking::number
  const appointment::Reason* reason = nullptr;  // null: it is offered no more
  const directory::Service* service = nullptr;  // null: not known
  std::string id;                               // empty: not booked
  std::string_view state = "wanted";            // held, booked, cancelled…
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  std::optional<Instant> start, end;
  std::string video = {};  // where one is received by video, once it is booked
  std::string phone = {};  // where the service calls, once it is booked
};
json::object appointment_json(const BookingFacts& facts, const Zone& zone);
// Where, as lines: "Mairie", "3, place du Parvis"…
std::string place_words(const BookingFacts& facts);
std::string bring_words(const BookingFacts& facts);

// What is said when it is booked, moved, cancelled; when it is asked about.
enum class Told : std::uint8_t { booked, moved, cancelled, standing };
void tell_booking(answer::Answer& answer, const BookingFacts& facts, Told told, const Zone& zone);

// What was noted of an appointment that is taken, before anything else that is said: all that they
// need now, in words; empty: nothing.
void tell_needs(answer::Answer& answer, const std::string& needs, Instant start, const Zone& zone);
// It could not be: why, and who is told instead.
void needs_refused(answer::Answer& answer, std::string_view why);

// An entry of the waiting list as it stands, and what happens next. `url`: its own page, which
// leaves the list too.
struct WaitFacts {
  int number = 0;  // Booking::number
  std::string label, url;
  int people = 1;
  appointment::Way way = appointment::Way::in_person;
  WaitDays wait = {};
  enum class State : std::uint8_t { entered, waiting, offered, over } state = State::waiting;
  std::optional<Instant> start = {}, until = {};  // of what is offered, and kept for them
};
void tell_waiting(answer::Answer& answer, const WaitFacts& facts, const Zone& zone);

}  // namespace parvis::dialogue
