// What is kept, and what is said, when something breaks: a killed process, a lost connection, a
// full disk, a lock.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <set>
#include <thread>

#include "support/items.hpp"

namespace parvis::db {
namespace {
using support::error_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Faults : public support::Items {};
INSTANTIATE_TEST_SUITE_P(Engines, Faults, support::kEngines, support::engine_name);

// Writers acknowledge through a pipe what write() has returned from; then they are killed.
TEST_P(Faults, KeepsWhatItAcknowledgedWhenKilled) {
  constexpr std::size_t kAcknowledged = 60;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Database database(config());
    std::vector<std::jthread> threads;
    for (std::int64_t t = 0; t < 3; ++t)
      threads.emplace_back([&, t] {
        for (std::int64_t id = t;; id += 3) {
          database.write([&](Tx& tx) {
            insert(tx, id);
            tx.run("insert into db_part (item) values ($1)", {id});
          });
          if (::write(ends[1], &id, sizeof id) != sizeof id) ::_exit(1);
        }
      });
    threads.clear();
  }
  ::close(ends[1]);
  std::set<std::int64_t> acknowledged;
  std::int64_t id = 0;
  while (acknowledged.size() < kAcknowledged && ::read(ends[0], &id, sizeof id) == sizeof id)
    acknowledged.insert(id);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(ends[0], &id, sizeof id) == sizeof id) acknowledged.insert(id);
  ::close(ends[0]);
  ASSERT_GE(acknowledged.size(), kAcknowledged);

  Database database(config());
  std::set<std::int64_t> saved;
  database.read([&](Tx& tx) {
    tx.each("select id from db_item", {}, [&](Row row) { saved.insert(row.integer(0)); });
  });
  EXPECT_TRUE(std::ranges::includes(saved, acknowledged));
  EXPECT_EQ(integer(database, "select count(*) from db_part"),
            static_cast<std::int64_t>(saved.size()));  // no half of a transaction
}

class Postgres : public support::Items {};
INSTANTIATE_TEST_SUITE_P(Engines, Postgres, ::testing::Values(Engine::postgres),
                         support::engine_name);

// Both indexes seem as good while the table is empty; with the wrong one a row costs all those of
// its tenant, and a transaction that read them conflicts with every other.
TEST_P(Postgres, PlansAnewWhatItPlannedForAnEmptyTable) {
  DatabaseConfig one = config();
  one.connections = 1;  // whose plans they are
  Database database(one);
  const auto rows_read = [&] {
    return database.write([](Tx& tx) {
      std::int64_t rows = 0;
      tx.run("select kind from db_growing where tenant = $1 and id = $2", {"t", "7"});
      tx.each(
          "select cast(sum(idx_tup_fetch) as bigint) from pg_stat_xact_user_tables "
          "where relname = 'db_growing'",
          {}, [&](Row row) { rows = row.integer(0); });
      return rows;
    });
  };
  for (int i = 0; i < 10; ++i) ASSERT_EQ(rows_read(), 0);
  database.write([](Tx& tx) {
    tx.run(
        "insert into db_growing select 't', cast(n as text), 'k' from generate_series(1, 5000) n");
  });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::int64_t rows = 0;
  while ((rows = rows_read()) != 1 && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(rows, 1);
}

TEST_P(Postgres, RunsATransactionAgainWhenItsConnectionDies) {
  Database database(config());
  int runs = 0;
  database.write([&](Tx& tx) {
    insert(tx, 1);
    if (++runs == 1) cut_connections();
    insert(tx, 2);
  });
  EXPECT_GT(runs, 2);  // cut, rehearsed, run
  EXPECT_EQ(count(database), 2);
  cut_connections();  // while idle
  EXPECT_EQ(count(database), 2);
}

TEST_P(Postgres, SaysSoWhenNobodyKnowsWhetherItIsSaved) {
  DatabaseConfig plain = config();
  plain.rehearse = false;
  Database database(plain);
  EXPECT_THROW(database.write([&](Tx& tx) {
    insert(tx, 1);
    cut_connections();  // after the last statement: it shows at the commit
  }),
               UnknownOutcome);
  EXPECT_EQ(count(database), 0);
}

TEST_P(Postgres, HidesTheRowsOfOtherTenants) {
  Database database(config());
  database.write([](Tx& tx) {
    for (const char* tenant : {"", "a", "b"})
      tx.run("insert into db_wall (tenant) values ($1)", {tenant});
  });
  auto seen = [](Tx& tx) {
    std::vector<std::string> out;
    tx.each("select tenant from db_wall order by tenant", {},
            [&](Row row) { out.emplace_back(row.text(0)); });
    return out;
  };
  EXPECT_THAT(database.read(seen), ElementsAre("", "a", "b"));
  EXPECT_THAT(database.read("a", seen), ElementsAre("", "a"));
  EXPECT_THAT(database.read("it's\\", seen), ElementsAre(""));
  EXPECT_EQ(database.write("a", [](Tx& tx) { return tx.run("delete from db_wall"); }), 1);
  EXPECT_THROW(
      database.write("a", [](Tx& tx) { tx.run("insert into db_wall (tenant) values ('b')"); }),
      Error);
  EXPECT_THAT(database.read(seen), ElementsAre("", "b"));
}

TEST_P(Postgres, SaysWhenTheServerIsOutOfReach) {
  const Error error = error_of([] {
    const Database database(
        DatabaseConfig{.url = "postgresql:///x?host=/nonexistent&password=hush"});
  });
  EXPECT_EQ(error.code(), Errc::unavailable);
  EXPECT_THAT(error.detail(), ::testing::Not(HasSubstr("hush")));
  EXPECT_EQ(error_of([] { const Database database(DatabaseConfig{.url = "mysql:x"}); }).code(),
            Errc::invalid);
}

class SqliteFaults : public support::Items {};
INSTANTIATE_TEST_SUITE_P(Engines, SqliteFaults, ::testing::Values(Engine::sqlite),
                         support::engine_name);

// A disk that fills up at every possible page: each write is whole or refused with a remedy.
TEST_P(SqliteFaults, SurvivesADiskThatFillsUpAnywhere) {
  constexpr std::uint64_t kPage = 4096;
  const std::string large(3 * kPage, 'x');
  std::int64_t saved = 0;
  int full = 0;
  std::uint64_t empty = 0;  // pages that the tables take before anything is in them
  {
    Database database(config());
    empty =
        static_cast<std::uint64_t>(integer(database, "select page_count from pragma_page_count"));
  }
  for (std::uint64_t pages = empty; pages < empty + 50; ++pages) {
    DatabaseConfig small = config();
    small.max_bytes = pages * kPage;
    Database database(small);
    try {
      for (;; ++saved)
        database.write([&](Tx& tx) {
          tx.run("insert into db_item (id, name) values ($1, $2)", {saved, large});
          tx.run("insert into db_part (item) values ($1)", {saved});
        });
    } catch (const Error& error) {
      ++full;
      EXPECT_EQ(error.code(), Errc::unavailable);
      EXPECT_THAT(error.detail(), HasSubstr("disk is full"));
    }
    EXPECT_EQ(count(database), saved);
    EXPECT_EQ(integer(database, "select count(*) from db_part"), saved);
  }
  EXPECT_EQ(full, 50);
  EXPECT_GT(saved, 5);
}

TEST_P(SqliteFaults, SaysWhenAnotherProgramHoldsTheLock) {
  DatabaseConfig hasty = config();
  hasty.patience = std::chrono::milliseconds(50);
  Database mine(hasty);
  Database other(config());
  other.write([&](Tx&) {
    std::jthread([&] {
      const Error error = error_of([&] { mine.write([](Tx& tx) { insert(tx, 1); }); });
      EXPECT_EQ(error.code(), Errc::unavailable);
      EXPECT_THAT(error.detail(), HasSubstr("locked"));
    }).join();
  });
  mine.write([](Tx& tx) { insert(tx, 1); });
}

TEST_P(SqliteFaults, SaysWhenTheFileIsNoDatabase) {
  DatabaseConfig folder = config();
  folder.url += "-folder";
  std::filesystem::create_directories(folder.url.substr(std::string_view("sqlite:").size()));
  EXPECT_EQ(error_of([&] { const Database database(folder); }).code(), Errc::unavailable);
}

}  // namespace
}  // namespace parvis::db
