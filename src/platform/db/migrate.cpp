#include <algorithm>
#include <array>
#include <map>

#include "crypto/hash.hpp"
#include "db/connection.hpp"

namespace parvis::db {
namespace {

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// One line of SQLite's dialect, for PostgreSQL. Quoted text and comments stay as they are.
void append_for_postgres(std::string& out, std::string_view line) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kWords = {
      {{"integer", "bigint"}, {"real", "double precision"}, {"blob", "bytea"}, {"strict", ""}}};
  bool quoted = false;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '\'') quoted = !quoted;
    if (!quoted && line.substr(i).starts_with("--")) break;
    std::size_t end = i;
    while (end < line.size() && word_character(line[end])) ++end;
    std::string_view word = line.substr(i, std::max<std::size_t>(end - i, 1));
    i += word.size();
    if (!quoted)
      for (const auto& [ours, theirs] : kWords)
        if (word == ours) {
          word = theirs;
          break;
        }
    out += word;
  }
  out += '\n';
}

std::string for_postgres(std::string_view sql) {
  constexpr std::string_view kOwn = "-- postgres:";
  std::string out;
  while (!sql.empty()) {
    const std::size_t end = std::min(sql.find('\n'), sql.size());
    const std::string_view line = sql.substr(0, end);
    if (line.starts_with(kOwn))
      out.append(line.substr(kOwn.size())).append("\n");
    else
      append_for_postgres(out, line);
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
  return out;
}

// Those not applied yet, given the hashes of those that are, by name.
std::vector<Migration> left(const std::map<std::string, std::string, std::less<>>& applied,
                            std::span<const Migration> migrations) {
  for (const auto& [name, hash] : applied) {
    const auto ours = std::ranges::find(migrations, name, &Migration::name);
    if (ours == migrations.end())
      throw Error(Errc::conflict,
                  "this database is newer than this program (it has the migration " + name +
                      "): use the program that made it, or a newer one");
    if (hash != crypto::sha256_hex(ours->sql))
      throw Error(Errc::conflict, "the migration " + name +
                                      " has changed since it was applied: use the program that "
                                      "applied it");
  }
  std::vector<Migration> out(migrations.begin(), migrations.end());
  std::erase_if(out, [&](const Migration& each) { return applied.contains(each.name); });
  return out;
}

std::map<std::string, std::string, std::less<>> applied_in(Tx& tx) {
  std::map<std::string, std::string, std::less<>> applied;
  tx.each("select name, hash from db_migration", {},
          [&](Row row) { applied.emplace(row.text(0), row.text(1)); });
  return applied;
}

}  // namespace

std::vector<Migration> pending(Database& database, std::span<const Migration> migrations) {
  constexpr Sql kOnSqlite = "select 1 from sqlite_master where name = 'db_migration'";
  constexpr Sql kOnPostgres = "select 1 where to_regclass('db_migration') is not null";
  return database.read([&](Tx& tx) {
    bool any = false;
    tx.each(database.engine() == Engine::sqlite ? kOnSqlite : kOnPostgres, {},
            [&](Row) { any = true; });
    if (!any) return std::vector<Migration>(migrations.begin(), migrations.end());
    return left(applied_in(tx), migrations);
  });
}

void migrate(Database& database, std::span<const Migration> migrations) {
  if (pending(database, migrations).empty()) return;
  database.in_transaction(Access::migrate, Database::kSystem, [&](Tx& tx) {
    tx.connection_.lock_schema();
    tx.run("create table if not exists db_migration (name text primary key, hash text not null)");
    for (const Migration& migration : left(applied_in(tx), migrations)) {
      tx.connection_.script(database.engine() == Engine::sqlite ? std::string(migration.sql)
                                                                : for_postgres(migration.sql));
      const std::string hash = crypto::sha256_hex(migration.sql);
      tx.run("insert into db_migration (name, hash) values ($1, $2)", {migration.name, hash});
    }
  });
}

}  // namespace parvis::db
