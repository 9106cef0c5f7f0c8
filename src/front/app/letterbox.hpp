// Letters to citizens about their cases, by the town's mail server: a job enqueued with each act,
// sent until the server takes it, once it has, never again under another name (Message-ID).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/config.hpp"
#include "casework/letters.hpp"
#include "jobs/runner.hpp"
#include "mail/smtp.hpp"
#include "tenancy/context.hpp"

namespace parvis::app {

inline constexpr std::string_view kLetterJob = "letter";

// Enqueues the letter that an act calls for, in its transaction. Acts without one enqueue nothing.
void enqueue_letter(db::Tx& tx, const casework::Case& row, casework::Act act, Instant now);

inline constexpr std::string_view kLinkJob = "link";

// Enqueues the letter with a new link to the case of a reference, for whoever gave this address: it
// is compared when the job runs, so asking takes as long for a case that is there as for one that
// is not. The job holds the address's digest under a salt of its own, until it runs.
void enqueue_link(db::Tx& tx, const std::string& tenant, const std::string& reference,
                  const std::string& email, Instant now);

class Letterbox {
 public:
  struct Parts {
    casework::Cases& cases;
    std::function<casework::Receipt(const casework::Opened&)> receipt;
    std::string town;  // the sender's name
    Zone zone;
  };
  // Errc::invalid for mail settings that do not go together. Without [mail] url nothing is sent:
  // letters wait, and `doctor` says so.
  Letterbox(const Config& config, Parts parts);

  bool sends() const { return smtp_.has_value(); }
  // Of jobs::Runner. A citizen without an address of mail gets none; what the server refuses for
  // good is a dead letter, without a word of the address.
  jobs::Outcome deliver(const jobs::Job& job, Instant now) const;
  jobs::Outcome deliver_link(const jobs::Job& job, Instant now) const;

 private:
  std::string link_to(const tenancy::Context& cx, const std::string& id) const;
  jobs::Outcome send(const casework::Letter& letter, const mail::Address& to, std::string id,
                     Instant now) const;

  const Parts parts_;
  const std::string public_url_;
  std::optional<mail::Address> from_;
  std::optional<mail::Smtp> smtp_;
};

}  // namespace parvis::app
