#include "http/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace parvis::http {
namespace {

constexpr std::size_t kOfServer = 2;  // what listens; a client that is being refused

}  // namespace

std::size_t descriptors_of(const Limits& limits) {
  return limits.connections + limits.streams + kOfServer;
}

std::size_t allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < wanted) {
    const rlimit raised{std::min<rlim_t>(wanted, limit.rlim_max), limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur;
}

Limits fitted(Limits limits, std::size_t descriptors) {
  if (descriptors_of(limits) <= descriptors) return limits;
  const std::size_t room = descriptors - std::min(descriptors, kOfServer);
  const auto all_but = [&](std::size_t taken) {
    return std::max<std::size_t>(room - std::min(room, taken), 1);
  };
  // Few streams leave connections more than their half.
  const std::size_t half = std::max(room / 2, all_but(limits.streams));
  limits.connections = std::min(limits.connections, half);
  limits.streams = std::min(limits.streams, all_but(limits.connections));
  return limits;
}

}  // namespace parvis::http
