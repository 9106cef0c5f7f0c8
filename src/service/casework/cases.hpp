// Cases from the outside: each call passes the gate, gets the keys and does its work in one
// transaction. A case begins as a draft of the citizen and keeps its id, its key and its token; to
// deposit it is to give it a reference. So a deposit sent twice, from two tabs or after a cut, is
// one case, and its acknowledgement is made after the commit, from what the commit stored.
//
// Thread-safe. Besides what each says: gone() when the gate refuses, Errc::unavailable when the
// keys are out of reach, and the errors of the database.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "casework/answers.hpp"
#include "casework/case_store.hpp"
#include "casework/counter_store.hpp"
#include "casework/handover_store.hpp"
#include "casework/piece_store.hpp"
#include "procedure/form.hpp"
#include "procedure/procedure_store.hpp"
#include "vault/keyring.hpp"

namespace parvis::casework {

inline constexpr std::size_t kAnswersMax = 256 * 1024;  // bytes of the answers of a case as JSON
inline constexpr std::size_t kReasonMax = 4000;         // bytes of a reason, message or note
inline constexpr std::int64_t kEventsMax = 2000;        // of a case
inline constexpr std::int64_t kEventsOfAgents = 500;    // of them, that citizens' messages leave

// Of a deposit for which the database has no room: Errc::unavailable.
inline constexpr std::string_view kNotDeposited =
    "Votre demande n’est pas déposée\u00a0: le serveur n’a plus de place. Votre brouillon est "
    "intact. Réessayez plus tard, ou déposez votre demande au guichet.";
// Said when a deposit, or pieces that were asked for, would leave behind a document that nobody has
// looked at yet: Errc::invalid.
inline constexpr std::string_view kStillLooking =
    "Nous vérifions encore votre document. Attendez une minute, puis envoyez de nouveau. Vous "
    "pouvez aussi retirer ce document.";

// What happened, as the file keeps it.
struct Happened {
  std::int64_t seq = 0;
  Act act = Act::deposit;
  Role by = Role::citizen;
  std::string author = {};  // of an agent: the name
  std::string text = {};    // reason, message, note
  json::object more =
      {};  // {"to": …} of transfer, {"end": …} of settle, what asks.hpp and receipt.hpp say,
           // {"way": "post", "received": "2026-11-26"} of a deposit that an agent typed
  Instant at = {};
};

// A case opened. The definition is the one it goes by.
struct Opened {
  std::string id, reference, commune, service;
  State state = State::draft;
  std::shared_ptr<const procedure::Definition> definition;
  json::object answers;
  Instant created_at, saved_at;
  std::optional<Instant> deposited_at;
  std::optional<CivilDate> due;
  std::vector<Happened> events;
  std::vector<Piece> pieces = {};         // all of them, refused ones too
  bool reminders = true;                  // its citizen wants them
  std::optional<Entry> entry = {};        // an agent types it, or typed it
  std::vector<std::int64_t> papers = {};  // events whose letter waits to be printed
};

struct Handing;  // receipt.hpp

struct Saved {
  Opened opened;
  std::vector<procedure::Fault> faults;  // of the page that was sent
};

struct Deposit {
  Opened opened;
  bool repeated = false;  // it was deposited before
};

// The reference of the case in which this one goes on, as long as it is not taken up again by
// itself; and words(state) that say so.
std::optional<std::string> merged_into(const Opened& opened);
std::string state_words(const Opened& opened);

// Called in the transaction of each act of a case, for what must share its fate: mail, reminders.
using OnAct = std::function<void(db::Tx&, const Case&, Act, Instant now)>;
// Called in the transaction that begins a draft.
using OnBegin = std::function<void(db::Tx&, const Case&, Instant now)>;
// What a deposit takes with it, both or neither: the appointment that the case asks for. The first
// is called before the transaction, with the draft as it stands, and gets what that waits for
// (keys); what it gives back is called inside it, with what is deposited. It throws to refuse the
// deposit.
using InDeposit = std::function<void(db::Tx&, const Opened&)>;
using AtDeposit = std::function<InDeposit(const tenancy::Context&, const Opened&)>;
// When an answer is due, from what happened: the legal clock.
using DueOf = std::function<std::optional<CivilDate>(const Opened&)>;

class Cases {
 public:
  Cases(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
        OnAct on_act = {}, DueOf due_of = {}, OnBegin on_begin = {}, AtDeposit at_deposit = {});

  // A draft with an id and token of the caller's, random as new_id() and new_token(). The same two
  // again give the same draft. Errc::not_found when the démarche is not offered to the commune.
  Opened begin(const tenancy::Context& cx, std::string_view procedure, const std::string& id,
               const Secret<std::string>& token);
  // The same, of cx.commune, for a person at the counter, on the phone or from paper: entry.account
  // is the agent's. gone() when the démarche is not offered there or its service is not the
  // agent's; Errc::invalid for a day of reception that is missing (by post) or to come.
  Opened begin_for(const tenancy::Context& cx, const Author& agent, std::string_view procedure,
                   const std::string& id, const Secret<std::string>& token, Way way,
                   std::optional<CivilDate> received);
  // Drafts that the agent types, and another token for one of them: in a browser of theirs that
  // lost the first one.
  std::vector<Typing> typings(const tenancy::Context& cx, const Author& agent);
  Opened retake(const tenancy::Context& cx, const Author& agent, std::string_view id,
                const Secret<std::string>& token);
  // A draft goes on with the newest version of its démarche where that one takes all that was
  // answered (procedure::follows); else, and when the démarche is withdrawn, it ends with its own.
  Opened open(const tenancy::Context& cx, std::string_view id, std::string_view token);

  // The answers of one page take the place of what they were; two tabs on two pages lose nothing.
  // What is wrong is kept as typed and said. Errc::conflict when it is deposited already,
  // Errc::too_large past kAnswersMax. blanks: what is left empty takes an answer away, or keeps one
  // that another window gave since the page was shown.
  // In a repeated block that takes files an item that the form did not know of stays (answers.hpp).
  using Blanks = casework::Blanks;
  Saved save(const tenancy::Context& cx, std::string_view id, std::string_view token,
             std::string_view page, const std::vector<procedure::Sent>& sent,
             Blanks blanks = Blanks::clear);
  // The same for answers that come as JSON (dialogue, API): members take the place of what they
  // were, null takes an answer away. Those of files are given by Pieces alone, that of an
  // appointment by set_appointment: Errc::invalid.
  Saved merge(const tenancy::Context& cx, std::string_view id, std::string_view token,
              const json::object& answers);

  // The answer to the draft's question for an appointment, whose slot the caller holds; null takes
  // it away. Errc::invalid when the démarche has no such question.
  Saved set_appointment(const tenancy::Context& cx, std::string_view id, std::string_view token,
                        const json::value& slot);
  // A key of this case alone, for whoever passes its gate: what else is theirs by right is made of
  // it, as the id and the token of its appointment.
  crypto::Key key_for(const tenancy::Context& cx, std::string_view id, std::string_view token,
                      std::string_view purpose);

  // A code that opens it in another window, once and for kHandoverLife; note: what take_over gives
  // back with it.
  Secret<std::string> hand_over(const tenancy::Context& cx, std::string_view id,
                                std::string_view token, std::string note);
  std::optional<Handover> take_over(const tenancy::Context& cx, std::string_view code);

  // Errc::invalid, with what is missing, when the form is not complete, or with kStillLooking; and
  // what AtDeposit throws. typed_by: who types the draft of an agent, and deposits it in their own
  // name; gone() without them, or when it is another.
  Deposit deposit(const tenancy::Context& cx, std::string_view id, std::string_view token,
                  const Author* typed_by = nullptr);
  // begin, merge and deposit in one transaction, for who has all answers at hand: one wait for the
  // disk. The same id and token again are the same deposit, and a draft that was begun under them
  // goes on. When it is refused nothing is begun. Errors: those of the three.
  Deposit deposit_at_once(const tenancy::Context& cx, std::string_view procedure,
                          const std::string& id, const Secret<std::string>& token,
                          const json::object& answers);

  // An act of the citizen (withdraw, write, give_pieces: with the pieces sent since they were asked
  // for, or in the place of one that was rejected, which `more` then names; a word alone is kept as
  // `write`, and the pieces stay awaited; kStillLooking while one is looked at) or of an agent.
  // Pieces answer what they were sent for (asks.hpp): the case waits on while others are awaited.
  // An agent names in `more` the "asks" that an act is about (give_pieces without: all awaited), of
  // settle the "end"; either, of a file that came by mail, the "piece" with the ask it answers.
  // event_id: made by whoever sends it: the same again is the same act. Errc::conflict when the
  // state does not allow it, Errc::invalid for a reason that is missing or too long.
  Opened act(const tenancy::Context& cx, std::string_view id, std::string_view token, Act act,
             std::string_view event_id, std::string_view text, const json::object& more = {});
  // seen: the last event that the agent had before their eyes. Errc::conflict when something
  // happened after it, so that nobody decides on a case that is another by now.
  Opened act_as(const tenancy::Context& cx, const Author& agent, std::string_view id, Act act,
                std::string_view event_id, std::string_view text, const json::object& more = {},
                std::optional<std::int64_t> seen = std::nullopt);
  // Acts of an agent on a case that was deposited twice: it is closed and goes on in the one of the
  // reference, of the same démarche and person, under way, and the agent's too. Both keep their
  // dates, and each has its own clock. seen: of the case that ends, as of act_as. Errc::invalid
  // when the two do not belong together, Errc::conflict when the state of either does not allow it.
  // The case that ends.
  Opened merge_into(const tenancy::Context& cx, const Author& agent, std::string_view id,
                    std::string_view reference, std::string_view event_id, std::string_view text,
                    std::optional<std::int64_t> seen = std::nullopt);
  Opened open_as(const tenancy::Context& cx, const Author& agent, std::string_view id);
  std::vector<Line> list(const tenancy::Context& cx, const Author& agent, Filter filter);
  // The same, a page and the filter of the next one. With text: the case of that reference, else
  // those found by its words; text that names nothing finds nothing.
  Page find(const tenancy::Context& cx, const Author& agent, Filter filter);
  // The id of the case with a reference (read_reference()); nothing when the gate refuses it.
  std::optional<std::string> find_as(const tenancy::Context& cx, const Author& agent,
                                     std::string_view reference);
  // The agent's cases of which letters on paper wait; and that the one of the event `seq` was
  // handed over or posted: a note says so. Sent again, it is the same.
  std::vector<Line> with_papers(const tenancy::Context& cx, const Author& agent);
  void posted(const tenancy::Context& cx, const Author& agent, std::string_view id,
              std::int64_t seq);
  // The same of the letter of a decision, with the day from which the time to appeal runs. Said
  // again it corrects what was said; a day of receipt counts before one of posting. Errc::invalid
  // for a day before the decision, or to come, and when the letter is of none.
  void notified(const tenancy::Context& cx, const Author& agent, std::string_view id,
                const Handing& handing);
  crypto::Key find_key(const tenancy::Context& cx);  // of the tenant's digests (find.hpp)

  // For the system (CHECK): the case with a reference.
  std::optional<Opened> with_reference(const tenancy::Context& cx, std::string_view reference);
  // The token of the links to a draft, the same in each of them; it opens nothing once the draft is
  // deposited, but for kDepositedLately. For the system (CHECK), and for whoever has the draft
  // open.
  Secret<std::string> link(const tenancy::Context& cx, std::string_view id);
  Secret<std::string> link(const tenancy::Context& cx, std::string_view id, std::string_view token);
  // What such a link names; nothing when it names nothing.
  struct Linked {
    State state = State::draft;
    std::string commune, procedure, reference;
  };
  std::optional<Linked> linked(const tenancy::Context& cx, std::string_view id,
                               std::string_view token);
  Opened open_for_system(const tenancy::Context& cx, std::string_view id);

  // What came to be without an agent's act, recorded by the system (CHECK): that silence decided,
  // and notes about mail.
  Opened record(const tenancy::Context& cx, std::string_view id, Act act, std::string_view event_id,
                std::string_view text, const json::object& more = {});
  // A message of the citizen that came by mail to the address of their case: the system (CHECK) has
  // seen that it is this case's. files: pieces that came with it (Pieces::take), handed in with it;
  // the event names them in "pieces", and in "refused" those that were not kept, with the reason.
  // They answer the request when one document alone is awaited (only_ask), and nothing in `more`
  // says that another person wrote; else an agent says what they are.
  Opened write_by_mail(const tenancy::Context& cx, std::string_view id, std::string_view event_id,
                       std::string_view text, const json::object& more,
                       const std::vector<std::string>& files = {});

  // Whether reminders are sent: for the citizen, and for the system (CHECK) by a link in a mail.
  void set_reminders(const tenancy::Context& cx, std::string_view id, std::string_view token,
                     bool wanted);
  void stop_reminders(const tenancy::Context& cx, std::string_view id);

  // Drafts without a change for as long as their démarche keeps them are erased: at most
  // kExpireBatch of each version a call; how many. Called again while it says more than none. The
  // system's (CHECK).
  static constexpr std::size_t kExpireBatch = 100;
  std::size_t expire_drafts(const tenancy::Context& cx);
  // The same of cases that are over (decided, withdrawn, transferred or closed), and that nothing
  // happened to for as long as their version of the démarche keeps them: rows, events and what they
  // are found by go, the key is destroyed. At most kExpireBatch of each version a call.
  std::size_t expire_closed(const tenancy::Context& cx);
  void erase_draft(const tenancy::Context& cx, std::string_view id, std::string_view token);

 private:
  db::Database& database_;
  vault::Keyring& keyring_;
  procedure::Catalogue& catalogue_;
  Opened begun(const tenancy::Context& cx,
               const std::shared_ptr<const procedure::Definition>& definition,
               const std::string& id, const Secret<std::string>& token,
               const std::optional<Entry>& entry);
  Deposit deposit_fresh(const tenancy::Context& cx,
                        const std::shared_ptr<const procedure::Definition>& definition,
                        const std::string& id, const Secret<std::string>& token,
                        const json::object& answers);

  void erase(db::Tx& tx, const Case& row, Instant now) const;

  OnAct on_act_;
  DueOf due_of_;
  OnBegin on_begin_;
  AtDeposit at_deposit_;
  // Of the digests that cases are found by: got once for a tenant, it never changes.
  std::mutex find_mutex_;
  std::map<std::string, crypto::Key> find_keys_;
};

// When a draft that was saved then may be erased: never before what its démarche promised.
Instant draft_ends(const procedure::Definition& definition, Instant saved_at);

// The moment of a case's démarche: local time of the tenant, working days and rules of the commune
// where it was begun, which is the case's and not always that of who looks at it.
procedure::Moment moment_of(const tenancy::Context& cx, const std::string& commune);

}  // namespace parvis::casework
