// The rows of cases, and the only gates to one: a citizen by a token, an agent by the services that
// are theirs, the system for its own work. What is missing, erased, another tenant's or not
// theirs gives one and the same Error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "casework/workflow.hpp"
#include "db/database.hpp"
#include "feed/feed_store.hpp"
#include "tenancy/context.hpp"
#include "vault/keys.hpp"

namespace parvis::casework {

inline constexpr std::size_t kIdBytes = 16;     // random, written in hexadecimal
inline constexpr std::size_t kTokenBytes = 32;  // random, written in hexadecimal

// A row that a gate let through; made here only. Holds for the transaction that got it.
class Case {
 public:
  const std::string& tenant() const { return tenant_; }
  const std::string& id() const { return id_; }
  const std::string& commune() const { return commune_; }
  const std::string& procedure() const { return procedure_; }
  int version() const { return version_; }
  const std::string& service() const { return service_; }
  State state() const { return state_; }
  const std::string& reference() const { return reference_; }  // empty: a draft
  Instant created_at() const { return created_at_; }
  Instant saved_at() const { return saved_at_; }
  std::optional<Instant> deposited_at() const { return deposited_at_; }
  const std::optional<CivilDate>& due() const { return due_; }
  const std::string& sealed() const { return sealed_; }  // the answers
  feed::Topic topic() const;
  std::string object() const;  // its name for the vault: 'case/<id>'

 private:
  friend struct CaseRows;
  Case() = default;
  std::string tenant_, id_, commune_, procedure_, service_, reference_, sealed_;
  int version_ = 0;
  State state_ = State::draft;
  Instant created_at_, saved_at_;
  std::optional<Instant> deposited_at_;
  std::optional<CivilDate> due_;
};

// Whose act it is.
struct Author {
  Role role = Role::citizen;
  std::string id, name;                    // of an agent
  std::vector<std::string> services;       // that the agent answers for; empty: all
  std::vector<std::string> communes = {};  // the same: INSEE codes
};

// Where the answers of a case lie.
vault::Address answers_address(std::string_view id);

std::string new_id();
Secret<std::string> new_token();
std::string object_of(std::string_view id);

// The error of the gates: Errc::not_found, and what to do next.
Error gone();

struct NewCase {
  std::string id;
  std::string procedure;
  int version = 0;
  std::string service;
  std::string sealed;  // the answers
};
// A draft of cx.tenant and cx.commune. Errc::conflict when the id is there.
Case insert(db::Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
            const Secret<std::string>& token);
// A case that never was a draft. nullopt when the reference is taken; Errc::conflict as above.
std::optional<Case> insert_deposited(db::Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
                                     const Secret<std::string>& token, std::string_view reference,
                                     State state, std::optional<CivilDate> due);

// The gates. Throw gone() for any reason. A citizen's: with the token that the case began with,
// with that of its session once it is deposited (access.hpp), with that of the links to its draft
// until kDepositedLately.
Case case_for_citizen(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                      std::string_view token);
// By the services and the communes that are the agent's. Drafts are nobody's.
Case case_for_agent(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                    const Author& agent);
// A draft that the agent types for a person (counter_store.hpp), of a service and a commune that
// are theirs still.
Case draft_for_agent(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                     const Author& agent);
// Whether a service and a commune are the agent's.
bool answers_for(const Author& agent, std::string_view service, std::string_view commune);
Case case_for_system(db::Tx& tx, const tenancy::Context& cx, std::string_view id);  // CHECK: system
// What a link to a draft names, whatever has become of it since: to say where it is, not to open
// it.
std::optional<Case> case_by_link(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                                 std::string_view token);
// For the system alone (CHECK), to write to whoever asks for a link again.
std::optional<Case> case_with_reference(db::Tx& tx, const tenancy::Context& cx,
                                        std::string_view reference);

void set_answers(db::Tx& tx, const Case& row, std::string_view sealed, Instant now);
// The case as it is then. Errc::conflict when the reference is taken: nothing is read for it.
Case set_deposited(db::Tx& tx, const Case& row, std::string_view reference, State state,
                   const std::string& sealed, std::optional<CivilDate> due, Instant now);
void set_state(db::Tx& tx, const Case& row, State state, std::optional<CivilDate> due, Instant now);
// A draft goes on with another version of its démarche; the one it began with is kept.
void set_version(db::Tx& tx, const Case& row, int version, std::string_view service);
void set_service(db::Tx& tx, const Case& row, std::string_view service, Instant now);
// A second token, for links to a draft; that of the citizen's own browser goes on opening.
void set_link(db::Tx& tx, const Case& row, const Secret<std::string>& token);
// The digests that a deposited case is found by (find.hpp): at most kWordsMax.
void set_words(db::Tx& tx, const Case& row, const std::vector<std::string>& digests, Instant now);
std::int64_t words_stored(db::Tx& tx, const tenancy::Context& cx, std::string_view id);
// The row and what it is found by.
void erase_rows(db::Tx& tx, const Case& row);

// Whether its citizen wants no reminders.
bool is_quiet(db::Tx& tx, const Case& row);
void set_quiet(db::Tx& tx, const Case& row, bool quiet, Instant now);
// Takes a reminder of the case, by its key, for whoever sends it: true once.
inline constexpr std::size_t kReminderKeyMax = 80;  // bytes
bool take_reminder(db::Tx& tx, const Case& row, std::string_view key, Instant now);

inline constexpr std::string_view kNever = "9999-12-31";  // how a case without a due date sorts

// Lists for agents: the columns alone, nothing sealed. Without text, due first, then oldest, and a
// page goes on after_due and after_id; with text, the newest deposit first, and a page goes on
// after_deposited and after_id.
struct Filter {
  std::vector<std::string> services = {};  // empty: all
  std::vector<std::string> communes = {};  // INSEE codes; empty: all
  std::vector<State> states = {};          // empty: those that are open; with text: all
  std::string procedure = {};              // empty: all
  std::string after_due = {}, after_id = {};
  // What an agent types: a reference, an e-mail address, a phone number or names (find.hpp).
  std::string text = {};
  std::optional<CivilDate> due_from = {}, due_to = {};  // both included; what is never due is not
  std::optional<Instant> after_deposited = {};
};
struct Line {
  std::string id, reference, procedure, service, commune;
  State state = State::received;
  Instant deposited_at;
  std::optional<CivilDate> due;
};
inline constexpr std::size_t kListMax = 50;
std::string due_key(const Line& line);  // Filter::after_due of the page that follows this case
std::vector<Line> list(db::Tx& tx, const tenancy::Context& cx, const Filter& filter,
                       std::size_t limit = kListMax);
// How many a filter without text and paging lets through, of those that are the agent's.
std::size_t count(db::Tx& tx, const tenancy::Context& cx, const Author& agent,
                  const Filter& filter);
// Those that have all of the words, by their digests (kAskedMax at most). A page may hold fewer
// than its limit, none even, before the end: no more than kLooked are looked at for one, thrice as
// many when several words are asked: what lacks one is seen in the index alone.
struct Page {
  std::vector<Line> lines;
  std::optional<Filter> next;  // the filter of the page that follows; nullopt: this is the last
};
inline constexpr std::size_t kLooked = 500;
Page with_words(db::Tx& tx, const tenancy::Context& cx, const Filter& filter,
                const std::vector<std::string>& digests, std::size_t limit = kListMax);
// The one of a reference as it is written; none when the filter leaves it out.
Page with_reference(db::Tx& tx, const tenancy::Context& cx, const Filter& filter,
                    std::string_view reference);

// The agent's cases of which letters on paper wait, the oldest letter first, kListMax at most.
std::vector<Line> with_papers(db::Tx& tx, const tenancy::Context& cx, const Author& agent);

// Retention (the system's: CHECK): the versions of démarches of which there are drafts, and those
// drafts that nobody saved since `before`, at most `limit`.
struct DraftVersion {
  std::string procedure;
  int version = 0;
};
std::vector<DraftVersion> versions_of_drafts(db::Tx& tx, const tenancy::Context& cx);
// Cases of a version that are over and unchanged since `before`, at most `limit`.
std::vector<Case> over_since(db::Tx& tx, const tenancy::Context& cx, const DraftVersion& version,
                             Instant before, std::size_t limit);
// Those that nobody ended and whose delay has: of a démarche whose silence decides, they are over.
std::vector<Case> out_of_time_since(db::Tx& tx, const tenancy::Context& cx,
                                    const DraftVersion& version, Instant before, std::size_t limit);
std::vector<Case> drafts_idle_since(db::Tx& tx, const tenancy::Context& cx,
                                    const DraftVersion& version, Instant before, std::size_t limit);

}  // namespace parvis::casework
