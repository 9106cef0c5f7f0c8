// Appointments at the desk: their routes.
//
//   GET  rendez-vous                  ?agenda, jour: who comes, by counter and hour
//   GET  rendez-vous/nouveau          ?agenda, motif, personnes, maniere, commune, debut: for who
//   POST the same                     calls: why, when, who; {"_token", "_start", "debut", …}
//   GET, POST rendez-vous/absences    {"_token", "id", "guichet", "du", "au", "raison", "sur"}:
//                                     what it displaces is shown before it is noted
//   POST rendez-vous/absences/fin     {"_token", "agenda", "guichet", "id"}
//   GET  rendez-vous/chiffres         ?agenda, du, au
//   GET  rendez-vous/{id}             one of them
//   GET  rendez-vous/{id}/dossier     to the case that it belongs to
//   POST rendez-vous/{id}/etat        {"_token", "acte", "retour"}: arrived, received, absent,
//                                     undone
//   GET, POST rendez-vous/{id}/deplacer  {"_token", "debut", "quand"}
//   GET, POST rendez-vous/{id}/annuler   {"_token"}
//
// An agenda or a booking of another service is one page with those that do not exist (404).
#pragma once

#include <optional>

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// All outlive the router. desk.appointing is not null.
void add_appointments(http::Router& router, const Desk& desk, const Gate& gate);
// Gate's Resume of the forms of appointments; nothing when the desk has none.
std::optional<http::Response> resume_visit(const Desk& desk, const Entered& who, const Kept& kept);

}  // namespace parvis::desk
