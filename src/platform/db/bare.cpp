#include "db/bare.hpp"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/error.hpp"
#include "db/connection.hpp"

namespace parvis::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr int kTries = 1000;  // of a transaction that conflicts

[[noreturn]] void refused(const std::string& why) {
  throw Error(Errc::failed, "the bare client is refused: " + why);
}

class Client {
 public:
  virtual ~Client() = default;
  virtual void say(const Said& said) = 0;
};

class SqliteClient final : public Client {
 public:
  SqliteClient(const std::string& file, std::mutex& writer) : writer_(writer) {
    if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        nullptr) != SQLITE_OK)
      refused(file);
    exec(
        "pragma foreign_keys=on; pragma trusted_schema=off; pragma journal_mode=wal; "
        "pragma synchronous=full");
  }
  SqliteClient(const SqliteClient&) = delete;
  ~SqliteClient() override {
    for (const auto& [sql, statement] : prepared_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
  }

  void say(const Said& said) override {
    if (said.access == Access::read) {
      exec("begin");
      for (const Said::Statement& each : said.statements) run(each);
      exec("rollback");
      return;
    }
    const std::lock_guard lock(writer_);
    exec("begin immediate");
    for (const Said::Statement& each : said.statements) run(each);
    exec("commit");
  }

 private:
  void exec(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      refused(sqlite3_errmsg(handle_));
  }
  void run(const Said::Statement& said) {
    sqlite3_stmt*& statement = prepared_[said.sql];
    if (statement == nullptr &&
        sqlite3_prepare_v3(handle_, numbered(said.sql).c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK)
      refused(sqlite3_errmsg(handle_));
    int place = 0;
    for (const Said::Argument& value : said.arguments) {
      ++place;
      if (const auto* number = std::get_if<std::int64_t>(&value))
        sqlite3_bind_int64(statement, place, *number);
      else if (const auto* real = std::get_if<double>(&value))
        sqlite3_bind_double(statement, place, *real);
      else if (const auto* text = std::get_if<std::string>(&value))
        sqlite3_bind_text64(statement, place, text->data(), text->size(), SQLITE_STATIC,
                            SQLITE_UTF8);
      else if (const auto* bytes = std::get_if<std::vector<char>>(&value))
        sqlite3_bind_blob64(statement, place, bytes->data(), bytes->size(), SQLITE_STATIC);
    }
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    if (code != SQLITE_DONE) refused(sqlite3_errmsg(handle_));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }

  std::mutex& writer_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> prepared_;
};

class PostgresClient final : public Client {
 public:
  explicit PostgresClient(const std::string& url) : handle_(PQconnectdb(url.c_str())) {
    if (PQstatus(handle_) != CONNECTION_OK) refused(PQerrorMessage(handle_));
    PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
  }
  PostgresClient(const PostgresClient&) = delete;
  ~PostgresClient() override { PQfinish(handle_); }

  void say(const Said& said) override {
    for (int tries = 0; tries < kTries; ++tries)
      if (once(said)) return;
    refused("a transaction conflicts with others without end");
  }

 private:
  // False when it lost against another.
  bool once(const Said& said) {
    const bool reads = said.access == Access::read;
    std::string begin = reads
                            ? "begin isolation level repeatable read read only"
                            : "begin isolation level serializable; set local enable_seqscan = off";
    exec(begin + "; set local parvis.tenant = '" + said.tenant + "'");
    for (const Said::Statement& each : said.statements)
      if (!run(each)) return lost();
    return exec(reads ? "rollback" : "commit") || lost();
  }
  bool lost() {
    exec("rollback");
    return false;
  }
  bool taken(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string state = code == nullptr ? "" : code;
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return true;
    if (state == "40001" || state == "40P01") return false;
    refused(PQerrorMessage(handle_));
  }
  bool exec(const std::string& sql) { return taken(PQexec(handle_, sql.c_str())); }

  bool run(const Said::Statement& said) {
    constexpr Oid kBytea = 17, kInt8 = 20, kText = 25, kFloat8 = 701;
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    std::vector<std::string> numbers;
    numbers.reserve(said.arguments.size());  // its texts are pointed at
    for (const Said::Argument& value : said.arguments) {
      Oid type = 0;
      const char* at = nullptr;
      std::size_t length = 0;
      int format = 0;
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        type = kInt8;
        at = numbers.emplace_back(std::to_string(*number)).c_str();
      } else if (const auto* real = std::get_if<double>(&value)) {
        type = kFloat8;
        at = numbers.emplace_back(std::to_string(*real)).c_str();
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        type = kText;
        at = text->data();
        length = text->size();
        format = 1;
      } else if (const auto* bytes = std::get_if<std::vector<char>>(&value)) {
        type = kBytea;
        at = bytes->empty() ? "" : bytes->data();
        length = bytes->size();
        format = 1;
      }
      types.push_back(type);
      values.push_back(at);
      lengths.push_back(static_cast<int>(length));
      formats.push_back(format);
    }
    const int count = static_cast<int>(values.size());
    std::string& name = prepared_[{said.sql, types}];
    if (name.empty()) {
      name = "b" + std::to_string(prepared_.size());
      if (!taken(PQprepare(handle_, name.c_str(), said.sql, count, types.data()))) {
        prepared_.erase({said.sql, types});
        return false;
      }
    }
    return taken(PQexecPrepared(handle_, name.c_str(), count, values.data(), lengths.data(),
                                formats.data(), 0));
  }

  PGconn* handle_;
  std::map<std::pair<const char*, std::vector<Oid>>, std::string> prepared_;
};

}  // namespace

std::chrono::duration<double> say_again(const std::string& url,
                                        const std::vector<std::vector<Said>>& clients) {
  std::mutex writer;
  std::vector<std::unique_ptr<Client>> made;
  for (std::size_t i = 0; i < clients.size(); ++i)
    if (url.starts_with(kSqlite))
      made.push_back(std::make_unique<SqliteClient>(url.substr(kSqlite.size()), writer));
    else
      made.push_back(std::make_unique<PostgresClient>(url));
  std::vector<std::exception_ptr> errors(clients.size());
  const auto before = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i)
      threads.emplace_back([&, i] {
        try {
          for (const Said& said : clients[i]) made[i]->say(said);
        } catch (...) {
          errors[i] = std::current_exception();
        }
      });
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
  return took;
}

}  // namespace parvis::db
