// Open files. A process may have so many (RLIMIT_NOFILE), and each connection and each stream is
// one. Without one left nobody is accepted any more, not even to be told 503: so the limits are
// made to fit before a server listens.
#pragma once

#include <cstddef>

#include "http/limits.hpp"

namespace parvis::http {

// What a server with these limits has open at most.
std::size_t descriptors_of(const Limits& limits);

// Raises what this process may open to `wanted`, as far as the system lets it, and never lowers it.
// Returns what it may open then. Its later children may open as much.
std::size_t allow_descriptors(std::size_t wanted);

// The same limits with fewer streams, then fewer connections, so that `descriptors` are enough:
// connections keep half of them if they want it. At least one of each is left.
Limits fitted(Limits limits, std::size_t descriptors);

}  // namespace parvis::http
