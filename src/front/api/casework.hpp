// What démarches and cases need, whatever shows them: the API as JSON, the portal as pages.
#pragma once

#include <functional>
#include <string>

#include "api/api.hpp"
#include "api/case_appointments.hpp"
#include "casework/access.hpp"
#include "casework/cases.hpp"
#include "casework/pieces.hpp"
#include "casework/receipt.hpp"
#include "procedure/procedure_store.hpp"

namespace parvis::api {

// All that it refers to outlives the server.
struct Casework {
  casework::Cases& cases;
  procedure::Catalogue& catalogue;
  std::string tenant;  // empty while nothing is imported
  Zone zone;
  std::function<Instant()> now;
  // What the citizen is owed on a deposit: who has it, until when, and what then.
  std::function<casework::Receipt(const casework::Opened&)> receipt;
  Budgets budgets = {};
  casework::Pieces* pieces = nullptr;              // null: no files are taken here
  const CaseAppointments* appointments = nullptr;  // null: none is taken here
  // Sends a link into the case of a reference to its own address, when there is such a case and the
  // address that is named is that one. Returns at once and tells nothing, so that nobody learns
  // whether there is one; may be empty.
  std::function<void(const casework::LinkAsked& asked)> send_link = {};
};

// Of a visitor, now. commune: INSEE code, or empty.
tenancy::Context context_of(const Casework& casework, const std::string& request_id,
                            std::string commune = "");

// GET /api/v1/procedures and what is under it, POST /api/v1/cases and what is under it. service and
// casework outlive the router.
void add_cases(http::Router& router, const Service& service, const Casework& casework);

}  // namespace parvis::api
