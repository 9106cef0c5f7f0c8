// The public API, one file a resource; contract/openapi says what goes in and out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "api/talk.hpp"
#include "http/router.hpp"
#include "knowledge/document.hpp"
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
  // The town hall of a commune, open or not now; nothing when none is known, or which. May be
  // empty.
  std::function<std::optional<answer::Contact>(const std::string& commune)> hall = {};
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
