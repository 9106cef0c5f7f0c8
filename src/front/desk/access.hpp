// Signing in and out, and one's password.
#pragma once

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// desk, gate outlive the router.
void add_access(http::Router& router, const Desk& desk, const Gate& gate);

}  // namespace parvis::desk
