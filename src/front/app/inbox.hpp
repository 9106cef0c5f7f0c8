// Mail that comes back, into the cases that it is about: replies of citizens, and letters that did
// not arrive. A mail is moved out of the inbox once it is dealt with, and what it does in a case
// has a name of its own, so after any crash it is dealt with once. What belongs to no case is kept
// where a person finds it. Files that come with a mail are pieces of the case. Mail is answered in
// one case alone, at most kAnswersADay times a day lest it loop: the citizen, at the address of the
// case, is told which files are not kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/letterbox.hpp"
#include "app/watch.hpp"
#include "casework/pieces.hpp"
#include "mail/imap.hpp"
#include "mail/received.hpp"

namespace parvis::app {

inline constexpr std::string_view kInboxJob = "inbox";
inline constexpr std::string_view kTakenFolder = "Parvis/repris";
inline constexpr std::string_view kUnknownFolder = "Parvis/non reconnus";

inline constexpr std::chrono::seconds kInboxEvery{60};
inline constexpr std::size_t kInboxMails = 50;           // of one poll
inline constexpr std::chrono::seconds kInboxSpell{120};  // of one poll, then the next goes on
inline constexpr std::size_t kMailPartBytes = 3'900;     // of a message in a case
inline constexpr std::size_t kMailParts = 10;            // of one mail
// Of one case, that came by mail: after so many no other mail is taken up on that day, lest two
// machines that answer each other, or a person who is angry, fill the case.
inline constexpr std::size_t kMessagesADay = 30;
// Of one case: letters that say which files are not kept.
inline constexpr std::size_t kAnswersADay = 5;

// The polling begins, and goes on by itself.
void enqueue_inbox(db::Tx& tx, const std::string& tenant, Instant now);

mail::ImapConfig imap_config(const Config& config);

class Inbox {
 public:
  struct Parts {
    db::Database& database;
    vault::Keyring& keyring;
    casework::Cases& cases;
    casework::Pieces& pieces;
    Zone zone;
  };
  // Errc::invalid for settings that do not go together.
  Inbox(const Config& config, Parts parts);

  // Without [mail] imap_url nothing is polled.
  bool reads() const { return imap_.has_value(); }

  // Of jobs::Runner. A mailbox out of reach is asked again; `doctor` says so meanwhile.
  jobs::Outcome poll(const jobs::Job& job, Instant now) const;

  enum class Fate : std::uint8_t { taken, unknown };
  // One mail: its whole bytes, or its headers alone when it is too large to read. Throws what the
  // database and the key store throw: the mail is still to be dealt with then.
  Fate take(const std::string& tenant, std::string_view bytes, bool headers_only,
            Instant now) const;

 private:
  std::optional<casework::Opened> case_of(const tenancy::Context& cx,
                                          const mail::Received& mail) const;
  std::optional<casework::Opened> case_that_bounced(const tenancy::Context& cx,
                                                    const mail::Received& mail) const;
  bool ours(const mail::Address& address) const;
  bool full(const casework::Opened& opened, Instant now) const;
  Fate left_aside(const tenancy::Context& cx, const casework::Opened& opened) const;
  json::object take_files(const tenancy::Context& cx, const casework::Opened& opened,
                          const mail::Received& mail, const std::string& name,
                          std::vector<std::string>& pieces) const;
  bool answered_enough(const casework::Opened& opened, Instant now) const;
  void write(const tenancy::Context& cx, const casework::Opened& opened, const mail::Received& mail,
             std::string_view bytes) const;

  const Parts parts_;
  std::optional<mail::ImapConfig> imap_;
  std::string local_, domain_;  // of the reply address, in small letters
  std::string from_;            // of letters, the same
};

// Every kind of job that serve runs. What it refers to outlives the runner.
struct JobParts {
  const Letterbox& letterbox;
  const Watch& watch;
  const Inbox& inbox;
};
std::vector<jobs::Kind> job_kinds(const JobParts& parts);

}  // namespace parvis::app
