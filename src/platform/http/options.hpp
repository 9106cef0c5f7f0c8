// How a server is set up, and what each of its responses carries.
#pragma once

#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"

namespace parvis::http {

// On each response, unless its handler set the same name. Nothing inline runs; nobody frames us.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSecurityHeaders = {{
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

// Renders a refusal for a person. Pure and quick: it may run on an event loop. If it throws, the
// refusal is sent as problem+json.
using ErrorPage = std::function<Response(const Request&, const Refusal&)>;

// Whether X-Forwarded-For is believed. local_proxy: from peers on loopback or a Unix socket, the
// last address of the last such field is the peer, and the limit per address does not count them.
enum class Forwarded { ignored, local_proxy };

struct ServerOptions {
  Limits limits = {};
  ErrorPage error_page = nullptr;  // problem+json for all
  Forwarded forwarded = Forwarded::ignored;
  std::function<Instant()> clock = system_now;
};

}  // namespace parvis::http
