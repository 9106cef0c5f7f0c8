// The desk: pages where agents of the town examine cases and decide. HTML from the server; all
// works without JavaScript.
//
// Under "/bureau/", which no commune may take as its path (directory/town.cpp):
//   GET, POST connexion        {"login", "password", "_vers"?}: where an agent signs in
//   POST deconnexion           {"_token"}
//   GET, POST mot-de-passe     {"_token", "current", "next", "again"}
//   GET  dossiers              ?etat, demarche, service, apres: the list; q: what is sought
//   GET  dossiers/{key}        a case, by its reference
//   GET, POST dossiers/{key}/{act}    an act's form (acts.hpp); {"_token", "id", "seen", …}
//   GET  dossiers/{key}/decision/{seq}  the signed letter as PDF
//   GET  dossiers/{key}/accuse-de-reception.pdf
//   POST dossiers/{key}/courrier  {"_token", "seq"}: the letter of that event was handed over or
//                              posted
//   GET  dossiers/{key}/pieces/{piece}  a file that came with it, never shown inside of a page
//   rendez-vous…               appointments (appointments.hpp)
//   demarches…                 empty forms to print (forms.hpp), requests that an agent types
//                              (counter.hpp)
//
// Every page but the first passes one gate (gate.hpp): a live session, and for what changes
// something a form that this site sent. A case of another service, a draft and one that never was
// are one page (404). A form that has been sent is answered by a redirect; sent twice, it is one
// act, since it carries the act's id.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/appointments.hpp"
#include "api/casework.hpp"
#include "base/sensitive.hpp"
#include "casework/decision.hpp"
#include "directory/service.hpp"
#include "http/assets.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "identity/sessions.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::desk {

inline constexpr std::string_view kPath = "/bureau";

// What the pages need; all that it refers to outlives the router. Functions may be called from many
// threads and may throw Error.
struct Desk {
  identity::Sessions& sessions;
  const api::Casework& casework;
  std::string town;  // as shown: "Agglomération du Val d’Orle"
  std::vector<tenancy::Commune> communes;
  // Names of services by their ids; those that are there no more are left out.
  std::function<std::map<std::string, std::string>(const std::vector<std::string>& ids)> names;
  // Of a commune, those of the whole tenant among them.
  std::function<std::vector<directory::Service>(const std::string& commune)> services;
  // The letter of a decision taken at that moment, as PDF; may be empty.
  std::function<std::string(const casework::Decision&,
                            const Personal<std::vector<std::string>>& recipient, Instant at)>
      decision_pdf = {};
  const api::Appointing* appointing = nullptr;  // null: the desk has no appointments
  // The acknowledgement of a case as PDF; may be empty.
  std::function<std::string(const casework::Opened&, const casework::Receipt&)> receipt_pdf = {};
  // The letter of another act, for paper; empty without one. May be empty itself.
  std::function<std::string(const casework::Opened&, const casework::Receipt&,
                            const casework::Happened&)>
      letter_pdf = {};
  // A démarche as an empty form, as PDF (paper_form.hpp); may be empty.
  std::function<std::string(const procedure::Definition&, const directory::Service* office)>
      form_pdf = {};
};

// desk and assets outlive the router.
void add_desk(http::Router& router, const Desk& desk, const http::Assets& assets);

// Who is signed in at the desk, for pages elsewhere that an agent works on. Nobody who may not act.
std::optional<casework::Author> agent_of(const Desk& desk, const http::Request& request);

// A refusal as a page of the desk, for requests under kPath.
bool of_desk(const http::Request& request);
http::ErrorPage error_page(const Desk& desk, const http::Assets& assets);

}  // namespace parvis::desk
