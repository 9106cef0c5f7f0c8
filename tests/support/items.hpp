// A few tables, and short ways to them: what the tests of db/ write.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "support/databases.hpp"

namespace parvis::support {

inline constexpr std::array kItemTables = {db::Migration{
    "20991231T0000_test",
    "create table db_item (id integer primary key, name text, weight real, bytes blob) strict;\n"
    "create table db_part (item integer not null references db_item (id)) strict;\n"
    "create table db_growing (tenant text not null, id text not null, kind text not null,\n"
    "  a text, b text, c text, d text, e text, f text, g text, h text, i text, j text,\n"
    "  primary key (tenant, id)) strict;\n"
    "create index db_growing_by_kind on db_growing (tenant, kind);\n"
    "create table db_wall (tenant text not null) strict;\n"
    "-- postgres: alter table db_wall enable row level security;\n"
    "-- postgres: alter table db_wall force row level security;\n"
    "-- postgres: create policy wall on db_wall\n"
    "-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));\n"
    "-- postgres: create policy shared on db_wall for select using (tenant = '');\n"}};

class Items : public EachEngine {
 protected:
  Items() {
    db::Database fresh(config());
    migrate(fresh, all_migrations());
  }
  // Those of the program, then kItemTables.
  static std::vector<db::Migration> all_migrations() {
    std::vector<db::Migration> all = migrations();
    all.insert(all.end(), kItemTables.begin(), kItemTables.end());
    return all;
  }
  static std::int64_t integer(db::Database& database, db::Sql sql) {
    return database.read([&](db::Tx& tx) {
      std::int64_t n = 0;
      tx.each(sql, {}, [&](db::Row row) { n = row.integer(0); });
      return n;
    });
  }
  static std::int64_t count(db::Database& database) {
    return integer(database, "select count(*) from db_item");
  }
  static void insert(db::Tx& tx, std::int64_t id) {
    tx.run("insert into db_item (id, name) values ($1, $2)", {id, "é"});
  }
};

template <typename Fn>
Error error_of(Fn&& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Errc::failed, "");
}

}  // namespace parvis::support
