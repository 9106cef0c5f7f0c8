#include "app/server_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "http/descriptors.hpp"

namespace parvis::app {
namespace {

std::size_t files_aside(const Config& config) {
  return kFilesAside +
         kFilesPerDatabaseConnection * static_cast<std::size_t>(config.database_connections);
}

}  // namespace

http::Limits limits_of(const Config& config) {
  http::Limits limits;
  limits.connections = static_cast<std::size_t>(config.connections);
  limits.connections_per_address = static_cast<std::size_t>(config.connections_per_address);
  limits.drain_time = std::chrono::seconds(config.drain_s);
  limits.streams = static_cast<std::size_t>(config.streams);
  limits.streams_per_address = static_cast<std::size_t>(config.streams_per_address);
  limits.stream_ping_time = std::chrono::seconds(config.stream_ping_s);
  return limits;
}

std::size_t files_needed(const Config& config) {
  return http::descriptors_of(limits_of(config)) + files_aside(config);
}

ServerLimits limits_within(const Config& config, std::size_t files) {
  const http::Limits wanted = limits_of(config);
  const std::size_t aside = files_aside(config);
  ServerLimits out{.limits = http::fitted(wanted, files - std::min(files, aside)), .problem = {}};
  const http::Limits& given = out.limits;
  if (given.streams != wanted.streams || given.connections != wanted.connections)
    out.problem = fmt::format(
        "the system lets this process open {} files, and server.connections = {} with "
        "server.streams = {} needs {}: {} connections and {} streams are held at once; raise the "
        "hard limit (LimitNOFILE={} in the unit, or ulimit -Hn), or lower server.streams",
        files, wanted.connections, wanted.streams, files_needed(config), given.connections,
        given.streams, files_needed(config));
  return out;
}

}  // namespace parvis::app
