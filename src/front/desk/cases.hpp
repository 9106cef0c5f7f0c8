// The list, cases and acts: their routes.
#pragma once

#include <optional>

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// All outlive the router.
void add_cases(http::Router& router, const Desk& desk, const Gate& gate);
// The form that waited for a sign-in, with what was typed; nothing when it is none of an act.
std::optional<http::Response> resume(const Desk& desk, const Entered& who, const Kept& kept);

}  // namespace parvis::desk
