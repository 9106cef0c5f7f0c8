// The list, cases and acts: their routes.
#pragma once

#include <optional>

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// All outlive the router.
void add_cases(http::Router& router, const Desk& desk, const Gate& gate);
// Gate's Resume of the forms of acts.
std::optional<http::Response> resume_act(const Desk& desk, const Entered& who, const Kept& kept);

}  // namespace parvis::desk
