// Signing in and out, and one's password.
#pragma once

#include <functional>
#include <optional>

#include "desk/gate.hpp"
#include "http/router.hpp"

namespace parvis::desk {

// Shows again, with what was typed, the form that waited for a sign-in; nothing when it is none.
using Resume = std::function<std::optional<http::Response>(const Entered&, const Kept&)>;

// desk, gate outlive the router.
void add_access(http::Router& router, const Desk& desk, const Gate& gate, Resume resume);

}  // namespace parvis::desk
