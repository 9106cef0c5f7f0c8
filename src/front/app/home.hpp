// The state of one installation: its folder, its database and where its index is.
#pragma once

#include <string>

#include "app/config.hpp"
#include "db/database.hpp"

namespace parvis::app {

// Opens what the configuration names, creating it, and applies the pending migrations.
struct Home {
  explicit Home(Config configuration);

  Config config;
  db::Database database;
};

// The tenant that a command works for: the one named, which must exist, or the only one. Empty when
// none is named and there is none: then the national corpus alone answers.
std::string tenant_named(Home& home, const std::string& named);

}  // namespace parvis::app
