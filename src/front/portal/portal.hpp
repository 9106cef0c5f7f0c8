// The citizen's pages and the public resource of the API. HTML from the server; no JavaScript.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer/composer.hpp"
#include "base/time.hpp"
#include "directory/service.hpp"
#include "http/assets.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "knowledge/document.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::portal {

// What the pages need; every function may be called from many threads and may throw Error.
struct Service {
  std::string town;  // as shown: "Agglomération du Val d’Orle"
  std::vector<tenancy::Commune> communes;
  Zone zone = Zone::paris();
  std::function<Instant()> now;
  std::function<answer::Answer(answer::Question, const std::string& commune)> ask;
  std::function<std::optional<knowledge::Document>(const knowledge::DocumentKey&)> sheet;
  std::function<std::vector<directory::Service>(const std::string& commune)> services;
};

// GET / and /{commune}/; POST /question and /{commune}/question (a question never stands in an
// address or a log); GET /services and /{commune}/services; GET /fiche/{audience}/{id}; POST
// /api/v1/answers {"question", "commune"?, "after"?, "chosen"?}. {commune} is a slug. service and
// assets outlive the router.
void add_portal(http::Router& router, const Service& service, const http::Assets& assets);

// A refusal as an accessible page.
http::ErrorPage error_page(const Service& service, const http::Assets& assets);

}  // namespace parvis::portal
