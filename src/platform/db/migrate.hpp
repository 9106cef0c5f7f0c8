// The schema: forward-only migrations, embedded in the program from migrations/*.sql.
//
// A migration is written in the words of SQLite and read as such; for PostgreSQL the words integer,
// real and blob become bigint, double precision and bytea, and `strict` goes. Where the engines
// part, a line that starts with `-- sqlite:` or `-- postgres:` is for that engine alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace parvis::db {

struct Migration {
  std::string name;  // "20261123T0900_expand_init": they apply in the order of names
  std::string sql;
};

const std::vector<Migration>& embedded_migrations();

// Applies the pending ones in one transaction, under a lock: all or none. Returns their names.
// Throws Errc::conflict, changing nothing, when the database knows a migration that this program
// does not ("this database is newer than this program") or one that has changed since it was
// applied.
std::vector<std::string> migrate(Database& database,
                                 std::span<const Migration> migrations = embedded_migrations());

// What migrate() would apply. Throws as it does.
std::vector<std::string> pending_migrations(
    Database& database, std::span<const Migration> migrations = embedded_migrations());

}  // namespace parvis::db
