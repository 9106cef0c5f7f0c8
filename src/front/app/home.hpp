// The state of one installation: a folder with the database and the index.
#pragma once

#include <filesystem>
#include <string>

#include "db/database.hpp"

namespace parvis::app {

// Opens --home DIR, creating it, and applies the pending migrations.
struct Home {
  explicit Home(const std::filesystem::path& folder);

  // Where the generations of a scope are: the national corpus (tenant ""), or a tenant's own.
  std::filesystem::path index_of(std::string_view tenant) const;

  std::filesystem::path folder;
  db::Database database;
};

// The tenant that a command works for: the one named, which must exist, or the only one. Empty when
// none is named and there is none: then the national corpus alone answers.
std::string tenant_named(Home& home, const std::string& named);

}  // namespace parvis::app
