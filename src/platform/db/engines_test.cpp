// What both engines promise, judged on both.
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <semaphore>
#include <thread>

#include "db/bare.hpp"
#include "support/items.hpp"

namespace parvis::db {
namespace {
using support::error_of;
using ::testing::ElementsAre;

class Engines : public support::Items {};
INSTANTIATE_TEST_SUITE_P(Engines, Engines, support::kEngines, support::engine_name);

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

// Another writer changes what this one has read, each time before it can commit, unless it is
// alone.
TEST_P(Engines, AWriterThatAlwaysLosesIsLetAlone) {
  DatabaseConfig plain = config();
  plain.rehearse = false;
  Database database(plain);
  database.write([](Tx& tx) { insert(tx, 1); });
  std::counting_semaphore<> asked{0};
  std::atomic<int> changes = 0;
  std::jthread rival([&](const std::stop_token& stop) {
    for (;;) {
      asked.acquire();
      if (stop.stop_requested()) return;
      database.write([](Tx& tx) { tx.run("update db_item set weight = 1 where id = 1"); });
      ++changes;
    }
  });
  struct End {  // before the rival is joined
    std::jthread& rival;
    std::counting_semaphore<>& asked;
    ~End() {
      rival.request_stop();
      asked.release();
    }
  } const end{rival, asked};
  int runs = 0;
  database.write([&](Tx& tx) {
    ++runs;
    tx.each("select weight from db_item where id = 1", {}, [](Row) {});
    const int before = changes;
    asked.release();
    // As long as a rival takes that need not wait for this one.
    const auto last = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
    while (changes == before && std::chrono::steady_clock::now() < last) std::this_thread::yield();
    tx.run("update db_item set name = 'mine' where id = 1");
  });
  EXPECT_LE(runs, kAttemptsTogether + 1);
  EXPECT_EQ(integer(database, "select count(*) from db_item where name = 'mine'"), 1);
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

TEST_P(Engines, WhatWasSaidCanBeSaidAgainByABareClient) {
  std::vector<Said> all;
  DatabaseConfig written_down = config();
  written_down.on_said = [&](Said said) { all.push_back(std::move(said)); };
  Database database(written_down);
  database.write("demo", [&](Tx& tx) {
    tx.run("insert into db_item (id, name, weight, bytes) values ($1, $2, $3, $4)",
           {7, "é", 0.5, Blob("a\0b")});
    tx.run("insert into db_item (id, name) values ($1, $2)", {8, std::monostate{}});
  });
  EXPECT_THROW(database.write([&](Tx& tx) {
    insert(tx, 9);
    throw Error(Errc::failed, "not this one");
  }),
               Error);
  database.read([](Tx& tx) { tx.each("select $1", {1}, [](Row) {}); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].access, Access::write);
  EXPECT_EQ(all[0].tenant, "demo");
  EXPECT_EQ(all[1].access, Access::read);
  database.write([](Tx& tx) { tx.run("delete from db_item"); });
  say_again(config().url, {{all[0], all[1]}, {all[1]}});
  EXPECT_EQ(count(database), 2);
  EXPECT_EQ(integer(database, "select count(*) from db_item where name = 'é' and weight = 0.5"), 1);
  EXPECT_EQ(error_of([&] { say_again(config().url, {{all[0]}}); }).code(), Errc::failed);
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

TEST(CopySqlite, HoldsWhatWasCommittedAndNothingOfWhatIsWrittenLater) {
  std::string name = (std::filesystem::temp_directory_path() / "parvis-copy-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  DatabaseConfig from, to;
  from.url = "sqlite:" + (folder / "a.db").string();
  to.url = "sqlite:" + (folder / "b.db").string();
  Database original(from);
  original.write([](Tx& tx) {
    tx.run("create table t (n bigint)");
    tx.run("insert into t values (1)");
  });
  copy_sqlite(from, folder / "b.db");
  original.write([](Tx& tx) { tx.run("insert into t values (2)"); });
  Database copy(to);
  std::vector<std::int64_t> rows;
  copy.read([&](Tx& tx) {
    rows.clear();
    tx.each("select n from t", {}, [&](Row row) { rows.push_back(row.integer(0)); });
  });
  EXPECT_EQ(rows, std::vector<std::int64_t>{1});
  EXPECT_THROW(copy_sqlite(from, folder / "b.db"), Error) << "it is there already";
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace parvis::db
