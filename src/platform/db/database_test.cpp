#include "db/database.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::db {
namespace {
namespace fs = std::filesystem;

constexpr std::array kMigrations = {
    Migration{"1_init", "create table test_item (id integer primary key, name text) strict"}};

class Sqlite : public ::testing::Test {
 protected:
  Sqlite() : folder_(fs::temp_directory_path() / ("parvis-db-" + crypto::random_hex(6))) {
    fs::create_directories(folder_);
  }
  ~Sqlite() override { fs::remove_all(folder_); }
  fs::path file() const { return folder_ / "parvis.db"; }

  static std::int64_t count(Database& database) {
    return database.read([](Tx& tx) {
      std::int64_t n = 0;
      tx.each("select count(*) from test_item", {}, [&](Row row) { n = row.integer(0); });
      return n;
    });
  }
  static void insert(Database& database, std::int64_t id) {
    database.write([&](Tx& tx) {
      tx.run("insert into test_item (id, name) values ($1, $2)", {id, std::string_view("é")});
    });
  }

  fs::path folder_;
};

Errc code_of(const std::function<void()>& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Errc::failed;
}

TEST_F(Sqlite, CommitsOnReturnAndRollsBackOnThrow) {
  Database database(file());
  migrate(database, kMigrations);
  insert(database, 1);
  EXPECT_THROW(database.write([&](Tx& tx) {
    tx.run("insert into test_item (id) values ($1)", {std::int64_t{2}});
    throw std::runtime_error("stop");
  }),
               std::runtime_error);
  EXPECT_EQ(count(database), 1);
  const auto name = database.read([](Tx& tx) {
    std::string found;
    tx.each("select name, null from test_item where id = $1", {std::int64_t{1}}, [&](Row row) {
      found = row.text(0);
      EXPECT_TRUE(row.is_null(1));
    });
    return found;
  });
  EXPECT_EQ(name, "é");
}

TEST_F(Sqlite, TellsAConflictFromAFailure) {
  Database database(file());
  migrate(database, kMigrations);
  insert(database, 1);
  EXPECT_EQ(code_of([&] { insert(database, 1); }), Errc::conflict);
  EXPECT_EQ(code_of([&] { database.read([](Tx& tx) { tx.run("select * from absent"); }); }),
            Errc::failed);
  EXPECT_EQ(count(database), 1);
}

TEST_F(Sqlite, AReadMayNotWrite) {
  Database database(file());
  migrate(database, kMigrations);
  EXPECT_THROW(database.read([](Tx& tx) { tx.run("insert into test_item (id) values (9)"); }),
               Error);
}

TEST_F(Sqlite, WritersAndReadersShareIt) {
  Database database(file());
  migrate(database, kMigrations);
  std::vector<std::jthread> threads;
  for (std::int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < 10; ++i) {
        insert(database, t * 100 + i);
        EXPECT_GE(count(database), 1);
      }
    });
  threads.clear();
  EXPECT_EQ(count(database), 40);
}

TEST_F(Sqlite, MigratesOnceAndRefusesAnotherHistory) {
  Database database(file());
  migrate(database, kMigrations);
  migrate(database, kMigrations);
  EXPECT_EQ(code_of([&] { migrate(database, {}); }), Errc::conflict);
  constexpr std::array kChanged = {Migration{"1_init", "select 1"}};
  EXPECT_EQ(code_of([&] { migrate(database, kChanged); }), Errc::conflict);
}

TEST_F(Sqlite, KeepsWhatItAcknowledgedWhenKilled) {
  {
    Database database(file());
    migrate(database, kMigrations);
  }
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Database database(file());
    for (char i = 1;; ++i) {
      insert(database, i);
      if (::write(ends[1], &i, 1) != 1) ::_exit(1);
    }
  }
  ::close(ends[1]);
  char acknowledged = 0;
  while (acknowledged < 20) ASSERT_EQ(::read(ends[0], &acknowledged, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (char more = 0; ::read(ends[0], &more, 1) == 1;) acknowledged = more;
  ::close(ends[0]);
  Database database(file());
  EXPECT_GE(count(database), acknowledged);
}

TEST_F(Sqlite, ReportsAFileThatIsNoDatabase) {
  fs::create_directories(file());
  EXPECT_EQ(code_of([&] { const Database database(file()); }), Errc::unavailable);
}

}  // namespace
}  // namespace parvis::db
