// The legal clock of a case: from the rule of a démarche and from what happened, until when the
// administration may answer, what its silence means, and how long one may appeal. Pure and
// thread-safe: a fold over events, the same whoever computes it and whenever.
//
// The law (CRPA = code des relations entre le public et l'administration):
//   L231-1, L231-4   silence for two months accepts; it refuses in the cases of L231-4.
//   L114-2, L114-3   what came to the wrong authority is passed on. The delay after which silence
//                    refuses runs from the first receipt, that after which it accepts from the
//                    receipt by the competent authority.
//   L114-5           pieces are missing: the delay after which silence accepts begins anew when
//                    they come. That after which it refuses is suspended until they come, or until
//                    the term given for them has passed.
//   R421-1, R421-2   of the code de justice administrative: two months to appeal, délai franc.
//
// How it counts. A day is a civil day in the zone of the rule, from midnight to midnight.
//   - The day of receipt does not count. Months go from day to day (calendar::add_months).
//   - The delay ends with its last day, at midnight. Where the rule says `moved`, a last day on a
//     Saturday, a Sunday or a holiday gives way to the next working day; that is the default.
//     Courts have held that silence may decide on such a day: a démarche where an answer on the
//     Monday would come too late says `kept`, the strict reading.
//   - A suspension begins on the day of the request, and ends on the day when the last piece asked
//     for comes or is waived, or on the day after the term. Its days, the first one included and
//     the last one not, are added to the delay; for a delay of working days, its working days are.
//     Requests that overlap suspend once.
//   - A démarche whose delay starts with the complete file counts as one that accepts: the delay
//     begins anew when the pieces come.
//   - Silence that means nothing (a declaration) gives an indicative delay: it is counted like one
//     that refuses, can be overdue, and never decides.
//
// Events may come in any order: they are sorted by instant, those of one instant kept as given. A
// `now` before the last event counts as that event's instant, so a clock set back undoes nothing.
// What happens after the end without a meaning for it (pieces, a transfer, a withdrawal) changes
// nothing and is told so; what cannot have happened is an error.
//
// Not here: supplements for distance (R421-7), the year that runs when no receipt named the appeal
// (R421-5), appeals whose limit another text sets. L114-5-1 forbids to suspend for a piece that the
// examination does not need: the one who asks judges that.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "calendar/region.hpp"

namespace parvis::casework {

inline constexpr std::size_t kClockEvents = 1'000;  // of one case
inline constexpr int kLengthMax = 3'650;            // in any unit but months
inline constexpr int kMonthsMax = 120;
inline constexpr std::chrono::days kTermMax{3'650};  // after the request

struct ClockRule {
  enum class Unit {
    months,
    weeks,
    days,
    working_days,                // jours ouvrés
    working_days_with_saturday,  // jours ouvrables
  };
  enum class Silence { accepts, refuses, means_nothing };
  // Why silence refuses: L231-4, in its order, and L231-5.
  enum class Ground { none, not_individual, no_text, complaint, financial, decree, agents };
  enum class Start { receipt, complete_file };
  enum class LastDay { moved, kept };

  int length = 2;
  Unit unit = Unit::months;
  Silence silence = Silence::accepts;
  Ground ground = Ground::none;
  Start start = Start::receipt;
  LastDay last_day = LastDay::moved;
  std::string basis;  // the text that sets the length, as it is cited: "article L231-1 du …"
  calendar::Region region = calendar::Region::metropolitan;
  Zone zone = Zone::paris();
};

// What is wrong with a rule that somebody wrote, in French, with the remedy; empty when sound.
std::vector<std::string> faults(const ClockRule& rule);

enum class Verdict { accepted, refused };

struct Deposited {};  // received by the authority to which it was sent; exactly one, the first
struct Transferred {  // received by the authority that is competent
  std::string to;     // its name, "la préfecture du Loiret"; may be empty
};
struct PiecesRequested {
  std::uint32_t request = 0;  // its number in the case, new
  std::string pieces;         // "un justificatif de domicile": names of pieces, no personal data
  CivilDate term;             // last day to produce them; not before the day of the request
};
struct PiecesReceived {  // the last of those that this request asked for
  std::uint32_t request = 0;
  bool waived = false;  // it did not come: the service does without it. Changes words alone
};
struct PieceReceived {  // one of them, and others are awaited still: said by why(), moves nothing
  std::uint32_t request = 0;
  std::string piece, still;  // names of pieces: what came, or is waived; what is awaited
  bool waived = false;
};
struct Withdrawn {   // by the citizen; or it goes on in another case
  std::string into;  // whose reference this is; empty: withdrawn
};
struct Decided {
  Verdict verdict = Verdict::accepted;
};
// Of the decision: the appeal runs from here. The first one counts.
struct Notified {
  enum class How {
    told,        // by e-mail, or in another way of which nothing more is known
    handed,      // against a signature, at the counter
    registered,  // by post: the day that the acknowledgement of receipt bears
    posted,  // by post, without one: the day of posting, so no appeal ends before `appeal_until`
  };
  How how = How::told;
};
// It ended as its démarche says, without a decision: a declaration.
struct Settled {
  std::string how;  // "Traitée"
};
// An ended case is examined again, as a request received on that day; one that was transferred and
// has not ended comes back, and its delay runs on.
struct Reopened {};

struct ClockEvent {
  Instant at;
  std::variant<Deposited, Transferred, PiecesRequested, PiecesReceived, Withdrawn, Decided,
               Notified, Reopened, PieceReceived, Settled>
      what;
};

// What the clock did, for why().
struct ClockStep {
  enum class Kind {
    received,               // from
    transferred,            // from; text: to whom. The delay runs on, or waits on
    transfer_restarts,      // the same; the delay runs from here
    restarts,               // from: the pieces came; the delay runs from here
    part_received,          // from; text: what came and what is awaited still
    waits,                  // from, until: the term; text: the pieces. Restarts when they come
    suspended,              // from, until (included); text: the pieces; under way
    resumed,                // from, until: the day of the last pieces; days; text
    resumed_by_waiver,      // the same: the last one was waived
    restarts_by_waiver,     // as `restarts`
    settled,                // from; text: how
    resumed_by_term,        // from, until: the term; days; text
    pieces_too_late,        // from: they came after the term
    silence_accepted,       // from: the last day
    silence_refused,        // from: the last day
    withdrawn,              // from
    joined,                 // from; text: the reference of the case in which it goes on
    accepted,               // from
    refused,                // from
    late_accepted,          // from: after the silence
    late_refused,           // from: after the silence refused
    acceptance_taken_back,  // from; until: the last day on which it may be
    notified,               // from; by e-mail, or nobody says how
    handed,                 // from: the letter was handed over
    registered,             // from: the day of the acknowledgement of receipt
    posted,                 // from: the day of posting
    reopened,               // from
    returned,               // from: back from where it was transferred; the delay runs on
    no_effect,              // from: something after the end; text: what
  };
  Kind kind;
  CivilDate from;
  CivilDate until;
  std::chrono::days days{0};
  std::string text;
};

struct Clock {
  enum class State { running, stopped, ended };
  enum class Outcome {
    none,
    accepted_by_silence,
    refused_by_silence,
    accepted,
    refused,
    withdrawn,
    settled,
  };
  State state = State::running;
  Outcome outcome = Outcome::none;
  CivilDate deposited;  // the first deposit: the date that counts for what the citizen must respect
  CivilDate started;    // the day from which the delay is counted; void while it waits
  Instant since;        // when the state began: the delay or its resumption, the stop, the end
  // Stopped: the last day of the term, after which the delay runs again by itself. nullopt when
  // only the pieces can start it.
  std::optional<CivilDate> until;
  // The last day of the delay; while suspended, at the latest. nullopt while it waits for pieces,
  // and when the case ended before.
  std::optional<CivilDate> due;
  std::optional<CivilDate> counted;   // `due` before it is moved to a working day
  std::optional<Instant> silence_at;  // midnight at the end of `due`; nullopt when silence means
                                      // nothing
  bool overdue = false;               // an indicative delay is past
  std::optional<CivilDate> appeal_until;  // of a refusal, by silence or notified
  std::optional<Notified::How> notified;  // how, when it was
  std::vector<CivilDate> reminders;  // for staff, while it runs: 15, 7 and 2 days before `due`, in
                                     // order, those after `started`
  // Civil days, whatever the unit of the delay: run so far, suspensions left out; still to run.
  std::chrono::days elapsed{0};
  std::optional<std::chrono::days> remaining;  // nullopt while it waits for pieces
  std::vector<ClockStep> steps;
};

enum class ClockFault {
  bad_rule,             // faults() says what
  too_many_events,      // more than kClockEvents
  bad_instant,          // before 1970 or after 2200, or a term that is no date or too far away
  no_deposit,           // none, or something before it
  second_deposit,       //
  repeated_request,     // a number that a request already has
  unknown_request,      // pieces of a request that was not made
  term_before_request,  //
  ended,                // a decision or an end of a case that is decided, settled or withdrawn
  not_ended,            // reopening a case that is under way
  not_decided,          // notifying what is not decided
};
struct ClockError {
  ClockFault fault = ClockFault::no_deposit;
  std::size_t event = 0;  // its place in the events as given
  bool operator==(const ClockError&) const = default;
};
std::string words(const ClockError& error);  // French, with the remedy

// Whether the appeal may end later than `appeal_until`: a letter was posted, and nobody knows when
// it came.
bool at_least(const Clock& clock);

std::expected<Clock, ClockError> clock_of(const ClockRule& rule,
                                          const std::vector<ClockEvent>& events, Instant now);

// How each date comes about, in French sentences for staff and citizen, in order: "Demande reçue le
// mardi 24 novembre 2026." Plain text, to be escaped by whoever shows it.
std::vector<std::string> why(const ClockRule& rule, const Clock& clock);

}  // namespace parvis::casework
