// What stands on the command line, before any command looks at it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/config.hpp"

namespace parvis::app {

struct Arguments {
  Config config;  // the file of --config, then --home, --listen, --assets
  bool json = false, add = false, dry_run = false, yes = false, lexical = false;
  bool titles = false, cv = false, http = false;
  std::filesystem::path batch, out, marks, without, password_file;
  std::string tenant, commune, now;          // as given; empty when not
  std::string reason, work, seed, kills;     // of a switch; of a drill
  std::string count;                         // of invented things; of a benchmark
  std::string agenda, counter;               // of a calendar
  std::string procedure, format;             // of an export
  std::vector<std::string> states;           // of an export
  std::string person;                        // of an account: --name
  std::vector<std::string> roles, services;  // of an account
  std::vector<std::string> after, chosen;    // earlier questions; choices made
  std::vector<std::string> words;            // the command and its operands, in order
  std::vector<std::string> operands;         // what follows the command's own words
  std::vector<std::string> given;            // names of the options that stand there
};

// Throws Error{invalid} for an option that is not known or lacks its value, and for a configuration
// that cannot be read.
Arguments parse_arguments(const std::vector<std::string>& all);

// Throws Error{invalid} with what is wrong and where help is.
[[noreturn]] void usage(const std::string& what);

}  // namespace parvis::app
