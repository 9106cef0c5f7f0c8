// Appointments as pages: forms and links do all of it, a script nothing.
//
// Under "/" and under "/{commune}/":
//   GET  rendez-vous                               what one may come for
//   GET  rendez-vous/choisir/{agenda}/{reason}     free slots; ?personnes, ?maniere, ?lieu, ?jour
//   POST the same                                  {"_start", "debut", …}: held; the cookie is set
//   GET, POST rendez-vous/mien/{id}/vous           who comes; {"_token", …}: booked
//   GET  rendez-vous/mien/{id}                     when, where, what to bring
//   GET, POST rendez-vous/mien/{id}/deplacer       {"_token", "debut"}
//   GET, POST rendez-vous/mien/{id}/annuler        asks first; {"_token"}
//   GET  rendez-vous/mien/{id}/rendez-vous.ics
//   POST rendez-vous/mien/{id}/fermer              {"_token"}: forgets it on this device
//   GET, POST rendez-vous/attente/{agenda}/{reason}  the waiting list
//   GET, POST rendez-vous/place/{id}               a freed slot: {"_token", "act": "prendre",
//                                                  "laisser"}
//   GET, POST rendez-vous/lien/{link}              a personal link: asks first; {"_start"}
//   GET  rendez-vous/lien/{link}/rendez-vous.ics   the same file, for a program that looks again
//
// A cookie opens a booking, and only its own pages receive it. The id in an address opens nothing.
// What is missing, too old or another's is one page (404) that says what to do.
#pragma once

#include <string>

#include "api/appointments.hpp"
#include "portal/portal.hpp"

namespace parvis::portal {

struct Booking {
  const api::Appointing& appointing;  // outlives the router; its budgets are spent here too
  // As citizens write it, "https://demarches.ville.example"; empty: as the browser wrote it.
  std::string public_url = {};
};

// service and assets outlive the router.
void add_appointments(http::Router& router, const Service& service, const http::Assets& assets,
                      const Booking& booking);

}  // namespace parvis::portal
