// What appointments need, whatever shows them: the API as JSON, the portal as pages.
#pragma once

#include <functional>
#include <string>

#include "api/api.hpp"
#include "api/talk.hpp"
#include "appointment/appointments.hpp"

namespace parvis::api {

// All that it refers to outlives the server.
struct Appointing {
  appointment::Appointments& appointments;
  appointment::Agendas& agendas;
  std::string tenant;  // empty while nothing is imported
  Zone zone;
  std::function<Instant()> now;
  Budgets budgets = {};
  // The appointment as a calendar program reads it; may be empty.
  std::function<std::string(const appointment::Opened&)> ics = {};
};

// {"step_free", "sign_language", "companion", "interpreter", "note"}; Error(invalid) for what is of
// another type or too long.
appointment::Needs needs_of(const json::object& object);

// Of a visitor, now. commune: INSEE code, or empty.
tenancy::Context context_of(const Appointing& appointing, const std::string& request_id,
                            std::string commune = "");

// GET /api/v1/agendas, /api/v1/slots; POST /api/v1/appointments and what is under it. service and
// appointing outlive the router.
void add_appointments(http::Router& router, const Service& service, const Appointing& appointing);

}  // namespace parvis::api
