// A request that an agent types for a person: at the counter, on the phone, from a paper form.
// Behind the gate, for the services that are the agent's.
//
//   GET, POST demarches/{id}/saisie   {"_token", "_start", "way", "received"?, "commune"}; or, to
//   go
//                                     on with a draft of theirs, {"_token", "reprendre"}
//
// The POST begins a draft in the agent's name and leads to the form of the portal. Its address
// names no draft: a cookie opens it, in this agent's session alone (portal/procedures.hpp).
#pragma once

#include <string>
#include <vector>

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// The communes in which the agent may open a case of the démarche.
std::vector<tenancy::Commune> typed_in(const Desk& desk, const Entered& who,
                                       const procedure::Definition& definition);
std::string typing_url(const std::string& procedure);

// All outlive the router.
void add_counter(http::Router& router, const Desk& desk, const Gate& gate);

}  // namespace parvis::desk
