// The rows of cases, and the only gates to one: a citizen by the token, an agent by the services
// that are theirs, the system for its own work. What is missing, erased, another tenant's or not
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
void insert(db::Tx& tx, const tenancy::Context& cx, const NewCase& fresh,
            const Secret<std::string>& token);

// The gates. Throw gone() for any reason.
Case case_for_citizen(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                      std::string_view token);
// services: ids that the agent answers for; empty: all of the tenant. Drafts are nobody's.
Case case_for_agent(db::Tx& tx, const tenancy::Context& cx, std::string_view id,
                    const std::vector<std::string>& services);
Case case_for_system(db::Tx& tx, const tenancy::Context& cx, std::string_view id);  // CHECK: system
// For the system alone (CHECK), to write to whoever asks for a link again.
std::optional<Case> case_with_reference(db::Tx& tx, const tenancy::Context& cx,
                                        std::string_view reference);

void set_answers(db::Tx& tx, const Case& row, std::string_view sealed, Instant now);
// False when the reference is taken.
bool set_deposited(db::Tx& tx, const Case& row, std::string_view reference, State state,
                   std::string_view sealed, Instant now);
void set_state(db::Tx& tx, const Case& row, State state, std::optional<CivilDate> due, Instant now);
// A draft goes on with another version of its démarche; the one it began with is kept.
void set_version(db::Tx& tx, const Case& row, int version, std::string_view service);
void set_service(db::Tx& tx, const Case& row, std::string_view service, Instant now);
// A second token, for a link that is sent: the one before it opens nothing any more, that of the
// citizen's own browser still does.
void set_link(db::Tx& tx, const Case& row, const Secret<std::string>& token);
void erase_rows(db::Tx& tx, const Case& row);

// Whether its citizen wants no reminders.
bool is_quiet(db::Tx& tx, const Case& row);
void set_quiet(db::Tx& tx, const Case& row, bool quiet, Instant now);
// Takes a reminder of the case, by its key, for whoever sends it: true once.
inline constexpr std::size_t kReminderKeyMax = 80;  // bytes
bool take_reminder(db::Tx& tx, const Case& row, std::string_view key, Instant now);

// Lists for agents: the columns alone, nothing sealed. Due first, then oldest.
struct Filter {
  std::vector<std::string> services = {};     // empty: all
  std::vector<State> states = {};             // empty: those that are open
  std::string procedure = {};                 // empty: all
  std::string after_due = {}, after_id = {};  // where the page before ended
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

// Retention (the system's: CHECK): the versions of démarches of which there are drafts, and those
// drafts that nobody saved since `before`, at most `limit`.
struct DraftVersion {
  std::string procedure;
  int version = 0;
};
std::vector<DraftVersion> versions_of_drafts(db::Tx& tx, const tenancy::Context& cx);
std::vector<Case> drafts_idle_since(db::Tx& tx, const tenancy::Context& cx,
                                    const DraftVersion& version, Instant before, std::size_t limit);

}  // namespace parvis::casework
