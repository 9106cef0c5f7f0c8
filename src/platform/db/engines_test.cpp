// What both engines promise, judged on both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "support/databases.hpp"

namespace parvis::db {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::array kTables = {Migration{
    "20991231T0000_test",
    "create table db_item (id integer primary key, name text, weight real, bytes blob) strict;\n"
    "create table db_part (item integer not null references db_item (id)) strict;\n"
    "create table db_wall (tenant text not null) strict;\n"
    "-- postgres: alter table db_wall enable row level security;\n"
    "-- postgres: alter table db_wall force row level security;\n"
    "-- postgres: create policy wall on db_wall\n"
    "-- postgres:   using (current_setting('parvis.tenant', true) in (tenant, '*'));\n"
    "-- postgres: create policy shared on db_wall for select using (tenant = '');\n"}};

class Engines : public support::EachEngine {
 protected:
  Engines() {
    std::vector<Migration> all = support::migrations();
    all.insert(all.end(), kTables.begin(), kTables.end());
    Database fresh(config());
    migrate(fresh, all);
  }
  static std::int64_t integer(Database& database, Sql sql) {
    return database.read([&](Tx& tx) {
      std::int64_t n = 0;
      tx.each(sql, {}, [&](Row row) { n = row.integer(0); });
      return n;
    });
  }
  static std::int64_t count(Database& database) {
    return integer(database, "select count(*) from db_item");
  }
  static void insert(Tx& tx, std::int64_t id) {
    tx.run("insert into db_item (id, name) values ($1, $2)", {id, "é"});
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Engines, support::kEngines, support::engine_name);

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

TEST_P(Engines, KeepsEveryTypeOfValue) {
  Database database(config());
  const std::string bytes("\0\xff'\\x41", 7);
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  database.write([&](Tx& tx) {
    tx.run("insert into db_item (id, name, weight, bytes) values ($1, $2, $3, $4)",
           {kLeast, "l'été ?$1;\n", 0.1, Blob(bytes)});
    tx.run("insert into db_item (id, name, weight, bytes) values ($1, $2, $3, $4)",
           {1, "", -1e300, Blob("")});
    tx.run("insert into db_item (id, name, weight, bytes) values ($1, $2, $3, $4)",
           {2, std::monostate{}, std::monostate{}, std::monostate{}});
  });
  int rows = 0;
  database.read([&](Tx& tx) {
    tx.each("select id, name, weight, bytes, '$9' from db_item order by id", {}, [&](Row row) {
      EXPECT_EQ(row.text(4), "$9");
      switch (rows++) {
        case 0:
          EXPECT_EQ(row.integer(0), kLeast);
          EXPECT_EQ(row.text(1), "l'été ?$1;\n");
          EXPECT_EQ(row.real(2), 0.1);
          EXPECT_EQ(row.blob(3), bytes);
          break;
        case 1:
          EXPECT_FALSE(row.is_null(1));
          EXPECT_EQ(row.text(1), "");
          EXPECT_EQ(row.real(2), -1e300);
          EXPECT_FALSE(row.is_null(3));
          break;
        default:
          for (int i = 1; i < 4; ++i) EXPECT_TRUE(row.is_null(i));
          EXPECT_EQ(row.text(1), "");
          EXPECT_EQ(row.integer(1), 0);
          EXPECT_EQ(row.blob(3), "");
      }
    });
  });
  EXPECT_EQ(rows, 3);
}

TEST_P(Engines, BindsParametersByNumberAndTheirFullWidth) {
  Database database(config());
  const auto found = database.read([](Tx& tx) {
    std::vector<std::int64_t> out;
    tx.each("select $2 - $1, $1 + 1, cast(sum($1) as bigint)", {std::int64_t{1} << 40, 7},
            [&](Row row) { out = {row.integer(0), row.integer(1), row.integer(2)}; });
    return out;
  });
  const std::int64_t large = std::int64_t{1} << 40;
  EXPECT_THAT(found, ElementsAre(7 - large, large + 1, large));
}

TEST_P(Engines, RefusesToReadACellAsAnotherType) {
  Database database(config());
  EXPECT_EQ(error_of([&] {
              database.read(
                  [](Tx& tx) { tx.each("select 'x'", {}, [](Row row) { (void)row.integer(0); }); });
            }).code(),
            Errc::failed);
}

TEST_P(Engines, RollsBackOnAThrowOfAnyKind) {
  Database database(config());
  EXPECT_THROW(database.write([](Tx& tx) {
    insert(tx, 1);
    throw 7;
  }),
               int);
  EXPECT_EQ(count(database), 0);
}

TEST_P(Engines, TellsConflictsFromFailures) {
  Database database(config());
  database.write([](Tx& tx) { insert(tx, 1); });
  auto code = [&](auto fn) { return error_of([&] { database.write(fn); }).code(); };
  EXPECT_EQ(code([](Tx& tx) { insert(tx, 1); }), Errc::conflict);
  EXPECT_EQ(code([](Tx& tx) { tx.run("insert into db_part (item) values (9)"); }), Errc::conflict);
  EXPECT_EQ(code([](Tx& tx) { tx.run("insert into db_part (item) values (null)"); }), Errc::failed);
  EXPECT_EQ(code([](Tx& tx) { tx.run("select * from absent"); }), Errc::failed);
  EXPECT_EQ(code([](Tx& tx) { tx.run("delete from db_item where name = $1", {"a\xff"}); }),
            Errc::invalid);
  EXPECT_EQ(code([](Tx& tx) {
              tx.run("delete from db_item where name = $1", {std::string_view("a\0b", 3)});
            }),
            Errc::invalid);
  EXPECT_EQ(count(database), 1);
}

TEST_P(Engines, CannotGoOnAfterAnErrorEvenASwallowedOne) {
  Database database(config());
  database.write([](Tx& tx) { insert(tx, 1); });
  EXPECT_EQ(error_of([&] {
              database.write([](Tx& tx) {
                insert(tx, 2);
                EXPECT_THROW(insert(tx, 1), Error);
              });
            }).code(),
            Errc::conflict);
  EXPECT_EQ(count(database), 1);
  database.write([](Tx& tx) {
    EXPECT_EQ(tx.run("insert into db_item (id) values (1) on conflict do nothing"), 0);
    EXPECT_EQ(tx.run("insert into db_item (id) values (2) on conflict do nothing"), 1);
    EXPECT_EQ(tx.run("update db_item set name = 'x'"), 2);
  });
}

TEST_P(Engines, AReadMayNotWriteAndSeesOneMoment) {
  Database database(config());
  EXPECT_THROW(database.read([](Tx& tx) { insert(tx, 1); }), Error);
  database.read([&](Tx& tx) {
    std::vector<std::int64_t> seen;
    auto look = [&] {
      tx.each("select count(*) from db_item", {}, [&](Row row) { seen.push_back(row.integer(0)); });
    };
    look();
    std::jthread([&] { database.write([](Tx& other) { insert(other, 1); }); }).join();
    look();
    EXPECT_THAT(seen, ElementsAre(0, 0));
  });
  EXPECT_EQ(count(database), 1);
}

TEST_P(Engines, RunsStatementsInsideTheRowsOfAnother) {
  Database database(config());
  database.write([](Tx& tx) {
    for (std::int64_t i = 0; i < 300; ++i) insert(tx, i);
  });
  std::vector<std::int64_t> outer;
  std::int64_t inner = 0;
  database.read([&](Tx& tx) {
    outer.clear();
    inner = 0;
    tx.each("select id from db_item where id >= $1 order by id", {0}, [&](Row row) {
      outer.push_back(row.integer(0));
      if (outer.size() % 100 != 0) return;
      tx.each("select id from db_item where id >= $1 order by id", {row.integer(0)},
              [&](Row) { ++inner; });
    });
  });
  ASSERT_EQ(outer.size(), 300U);
  EXPECT_TRUE(std::ranges::is_sorted(outer));
  EXPECT_EQ(inner, 201 + 101 + 1);
}

TEST_P(Engines, LeavesALongAnswerHalfWay) {
  Database database(config());
  database.write([](Tx& tx) {
    for (std::int64_t i = 0; i < 300; ++i) insert(tx, i);
  });
  EXPECT_THROW(
      database.read([](Tx& tx) { tx.each("select id from db_item", {}, [](Row) { throw 7; }); }),
      int);
  EXPECT_EQ(count(database), 300);
}

TEST_P(Engines, ForgetsStatementsBeyondItsLimit) {
  // More texts than a connection keeps: the same words at other addresses are other statements.
  static constexpr std::array<char, kPreparedStatements * 2 + 9> kText = [] {
    std::array<char, kPreparedStatements * 2 + 9> text{};
    text.fill(' ');
    std::ranges::copy(std::string_view("select 1"), text.end() - 9);
    text.back() = '\0';
    return text;
  }();
  Database database(config());
  std::int64_t sum = 0;
  auto run = [&]<std::size_t... I>(std::index_sequence<I...>) {
    database.read([&](Tx& tx) {
      sum = 0;
      auto add = [&](Row row) { sum += row.integer(0); };
      (tx.each(Sql(kText.data() + I), {}, add), ...);
    });
  };
  run(std::make_index_sequence<kPreparedStatements + 9>());
  run(std::make_index_sequence<kPreparedStatements + 9>());
  EXPECT_EQ(sum, static_cast<std::int64_t>(kPreparedStatements) + 9);
}

// Each thread moves one unit from the item it finds fullest: lost updates would change the sum.
TEST_P(Engines, SerialisesWritersThatConflict) {
  Database database(config());
  database.write([](Tx& tx) {
    for (std::int64_t i = 0; i < 4; ++i)
      tx.run("insert into db_item (id, weight) values ($1, 100)", {i});
  });
  constexpr int kMoves = 15;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (std::int64_t t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < kMoves; ++i) {
          try {
            database.write([&](Tx& tx) {
              double weight = 0;
              tx.each("select weight from db_item where id = $1", {t},
                      [&](Row row) { weight = row.real(0); });
              tx.run("update db_item set weight = $1 where id = $2", {weight - 1, t});
              const std::int64_t next = (t + 1) % 4;
              tx.each("select weight from db_item where id = $1", {next},
                      [&](Row row) { weight = row.real(0); });
              tx.run("update db_item set weight = $1 where id = $2", {weight + 1, next});
            });
            ++done;
          } catch (const Error& e) {
            EXPECT_EQ(e.code(), Errc::overloaded) << e.detail();
          }
        }
      });
  }
  EXPECT_EQ(integer(database, "select cast(sum(weight) as bigint) from db_item"), 400);
  EXPECT_GE(done, kMoves);
}

TEST_P(Engines, RehearsesAWriteSoThatASideEffectShows) {
  Database database(config());
  int runs = 0;
  database.write([&](Tx& tx) {
    ++runs;
    insert(tx, 1);
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count(database), 1);
}

TEST_P(Engines, ATransactionInsideATransactionIsABug) {
  EXPECT_DEATH(
      {
        Database database(config());
        database.read([&](Tx&) { database.read([](Tx&) {}); });
      },
      "CHECK failed");
}

TEST_P(Engines, RefusesWhenEveryConnectionIsTaken) {
  DatabaseConfig few = config();
  few.connections = 1;
  few.patience = std::chrono::milliseconds(50);
  Database database(few);
  database.read([&](Tx&) {
    std::jthread([&] {
      EXPECT_EQ(error_of([&] { database.read([](Tx&) {}); }).code(), Errc::overloaded);
    }).join();
  });
  database.read([](Tx&) {});  // the connection is back
}

TEST_P(Engines, MigratesOnceThoughManyTryAtTheSameTime) {
  const std::array more = {
      Migration{"30000101T0000_more",
                "create table db_more (n integer not null) strict;\n"
                "-- sqlite: only a remark to SQLite\n-- postgres: insert into db_more values (2);\n"
                "insert into db_more values (1); -- strict 'blob'\n"}};
  std::vector<Migration> all = support::migrations();
  all.insert(all.end(), kTables.begin(), kTables.end());
  all.insert(all.end(), more.begin(), more.end());
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

TEST_P(Engines, OpensWhileAnotherProgramWrites) {
  std::vector<Migration> all = support::migrations();
  all.insert(all.end(), kTables.begin(), kTables.end());
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

TEST_P(Engines, RefusesAnotherHistory) {
  Database database(config());
  const Error newer = error_of([&] { migrate(database, support::migrations()); });
  EXPECT_EQ(newer.code(), Errc::conflict);
  EXPECT_THAT(newer.detail(), HasSubstr("newer than this program"));
  std::vector<Migration> changed = support::migrations();
  changed.push_back({kTables[0].name, "select 1"});
  EXPECT_THAT(error_of([&] { migrate(database, changed); }).detail(), HasSubstr("has changed"));
}

TEST_P(Engines, AppliesAMigrationThatArrivesLate) {
  Database database(config());
  std::vector<Migration> all = support::migrations();
  all.push_back({"20500101T0000_late", "create table db_late (n integer) strict"});
  all.insert(all.end(), kTables.begin(), kTables.end());
  migrate(database, all);
  EXPECT_EQ(integer(database, "select count(*) from db_late"), 0);
}

TEST_P(Engines, AFailedMigrationLeavesNothing) {
  Database database(config());
  std::vector<Migration> all = support::migrations();
  all.insert(all.end(), kTables.begin(), kTables.end());
  all.push_back({"30000101T0000_good", "create table db_good (n integer) strict"});
  all.push_back({"30000102T0000_bad", "create table db_good (n integer) strict"});
  EXPECT_EQ(error_of([&] { migrate(database, all); }).code(), Errc::failed);
  EXPECT_THROW(integer(database, "select count(*) from db_good"), Error);
}

// Writers acknowledge through a pipe what write() has returned from; then they are killed.
TEST_P(Engines, KeepsWhatItAcknowledgedWhenKilled) {
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

class Postgres : public Engines {};
INSTANTIATE_TEST_SUITE_P(Engines, Postgres, ::testing::Values(Engine::postgres),
                         support::engine_name);

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

class SqliteFaults : public Engines {};
INSTANTIATE_TEST_SUITE_P(Engines, SqliteFaults, ::testing::Values(Engine::sqlite),
                         support::engine_name);

// A disk that fills up at every possible page: each write is whole or refused with a remedy.
TEST_P(SqliteFaults, SurvivesADiskThatFillsUpAnywhere) {
  constexpr std::uint64_t kPage = 4096;
  const std::string large(3 * kPage, 'x');
  std::int64_t saved = 0;
  int full = 0;
  for (std::uint64_t pages = 10; pages < 60; ++pages) {
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

}  // namespace
}  // namespace parvis::db
