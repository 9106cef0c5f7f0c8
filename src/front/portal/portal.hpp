// The citizen's pages. HTML from the server; all works without JavaScript.
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
#include "portal/feedback_store.hpp"
#include "portal/themes.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::portal {

// A démarche, as the home page offers it.
struct Offered {
  std::string id, title, summary;
};

// What the pages need; every function may be called from many threads and may throw Error.
struct Service {
  std::string town;         // as shown: "Agglomération du Val d’Orle"
  std::string accent = {};  // its colour, "#0b5563"; may be empty
  std::vector<tenancy::Commune> communes;
  std::vector<Theme> themes = {};  // of the official sheets
  Zone zone = Zone::paris();
  std::function<Instant()> now;
  std::function<answer::Answer(answer::Question, const std::string& commune)> ask;
  std::function<std::optional<knowledge::Document>(const knowledge::DocumentKey&)> sheet;
  std::function<std::vector<directory::Service>(const std::string& commune)> services;
  std::function<void(const Vote&)> vote = {};  // counts it
  // Of a commune; empty: the pages of procedures.hpp are not there.
  std::function<std::vector<Offered>(const std::string& commune)> procedures = {};
};

// The pages, each under "/" and under "/{commune}/" (a slug): GET home, services, themes and
// fiche/{audience}/{id}, avis; POST question (a question never stands in an address or a log) and
// avis {"helped": "yes" or "no", "reason"?, "audience"?, "sheet"?}. Besides them GET /town.css.
// They lead to the conversation, whose pages are conversation.hpp's. service and assets outlive the
// router.
void add_portal(http::Router& router, const Service& service, const http::Assets& assets);

// A refusal as an accessible page.
http::ErrorPage error_page(const Service& service, const http::Assets& assets);

}  // namespace parvis::portal
