// Letters to citizens about their cases, and to agents about deadlines, by the town's mail server:
// a job enqueued with what calls for it, sent until the server takes it, once it has, never again
// under another name (Message-ID). Each job looks at what is true when it runs: what no longer
// applies is not sent.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/mailer.hpp"
#include "casework/access.hpp"
#include "casework/decision.hpp"
#include "casework/reminders.hpp"
#include "procedure/procedure_store.hpp"
#include "tenancy/context.hpp"
#include "vault/keyring.hpp"

namespace parvis::app {

inline constexpr std::string_view kLetterJob = "letter";

// Enqueues the letter that an act calls for, in its transaction. Acts without one enqueue nothing.
void enqueue_letter(db::Tx& tx, const casework::Case& row, casework::Act act, Instant now);

inline constexpr std::string_view kLinkJob = "link";

// Enqueues the letter with a link into the case of a reference. Whether there is one, and whether
// the address is its own, is looked up when the job runs, so asking takes as long either way. The
// job holds the address's digest under a salt of its own, until it runs; and the code that another
// browser is asked for, which opens nothing without the link. What mail holds up for longer than
// kAskLife is not sent: nobody waits for it any more.
void enqueue_link(db::Tx& tx, const std::string& tenant, const casework::LinkAsked& asked,
                  Instant now);

inline constexpr std::string_view kReminderJob = "reminder";
void enqueue_reminder(db::Tx& tx, const casework::Case& row, const std::string& key, Instant now);

inline constexpr std::string_view kDigestJob = "digest";
void enqueue_digest(db::Tx& tx, const std::string& tenant, const std::string& account, Instant now);

// What a job of the town does in its own name.
tenancy::Context system_context(const std::string& tenant, std::string reason, Zone zone,
                                Instant now);

// Stops the reminders of a case, for whoever has the tag of a link in one of them; false when it is
// not that case's.
bool stop_reminders(const tenancy::Context& cx, db::Database& database, vault::Keyring& keyring,
                    casework::Cases& cases, const std::string& id, std::string_view tag);

class Letterbox {
 public:
  struct Parts {
    const Mailer& mailer;
    db::Database& database;
    vault::Keyring& keyring;
    casework::Cases& cases;
    casework::Access& access;
    procedure::Catalogue& catalogue;
    std::function<casework::Receipt(const casework::Opened&)> receipt;
    // The acknowledgement as PDF, for its letter; may be empty.
    std::function<std::string(const casework::Opened&, const casework::Receipt&)> receipt_pdf;
    // The letter of a decision, taken then, the same; may be empty.
    std::function<std::string(const casework::Decision&,
                              const Personal<std::vector<std::string>>& recipient, Instant)>
        decision_pdf;
    std::string town;  // the sender's name
    std::string public_url;
    Zone zone;
    // The base of the pages of a commune, by its INSEE code: "/bourg/". Empty: "/" for all.
    std::function<std::string(const std::string& commune)> base = {};
  };
  explicit Letterbox(Parts parts) : parts_(std::move(parts)) {}

  // Of jobs::Runner. A citizen without an address of mail gets none; what the server refuses for
  // good is a dead letter, without a word of the address, and a note in the case.
  jobs::Outcome deliver(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_link(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_reminder(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_digest(const jobs::Job& job, Instant now) const;

 private:
  tenancy::Context context(const jobs::Job& job, Instant now) const;
  std::optional<casework::Opened> opened(const tenancy::Context& cx, const jobs::Job& job) const;
  std::string base(const casework::Opened& opened) const;
  // To the page of a case, or to a draft; empty without a public address.
  std::string link_to(const tenancy::Context& cx, const casework::Opened& opened) const;
  // `name` tells the letter from others of its case.
  jobs::Outcome send(const tenancy::Context& cx, const jobs::Job& job,
                     const casework::Opened& opened, const casework::Letter& letter,
                     const std::string& name, Posting posting) const;

  const Parts parts_;
};

}  // namespace parvis::app
