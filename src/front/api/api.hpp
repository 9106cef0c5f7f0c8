// The public API, one file a resource; contract/openapi says what goes in and out.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "api/turns.hpp"
#include "http/router.hpp"
#include "knowledge/document.hpp"
#include "pdf/pdf.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::api {

// What the resources need; every function may be called from many threads and may throw Error.
struct Service {
  std::function<std::vector<tenancy::Commune>()> communes;
  std::function<answer::Answer(answer::Question, const std::string& commune)> ask;
  // Sheets for some words, best first.
  std::function<std::vector<knowledge::Document>(const std::string& words,
                                                 const std::string& commune, std::size_t limit)>
      find;
};

// How many messages a minute, at once or one by one; the same number of conversations begun counts
// for an address. What only reads is allowed kReadsPerMessage times as often.
struct MessageRates {
  std::size_t per_visitor = 20;
  std::size_t per_address = 120;  // a town hall's own network may be one address
  std::size_t per_tenant = 3000;
};
inline constexpr std::size_t kRateMax = 60'000;
inline constexpr std::size_t kReadsPerMessage = 10;

// What conversations need; all that it refers to outlives the server.
struct Talk {
  Turns& turns;
  conversation::Conversations& conversations;
  runtime::Doorbell& doorbell;
  const pdf::Fonts& fonts;  // of a transcript as PDF
  std::string tenant;  // empty while nothing is imported: conversations are refused
  Zone zone;
  std::function<Instant()> now;
  std::function<std::string()> town;  // as shown: "Agglomération du Val d’Orle"
  std::string accent;                 // "#0b5563"
  std::string welcome = {};           // the town's own words; empty: kind ones
  MessageRates rates = {};
};

// POST /api/v1/conversations and what is under it, GET /widget/config.json. What citizens say is
// masked, sealed and never logged. service and talk outlive the router.
void add_conversations(http::Router& router, const Service& service, const Talk& talk);

// POST /api/v1/answers, GET /api/v1/search, GET /api/openapi.json. No question is kept or logged.
// service outlives the router.
void add_api(http::Router& router, const Service& service);

inline constexpr std::size_t kResults = 10;     // of a search that names no limit
inline constexpr std::size_t kResultsMax = 50;  // more is refused
inline constexpr std::size_t kWordsBytes = 1000;

}  // namespace parvis::api
