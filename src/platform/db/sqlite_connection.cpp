// SQLite. A disk that fills up, an I/O error or a damaged page ends the transaction inside SQLite
// itself: rollback() is then a statement too many, and its refusal says nothing new.
#include <sqlite3.h>

#include <unordered_map>

#include "base/log.hpp"
#include "db/connection.hpp"
#include "db/disk_full.hpp"

namespace parvis::db {
namespace {

constexpr std::string_view kScheme = "sqlite:";

[[noreturn]] void fail(sqlite3* handle, const std::string& file) {
  const int code = sqlite3_extended_errcode(handle);
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
          code == SQLITE_CONSTRAINT_ROWID)
        throw Error(Errc::conflict, "it exists already");
      if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
        throw Error(Errc::conflict, "something it refers to is missing, or still refers to it");
      break;
    case SQLITE_FULL:
      throw DiskFull("the disk is full: free space, then try again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(Errc::unavailable, "the database is locked by another program: try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(Errc::unavailable,
                  "the database " + file + " is damaged: restore a backup (parvis restore)");
    case SQLITE_IOERR:
      // Of a quota, or of a limit on files, SQLite says only that a write failed, as of a disk that
      // fails: either way nothing is stored.
      if (code == SQLITE_IOERR_WRITE)
        throw DiskFull(
            "the database cannot be written: free space, or raise the limit of its files, else "
            "check the disk; then try again");
      [[fallthrough]];
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Error(Errc::unavailable, "the database " + file + " cannot be used (" +
                                         sqlite3_errstr(code) +
                                         "): check the disk and the rights on the folder");
    default:
      break;
  }
  log(Level::error, "database_refused", {{"why", sqlite3_errmsg(handle)}, {"code", code}});
  throw Error(Errc::failed, "the database refused a statement");
}

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const DatabaseConfig& config, Access access)
      : file_(config.url.substr(kScheme.size())) {
    const bool writes = access != Access::read;
    const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX;
    try {
      if (sqlite3_open_v2(file_.c_str(), &handle_, flags, nullptr) != SQLITE_OK) failed();
      sqlite3_extended_result_codes(handle_, 1);
      sqlite3_busy_timeout(handle_, static_cast<int>(config.patience.count()));
      script("pragma foreign_keys=on; pragma trusted_schema=off");
      if (writes) script("pragma journal_mode=wal; pragma synchronous=full");
      if (config.max_bytes > 0) limit_size(config.max_bytes);
    } catch (...) {
      sqlite3_close(handle_);
      throw;
    }
  }
  ~SqliteConnection() override {
    forget_statements();
    sqlite3_close(handle_);
  }

  void begin(Access access, std::string_view) override {
    script(access == Access::read ? "begin" : "begin immediate");
  }
  void commit() override { script("commit"); }
  void rollback() noexcept override {
    if (sqlite3_get_autocommit(handle_) == 0)
      sqlite3_exec(handle_, "rollback", nullptr, nullptr, nullptr);
  }
  bool usable() const override { return true; }
  void lock_schema() override {}  // `begin immediate` is the lock

  void script(const std::string& sql) override {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) failed();
  }

  std::int64_t run(const char* sql, std::span<const Value> values,
                   const std::function<void(Row)>& row) override {
    const Use use(*this, sql);
    bind(use.statement, values);
    std::vector<Value> cells(static_cast<std::size_t>(sqlite3_column_count(use.statement)));
    int code = SQLITE_OK;
    while ((code = sqlite3_step(use.statement)) == SQLITE_ROW) {
      if (!row) continue;
      for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i] = cell(use.statement, static_cast<int>(i));
      row(Row(cells));
    }
    if (code != SQLITE_DONE) failed();
    return sqlite3_changes64(handle_);
  }

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };

  // A statement for one run. One that is running already (a statement inside its own rows) gets a
  // double; one left half-way would hold its snapshot, so leaving resets it.
  struct Use {
    Use(SqliteConnection& connection, const char* sql) {
      auto& all = connection.statements_;
      // Never clears while one is in use: the pointers below point inside.
      if (all.size() >= kPreparedStatements && connection.uses_ == 0)
        connection.forget_statements();
      if (auto at = all.find(sql); at != all.end() && !at->second.in_use) {
        cached = &at->second;
      } else if (at == all.end() && all.size() < kPreparedStatements) {
        sqlite3_stmt* fresh = connection.prepare(sql);
        cached = &all.emplace(sql, Prepared{fresh}).first->second;
      }
      statement = cached != nullptr ? cached->statement : connection.prepare(sql);
      if (cached != nullptr) cached->in_use = true;
      uses = &++connection.uses_;
    }
    Use(const Use&) = delete;
    ~Use() {
      --*uses;
      if (cached == nullptr) {
        sqlite3_finalize(statement);
        return;
      }
      cached->in_use = false;
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
    sqlite3_stmt* statement = nullptr;
    Prepared* cached = nullptr;
    int* uses = nullptr;
  };

  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const std::string text = numbered(sql);
    if (sqlite3_prepare_v3(handle_, text.c_str(), static_cast<int>(text.size()) + 1,
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
      failed();
    return statement;
  }

  void bind(sqlite3_stmt* statement, std::span<const Value> values) {
    CHECK(sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
    int place = 0;
    for (const Value& value : values) {
      ++place;
      int code = SQLITE_OK;
      if (const auto* number = std::get_if<std::int64_t>(&value))
        code = sqlite3_bind_int64(statement, place, *number);
      else if (const auto* real = std::get_if<double>(&value))
        code = sqlite3_bind_double(statement, place, *real);
      else if (const auto* words = std::get_if<std::string_view>(&value))
        code = sqlite3_bind_text64(statement, place, words->empty() ? "" : words->data(),
                                   words->size(), SQLITE_STATIC, SQLITE_UTF8);
      else if (const auto* blob = std::get_if<Blob>(&value))
        code = sqlite3_bind_blob64(statement, place, blob->bytes.empty() ? "" : blob->bytes.data(),
                                   blob->bytes.size(), SQLITE_STATIC);
      if (code != SQLITE_OK) failed();
    }
  }

  static Value cell(sqlite3_stmt* statement, int column) {
    const auto size = [&] {  // after the pointer: it may convert
      return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    };
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(statement, column)};
      case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
      case SQLITE_TEXT: {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return std::string_view(bytes, size());
      }
      case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
        return Blob(std::string_view(bytes, size()));
      }
      default:
        return std::monostate{};
    }
  }

  void limit_size(std::uint64_t bytes) {
    std::int64_t page = 0;
    run("pragma page_size", {}, [&](Row row) { page = row.integer(0); });
    const auto pages = std::max<std::uint64_t>(bytes / static_cast<std::uint64_t>(page), 1);
    script("pragma max_page_count=" + std::to_string(pages));
  }

  void forget_statements() {
    for (const auto& [sql, prepared] : statements_) sqlite3_finalize(prepared.statement);
    statements_.clear();
  }
  [[noreturn]] void failed() { fail(handle_, file_); }

  std::string file_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, Prepared> statements_;  // literals: the pointer names the text
  int uses_ = 0;
};

}  // namespace

std::string numbered(std::string_view sql) {
  std::string out;
  bool quoted = false;
  for (const char c : sql) {
    if (c == '\'') quoted = !quoted;
    out += c == '$' && !quoted ? '?' : c;
  }
  return out;
}

std::unique_ptr<Connection> connect_sqlite(const DatabaseConfig& config, Access access) {
  return std::make_unique<SqliteConnection>(config, access);
}

void copy_sqlite(const DatabaseConfig& from, const std::filesystem::path& to) {
  const std::string file = to.string();
  connect_sqlite(from, Access::read)->run("vacuum into ?1", std::array{Value(file)}, {});
}

}  // namespace parvis::db
