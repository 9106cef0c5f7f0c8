#include "db/database.hpp"

#include <sqlite3.h>

#include <unordered_map>

#include "base/error.hpp"
#include "crypto/hash.hpp"

namespace parvis::db {

class Connection {
 public:
  Connection(const std::filesystem::path& file, bool writes) {
    const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
      const std::string why = sqlite3_errmsg(handle_);
      sqlite3_close(handle_);
      throw Error(Errc::unavailable, "the database " + file.string() + " cannot be opened: " + why);
    }
    sqlite3_busy_timeout(handle_, kBusyMilliseconds);
    sqlite3_extended_result_codes(handle_, 1);
    if (writes) {
      execute("pragma journal_mode=wal");
      execute("pragma synchronous=full");
    }
    execute("pragma foreign_keys=on");
  }
  Connection(Connection&&) = delete;
  ~Connection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
  }

  void execute(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }

  sqlite3_stmt* prepared(Sql sql) {
    sqlite3_stmt*& statement = statements_[sql.text()];  // literals: the pointer names the text
    if (statement == nullptr &&
        sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
      fail();
    return statement;
  }

  [[noreturn]] void fail() {
    const int code = sqlite3_extended_errcode(handle_);
    const std::string why = sqlite3_errmsg(handle_);
    switch (code & 0xFF) {
      case SQLITE_CONSTRAINT:
        throw Error(Errc::conflict, "the database refuses it: " + why);
      case SQLITE_FULL:
        throw Error(Errc::unavailable, "the disk is full: free space, then retry");
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw Error(Errc::unavailable, "the database is locked by another program: try again");
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        throw Error(Errc::unavailable, "the database is damaged: restore a backup (" + why + ")");
      default:
        throw Error(Errc::failed, "database: " + why);
    }
  }

  std::int64_t changes() const { return sqlite3_changes64(handle_); }

 private:
  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

namespace {

void bind(Connection& connection, sqlite3_stmt* statement, std::initializer_list<Value> values) {
  CHECK(sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
  int place = 0;
  for (const Value& value : values) {
    ++place;
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      code = sqlite3_bind_int64(statement, place, *number);
    else if (const auto* words = std::get_if<std::string_view>(&value))
      code = sqlite3_bind_text64(statement, place, words->data() == nullptr ? "" : words->data(),
                                 words->size(), SQLITE_STATIC, SQLITE_UTF8);
    else
      code = sqlite3_bind_null(statement, place);
    if (code != SQLITE_OK) connection.fail();
  }
}

struct Reset {  // a statement left half-way would hold its snapshot
  sqlite3_stmt* statement;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::string_view Row::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Tx::run(Sql sql, std::initializer_list<Value> values) {
  sqlite3_stmt* statement = connection_.prepared(sql);
  const Reset reset{statement};
  bind(connection_, statement, values);
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement);
  if (code != SQLITE_DONE) connection_.fail();
  return connection_.changes();
}

void Tx::each(Sql sql, std::initializer_list<Value> values, const std::function<void(Row)>& row) {
  sqlite3_stmt* statement = connection_.prepared(sql);
  const Reset reset{statement};
  bind(connection_, statement, values);
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) row(Row(statement));
  if (code != SQLITE_DONE) connection_.fail();
}

Database::Database(const std::filesystem::path& file)
    : file_(file), writer_(std::make_unique<Connection>(file, true)) {}

Database::~Database() = default;

void Database::in_transaction(bool writes, const std::function<void(Tx&)>& fn) {
  auto transact = [&](Connection& connection, const char* begin) {
    connection.execute(begin);
    Tx tx(connection);
    try {
      fn(tx);
      connection.execute("commit");
    } catch (...) {
      try {
        connection.execute("rollback");
      } catch (const Error&) {  // SQLite has already rolled back (disk full, I/O error)
      }
      throw;
    }
  };
  if (writes) {
    const std::scoped_lock lock(writer_mutex_);
    transact(*writer_, "begin immediate");
    return;
  }
  std::unique_ptr<Connection> reader;
  {
    const std::scoped_lock lock(idle_mutex_);
    if (!idle_readers_.empty()) {
      reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
    }
  }
  if (!reader) reader = std::make_unique<Connection>(file_, false);
  transact(*reader, "begin");
  const std::scoped_lock lock(idle_mutex_);
  idle_readers_.push_back(std::move(reader));
}

void migrate(Database& database, std::span<const Migration> migrations) {
  std::vector<std::pair<std::string, std::string>> applied;
  database.write([&](Tx& tx) {
    tx.run(
        "create table if not exists db_migration (name text primary key, hash text not null) "
        "strict");
    tx.each("select name, hash from db_migration order by name", {},
            [&](Row row) { applied.emplace_back(row.text(0), row.text(1)); });
  });
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= migrations.size() || applied[i].first != migrations[i].name)
      throw Error(Errc::conflict, "this database was migrated by another version of the program (" +
                                      applied[i].first + "): use that version");
    if (applied[i].second != crypto::sha256_hex(migrations[i].sql))
      throw Error(Errc::conflict, "the migration " + applied[i].first +
                                      " differs from the one "
                                      "that was applied: use the program that applied it");
  }
  for (const Migration& migration : migrations.subspan(applied.size())) {
    const std::string hash = crypto::sha256_hex(migration.sql);
    database.write([&](Tx& tx) {
      tx.connection_.execute(std::string(migration.sql).c_str());
      tx.run("insert into db_migration (name, hash) values ($1, $2)", {migration.name, hash});
    });
  }
}

}  // namespace parvis::db
