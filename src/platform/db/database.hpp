// Transactions as plain functions: db.write([&](Tx& tx) {...}) commits on return and rolls back on
// throw. Nothing waits inside one. SQLite: WAL, synchronous=FULL, one writer at a time, readers
// beside it on a snapshot. Thread-safe.
#pragma once

#include <cstdint>
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

struct sqlite3;
struct sqlite3_stmt;

namespace parvis::db {

// SQL is a literal of the source, never built from data.
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

// NULL, integer or text, bound to $1, $2… in order.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

// One row of a result; valid inside the callback that receives it. Columns count from 0.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // empty for NULL
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Database;
struct Migration;

class Tx {
 public:
  // Runs a statement without a result; the number of rows it changed.
  std::int64_t run(Sql sql, std::initializer_list<Value> values = {});
  // Calls `row` for each row of the result, in order.
  void each(Sql sql, std::initializer_list<Value> values, const std::function<void(Row)>& row);

 private:
  friend class Connection;
  friend class Database;
  friend void migrate(Database&, std::span<const Migration>);
  explicit Tx(class Connection& connection) : connection_(connection) {}
  class Connection& connection_;
};

class Database {
 public:
  // Opens or creates the file; throws Error when it cannot be used.
  explicit Database(const std::filesystem::path& file);
  ~Database();
  Database(Database&&) = delete;

  template <typename Fn>
  auto write(Fn&& fn) {
    return transact(true, std::forward<Fn>(fn));
  }
  template <typename Fn>
  auto read(Fn&& fn) {
    return transact(false, std::forward<Fn>(fn));
  }

 private:
  template <typename Fn>
  auto transact(bool writes, Fn&& fn) {
    if constexpr (std::is_void_v<decltype(fn(std::declval<Tx&>()))>) {
      in_transaction(writes, fn);
    } else {
      std::optional<decltype(fn(std::declval<Tx&>()))> result;
      in_transaction(writes, [&](Tx& tx) { result.emplace(fn(tx)); });
      return std::move(*result);
    }
  }
  void in_transaction(bool writes, const std::function<void(Tx&)>& fn);

  std::filesystem::path file_;
  std::mutex writer_mutex_, idle_mutex_;
  std::unique_ptr<Connection> writer_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
};

struct Migration {
  std::string_view name;  // "20261123T0900_expand_init"
  std::string_view sql;
};

// Applies what is not applied yet, each in its own transaction. Refuses (Errc::conflict) a database
// that a newer program has migrated, and one whose applied migrations differ from these.
void migrate(Database& database, std::span<const Migration> migrations);

inline constexpr int kBusyMilliseconds = 5000;  // wait for another process's write

}  // namespace parvis::db
