// What conversations need, whatever shows them: the API as JSON, the portal as pages.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/turns.hpp"
#include "http/message.hpp"
#include "http/rate_limit.hpp"
#include "http/router.hpp"
#include "pdf/pdf.hpp"

namespace parvis::api {

struct Casework;

// How many messages a minute, at once or one by one; the same number of conversations begun counts
// for an address. What only reads is allowed kReadsPerMessage times as often.
struct MessageRates {
  std::size_t per_visitor = 20;
  std::size_t per_address = 120;  // a town hall's own network may be one address
  std::size_t per_tenant = 3000;
};
inline constexpr std::size_t kRateMax = 60'000;
inline constexpr std::size_t kReadsPerMessage = 10;

// The budgets of MessageRates. Copies spend the same ones, so that pages and API count together.
// Thread-safe.
class Budgets {
 public:
  Budgets(const MessageRates& rates = {});  // NOLINT: implicit on purpose

  // By address, for the router: what changes something, and what only reads.
  http::RouteOptions writes, reads;
  // How long to wait before one more message of a visitor, or one more conversation of the town;
  // nothing: it is counted.
  std::optional<std::chrono::seconds> refuse_message(std::string_view conversation,
                                                     std::string_view tenant, Instant now) const;
  std::optional<std::chrono::seconds> refuse_start(std::string_view tenant, Instant now) const;

 private:
  // Shared: the copies are their owners.
  std::shared_ptr<http::RateLimit> by_visitor_, by_tenant_;
};

// All that it refers to outlives the server.
struct Talk {
  Turns& turns;
  conversation::Conversations& conversations;
  runtime::Doorbell& doorbell;
  const pdf::Fonts& fonts;  // of a transcript as PDF
  std::string tenant;       // empty while nothing is imported: conversations are refused
  Zone zone;
  std::function<Instant()> now;
  std::function<std::string()> town;  // as shown: "Agglomération du Val d’Orle"
  std::string accent;                 // "#0b5563"
  std::string welcome = {};           // the town's own words; empty: kind ones
  Budgets budgets = {};
  // Whose drafts conversations fill in; null, or without pieces: documents are given elsewhere.
  const Casework* casework = nullptr;
};

// Of a visitor, now. commune: INSEE code, or empty.
tenancy::Context context_of(const Talk& talk, const std::string& request_id,
                            std::string commune = "");
std::string welcome_of(const Talk& talk);

// A form in which a citizen keeps a conversation.
struct Format {
  std::string_view extension;  // "txt"
  std::string_view words;      // what the citizen reads after "Télécharger": "le texte"
  std::string_view type;       // as a header says it
  std::string (*bytes)(const conversation::Transcript& whole, const Talk& talk);
};
// The only list of them, in the order a citizen is offered them; the last is given to a client that
// names none.
std::span<const Format> formats();
// The conversation as a file to keep, without what is for the program alone.
http::Response file_of(const Format& format, conversation::Transcript whole, const Talk& talk);

}  // namespace parvis::api
