// Migrations, on both engines.
#include <gmock/gmock.h>

#include <thread>

#include "support/items.hpp"

namespace parvis::db {
namespace {
using support::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Migrations : public support::Items {};
INSTANTIATE_TEST_SUITE_P(Engines, Migrations, support::kEngines, support::engine_name);

TEST_P(Migrations, MigratesOnceThoughManyTryAtTheSameTime) {
  std::vector<Migration> all = all_migrations();
  all.push_back(
      {"30000101T0000_more",
       "create table db_more (n integer not null) strict;\n"
       "-- sqlite: only a remark to SQLite\n-- postgres: insert into db_more values (2);\n"
       "insert into db_more values (1); -- strict 'blob'\n"});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        Database database(config());
        migrate(database, all);
      });
  }
  Database database(config());
  EXPECT_EQ(integer(database, "select count(*) from db_more"), on_sqlite() ? 1 : 2);
}

TEST_P(Migrations, OpensWhileAnotherProgramWrites) {
  std::vector<Migration> all = all_migrations();
  Database other(config());
  other.write([&](Tx& tx) {
    insert(tx, 1);
    std::jthread([&] {
      Database database(config());
      EXPECT_THAT(pending(database, all), IsEmpty());
      migrate(database, all);
    }).join();
  });
  all.push_back({"30000101T0000_more", "create table db_more (n integer)"});
  EXPECT_EQ(pending(other, all).size(), 1);
}

TEST_P(Migrations, RefusesAnotherHistory) {
  Database database(config());
  const Error newer = error_of([&] { migrate(database, support::migrations()); });
  EXPECT_EQ(newer.code(), Errc::conflict);
  EXPECT_THAT(newer.detail(), HasSubstr("newer than this program"));
  std::vector<Migration> changed = support::migrations();
  changed.push_back({support::kItemTables[0].name, "select 1"});
  EXPECT_THAT(error_of([&] { migrate(database, changed); }).detail(), HasSubstr("has changed"));
}

TEST_P(Migrations, AppliesAMigrationThatArrivesLate) {
  Database database(config());
  std::vector<Migration> all = support::migrations();
  all.push_back({"20500101T0000_late", "create table db_late (n integer) strict"});
  all.push_back(support::kItemTables[0]);
  migrate(database, all);
  EXPECT_EQ(integer(database, "select count(*) from db_late"), 0);
}

TEST_P(Migrations, AFailedMigrationLeavesNothing) {
  Database database(config());
  std::vector<Migration> all = all_migrations();
  all.push_back({"30000101T0000_good", "create table db_good (n integer) strict"});
  all.push_back({"30000102T0000_bad", "create table db_good (n integer) strict"});
  EXPECT_EQ(error_of([&] { migrate(database, all); }).code(), Errc::failed);
  EXPECT_THROW(integer(database, "select count(*) from db_good"), Error);
}

}  // namespace
}  // namespace parvis::db
