// The command line. Exit 0 done, 1 failed, 2 bad usage or bad input.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace parvis::app {

struct Arguments {
  std::filesystem::path home = "var";
  bool json = false, add = false, dry_run = false, yes = false, lexical = false;
  std::filesystem::path batch, out, assets = "web/assets";
  std::string listen = "127.0.0.1:8080";
  std::string tenant, commune, now;        // as given; empty when not
  std::vector<std::string> after, chosen;  // earlier questions; choices made
  std::vector<std::string> words;          // the command and its operands, in order
};

// Throws Error{invalid} for an option that is not known or lacks its value.
Arguments parse_arguments(const std::vector<std::string>& all);

int run(const Arguments& arguments);  // throws Error

}  // namespace parvis::app
