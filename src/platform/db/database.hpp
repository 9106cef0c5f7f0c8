// Transactions as plain functions: db.write([&](Tx& tx) {...}) commits on return and rolls back on
// throw. The function may run more than once (a conflict with another writer, a connection lost
// before its commit, a rehearsal): it changes nothing but the database and what it returns. Nothing
// waits inside it, and no transaction opens inside another (CHECK). Thread-safe.
//
// SQLite: WAL, synchronous=FULL, one writer at a time, readers beside it on a snapshot; writes that
// wait for the writer share its commit (writers.hpp). PostgreSQL: write is SERIALIZABLE, read is
// REPEATABLE READ READ ONLY, connections come from a bounded pool; a write that has lost
// kAttemptsTogether times against others runs without the others of this process (turns.hpp). A
// connection keeps no plan of a statement for longer than a second of use: tables grow.
//
// Errors: conflict (a key exists already, or a row is still referred to), overloaded (conflicts or
// a wait for a connection went on too long), unavailable (out of reach, disk full, locked, damaged:
// the detail says what to do), invalid (text that is not UTF-8 or holds a NUL), failed (any other
// refusal: a bug). After one of them the transaction can only end, even when the function swallows
// it; to branch on a duplicate use `on conflict do nothing` and the number of rows changed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"

namespace parvis::db {

// SQL is a literal of the source, never built from data, in the text that both engines share.
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

// Bytes that are not text; not owned.
struct Blob {
  explicit Blob(std::string_view b) : bytes(b) {}
  std::string_view bytes;
};

// NULL, integer, text, real or bytes: an argument, bound to $1, $2… in order, or a cell.
using Value = std::variant<std::monostate, std::int64_t, std::string_view, double, Blob>;

// One row of a result; valid inside the callback that receives it. Columns count from 0. Reading a
// cell as another type throws Errc::failed.
class Row {
 public:
  explicit Row(std::span<const Value> cells) : cells_(cells) {}
  std::int64_t integer(int column) const;   // 0 for NULL
  double real(int column) const;            // 0 for NULL; takes an integer too
  std::string_view text(int column) const;  // empty for NULL
  std::string_view blob(int column) const;  // empty for NULL
  bool is_null(int column) const;

 private:
  const Value& cell(int column) const;
  std::span<const Value> cells_;
};

class Connection;
class Database;
class Turns;
class Writers;
struct Migration;
enum class Access { read, write, migrate };

// A transaction as the engine was told it: each statement with a copy of its arguments. What a bare
// client says again in a benchmark (bare.hpp).
struct Said {
  using Argument =
      std::variant<std::monostate, std::int64_t, std::string, double, std::vector<char>>;
  struct Statement {
    const char* sql;  // a literal of the source
    std::vector<Argument> arguments;
  };
  Access access = Access::read;
  std::string tenant;
  std::vector<Statement> statements;
};
// Called with each transaction that succeeded, by the thread whose it was, after its commit.
using OnSaid = std::function<void(Said)>;

class Tx {
 public:
  // Runs a statement whose rows, if any, are not wanted; the number of rows it changed.
  std::int64_t run(Sql sql, std::initializer_list<Value> values = {});
  // Calls `row` for each row of the result, in order; it may run other statements.
  void each(Sql sql, std::initializer_list<Value> values, const std::function<void(Row)>& row);

  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

 private:
  friend class Database;
  friend void migrate(Database&, std::span<const Migration>);
  explicit Tx(Connection& connection, Said* said = nullptr)
      : connection_(connection), said_(said) {}
  std::int64_t execute(Sql sql, std::span<const Value> values, const std::function<void(Row)>& row);
  Connection& connection_;
  Said* said_;                 // to be added to; or null
  std::exception_ptr broken_;  // the error after which it can only end
};

enum class Engine { sqlite, postgres };

struct DatabaseConfig {
  std::string url;                           // sqlite:PATH or postgresql://…
  int connections = 8;                       // PostgreSQL: in all; SQLite: readers
  std::chrono::milliseconds patience{5000};  // for a connection, or another program's lock
  std::uint64_t max_bytes = 0;               // SQLite: the file never passes it; 0: the disk's size
  bool rehearse = false;  // each write runs once before and is rolled back: a side effect shows
  OnSaid on_said = {};    // of benchmarks
};

// The connection died while committing: the write was saved or it was not. Look before trying
// again.
class UnknownOutcome : public Error {
 public:
  UnknownOutcome()
      : Error(Errc::unavailable,
              "the database was lost while it saved: this may have been saved or not; look before "
              "trying again") {}
};

class Database {
 public:
  // Connects, creating the file of SQLite; throws Error when it cannot be used.
  explicit Database(const DatabaseConfig& config);
  explicit Database(const std::filesystem::path& file);
  ~Database();
  Database(Database&&) = delete;

  // As the system: the rows of every tenant.
  template <typename Fn>
  auto write(Fn&& fn) {
    return transact(Access::write, kSystem, fn);
  }
  template <typename Fn>
  auto read(Fn&& fn) {
    return transact(Access::read, kSystem, fn);
  }
  // For one tenant: on PostgreSQL row-level security hides the others' rows even from a statement
  // that forgets its `where tenant = $1`. SQLite has no such second wall.
  template <typename Fn>
  auto write(std::string_view tenant, Fn&& fn) {
    return transact(Access::write, tenant, fn);
  }
  template <typename Fn>
  auto read(std::string_view tenant, Fn&& fn) {
    return transact(Access::read, tenant, fn);
  }
  Engine engine() const { return engine_; }

 private:
  friend void migrate(Database&, std::span<const Migration>);
  static constexpr std::string_view kSystem = "*";
  template <typename Fn>
  auto transact(Access access, std::string_view tenant, Fn& fn) {
    if constexpr (std::is_void_v<decltype(fn(std::declval<Tx&>()))>) {
      in_transaction(access, tenant, std::ref(fn));
    } else {
      std::optional<decltype(fn(std::declval<Tx&>()))> result;
      in_transaction(access, tenant, [&](Tx& tx) { result.emplace(fn(tx)); });
      return std::move(*result);
    }
  }
  void in_transaction(Access access, std::string_view tenant, const std::function<void(Tx&)>& fn);
  class Lease;

  DatabaseConfig config_;
  Engine engine_;
  std::unique_ptr<Connection> writer_;  // SQLite
  std::unique_ptr<Writers> writers_;    // SQLite: whose turn it is
  std::unique_ptr<Turns> turns_;        // PostgreSQL: who writes at once
  std::mutex idle_mutex_;
  std::condition_variable returned_;
  int lent_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// What a SQLite database holds now, in a new file, beside whoever writes to it. Throws Error as a
// statement does; what was begun is then left behind.
void copy_sqlite(const DatabaseConfig& from, const std::filesystem::path& to);

struct Migration {
  std::string_view name;  // "20261123T0900_expand_init"
  std::string_view sql;
};

// Applies what is not applied yet, in the order given, in one transaction and under a lock: all or
// nothing; where all is applied it waits for no writer. One that arrives late, older than those
// already applied, is applied too. Refuses (Errc::conflict) a database that a newer program has
// migrated, and one whose applied migrations differ from these. They are written for SQLite;
// PostgreSQL reads bigint, double precision and bytea for the words integer, real and blob, nothing
// for strict, and lines after `-- postgres:`.
void migrate(Database& database, std::span<const Migration> migrations);

// What migrate would apply; it only reads, and waits for no writer. Refuses as migrate does.
std::vector<Migration> pending(Database& database, std::span<const Migration> migrations);

inline constexpr int kAttempts = 12;         // of a transaction that conflicts with others
inline constexpr int kAttemptsTogether = 4;  // of them, before it runs alone
inline constexpr std::size_t kPreparedStatements = 128;  // of a connection

}  // namespace parvis::db
