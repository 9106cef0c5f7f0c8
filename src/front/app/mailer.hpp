// Hands a letter to the town's mail server and says what becomes of its job. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/config.hpp"
#include "casework/letters.hpp"
#include "db/database.hpp"
#include "jobs/job.hpp"
#include "jobs/runner.hpp"
#include "mail/message.hpp"
#include "mail/smtp.hpp"

namespace parvis::app {

// Of every kind of job that sends mail. A server that is down for a weekend loses no letter: after
// the first hour it is tried every hour or sooner, for three days and more.
inline constexpr jobs::Policy kMailPolicy{.attempts = 100,
                                          .first = std::chrono::seconds(30),
                                          .longest = std::chrono::hours(1),
                                          .lease = std::chrono::minutes(5)};
inline constexpr std::chrono::minutes kMailAsked{10};  // until there is a mail server

// Errc::invalid when it is not a file with a password alone; empty: no password. name: of its key
// in the configuration.
Secret<std::string> password_in(const std::filesystem::path& file, std::string_view name);
mail::Tls starttls_in(const std::string& words, std::string_view name);
mail::SmtpConfig smtp_config(const Config& config);

struct Posting {
  std::string id;                                        // before the @ of its Message-ID
  std::string to;                                        // an address
  std::string sender;                                    // the town's name
  std::optional<mail::Address> reply_to = std::nullopt;  // where bounces come back, too
  std::vector<mail::Attachment> attachments = {};
  std::string stop = {};  // an address to switch such letters off; may be empty
};

class Mailer {
 public:
  // Errc::invalid for mail settings that do not go together.
  Mailer(const Config& config, db::Database& database, std::string tenant, Zone zone);

  // False without [mail] url: letters wait, and `doctor` says so.
  bool sends() const { return smtp_.has_value(); }
  // GiveUp when the server refuses it for good. What is noted and said never names the address.
  jobs::Outcome send(const casework::Letter& letter, const Posting& posting, Instant now) const;
  // "dossier+TAG@ville.fr"; nullopt when no mail comes back (no imap_url).
  std::optional<mail::Address> reply_address(const std::string& plus) const;

 private:
  void noted(const std::function<void(db::Tx&)>& note) const;
  db::Database& database_;
  const std::string tenant_;
  const Zone zone_;
  std::optional<mail::Address> from_, reply_;
  std::optional<mail::Smtp> smtp_;
};

}  // namespace parvis::app
