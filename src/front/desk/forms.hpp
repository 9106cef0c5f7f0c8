// Démarches at the desk, for who calls or comes to the counter: their list, and each as an empty
// form to print. Behind the gate.
//
//   GET  demarches
//   GET  demarches/{id}/formulaire    ?commune: its INSEE code, where the service depends on it;
//   PDF
#pragma once

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// All outlive the router.
void add_forms(http::Router& router, const Desk& desk, const Gate& gate);

}  // namespace parvis::desk
