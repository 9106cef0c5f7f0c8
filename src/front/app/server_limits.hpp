// What the server holds at once: the configuration's limits, as far as this process may open files.
#pragma once

#include <string>

#include "app/config.hpp"
#include "http/limits.hpp"

namespace parvis::app {

// Open files that are no client's: indexes, logs, the model's process, requests of commands beside.
inline constexpr std::size_t kFilesAside = 256;
// Of a connection to the database: SQLite's file, its log and the log's index.
inline constexpr std::size_t kFilesPerDatabaseConnection = 3;

http::Limits limits_of(const Config& config);
std::size_t files_needed(const Config& config);

struct ServerLimits {
  http::Limits limits;
  std::string problem;  // why fewer are held than configured, and the remedy; empty when not
};
// files: those that the process may open (http::allow_descriptors).
ServerLimits limits_within(const Config& config, std::size_t files);

}  // namespace parvis::app
