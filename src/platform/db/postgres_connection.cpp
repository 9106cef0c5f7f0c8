// PostgreSQL, by libpq. Arguments go with their types (so that `$1 + 1` is 64 bits wide), results
// come as text and are read by the type of their column.
//
// Rows arrive one by one. A statement that runs inside the rows of another first takes what is left
// of those into memory: the wire carries one answer at a time.
//
// A connection that dies before COMMIT leaves nothing behind: the transaction may run again. One
// that dies during COMMIT leaves a question that nobody here can answer: UnknownOutcome.
#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <chrono>
#include <deque>
#include <map>
#include <utility>

#include "base/log.hpp"
#include "db/connection.hpp"
#include "db/disk_full.hpp"

namespace parvis::db {
namespace {

// Types of columns and arguments: pg_type.dat of PostgreSQL; they never change.
enum TypeId : Oid {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

constexpr auto kPlansLast = std::chrono::seconds(1);
constexpr std::int64_t kSchemaLock = 0x70617276;  // "parv"; any number that is always the same

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

template <typename N>
N number(std::string_view text) {
  N value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(Errc::failed, "database: a number is out of range");
  return value;
}

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const DatabaseConfig& config) {
    // What the address says wins over these. Limits: nothing may wait for ever.
    const std::array keys = {"client_encoding",  "connect_timeout",
                             "application_name", "tcp_user_timeout",
                             "keepalives_idle",  "options",
                             "dbname",           static_cast<const char*>(nullptr)};
    const std::array values = {
        "UTF8",
        "5",
        "parvis",
        "30000",
        "30",
        "-c statement_timeout=120s -c lock_timeout=10s -c idle_in_transaction_session_timeout=300s "
        "-c timezone=UTC -c standard_conforming_strings=on",
        config.url.c_str(),
        static_cast<const char*>(nullptr)};
    handle_ = PQconnectdbParams(keys.data(), values.data(), 1);
    if (PQstatus(handle_) == CONNECTION_OK) {
      PQsetNoticeProcessor(handle_, [](void*, const char*) {}, nullptr);
      return;
    }
    // libpq's words name the host, never the password; they are for the administrator's log.
    log(Level::error, "database_out_of_reach", {{"why", PQerrorMessage(handle_)}});
    PQfinish(handle_);
    throw Error(Errc::unavailable,
                "the PostgreSQL server is out of reach or refuses us: check that it runs, its "
                "address and the password");
  }
  ~PostgresConnection() override { PQfinish(handle_); }

  void begin(Access access, std::string_view tenant) override {
    std::string sql = access == Access::read ? "begin isolation level repeatable read read only"
                      : access == Access::migrate ? "begin isolation level read committed"
                                                  : "begin isolation level serializable";
    // A scan of a whole table, which the planner prefers while it is small, locks the whole table
    // against serializable writers (manual, 13.2.3): every two of them would conflict.
    if (access == Access::write) sql += "; set local enable_seqscan = off";
    // The plan of a prepared statement is kept until its tables are analysed, a minute or more;
    // made while a table is nearly empty it may read every row of a tenant to find one, and under
    // SERIALIZABLE conflict with whoever writes any. A second is short beside that, and long beside
    // planning.
    if (const auto now = std::chrono::steady_clock::now(); now - planned_ >= kPlansLast) {
      planned_ = now;
      sql += "; discard plans";
    }
    char* quoted = PQescapeLiteral(handle_, tenant.data(), tenant.size());
    if (quoted == nullptr) throw Error(Errc::invalid, "the tenant's name is not valid UTF-8");
    sql.append("; set local parvis.tenant = ").append(quoted);
    PQfreemem(quoted);
    script(sql);
  }

  void commit() override {
    const Result result(PQexec(handle_, "commit"));
    if (cut(result.get())) throw UnknownOutcome();
    check(result.get());
    // The server answers COMMIT of a broken transaction with ROLLBACK; Tx never lets it come here.
    CHECK(std::string_view(PQcmdStatus(result.get())) == "COMMIT");
  }
  void rollback() noexcept override {
    if (PQtransactionStatus(handle_) != PQTRANS_IDLE) Result(PQexec(handle_, "rollback"));
  }
  bool usable() const override {
    return !cut_ && PQstatus(handle_) == CONNECTION_OK &&
           PQtransactionStatus(handle_) == PQTRANS_IDLE;
  }
  void lock_schema() override {
    script("select pg_advisory_xact_lock(" + std::to_string(kSchemaLock) + ")");
  }
  void script(const std::string& sql) override {
    const Result result(PQexec(handle_, sql.c_str()));
    check(result.get());
  }

  std::int64_t run(const char* sql, std::span<const Value> values,
                   const std::function<void(Row)>& row) override {
    if (stream_ != nullptr) stream_->take_rest();
    const Arguments arguments(values);
    const std::string& name = prepared(sql, arguments);
    if (PQsendQueryPrepared(handle_, name.c_str(), arguments.count(), arguments.values.data(),
                            arguments.lengths.data(), arguments.formats.data(), 0) != 1)
      lost();
    Stream stream(*this);
    Cells cells;
    std::int64_t changes = 0;
    while (const Result result = stream.next()) {
      for (int i = 0; i < PQntuples(result.get()); ++i)
        if (row) row(cells.of(result.get(), i));
      const std::string_view touched = PQcmdTuples(result.get());
      if (PQresultStatus(result.get()) == PGRES_COMMAND_OK && !touched.empty())
        changes = number<std::int64_t>(touched);
      else if (PQresultStatus(result.get()) == PGRES_TUPLES_OK && !touched.empty())
        changes = number<std::int64_t>(touched);
    }
    return changes;
  }

 private:
  struct Arguments {
    explicit Arguments(std::span<const Value> all) {
      for (const Value& value : all) add(value);
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!texts[i].empty()) values[i] = texts[i].c_str();
    }
    void add(const Value& value) {
      Oid type = 0;
      std::string text;
      const char* at = nullptr;
      std::size_t length = 0;
      int format = 0;
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        type = kInt8;
        text = std::to_string(*integer);
      } else if (const auto* real = std::get_if<double>(&value)) {
        type = kFloat8;
        std::array<char, 32> digits{};  // shortest that reads back the same
        text.assign(digits.data(),
                    std::to_chars(digits.data(), digits.data() + digits.size(), *real).ptr);
      } else if (const auto* words = std::get_if<std::string_view>(&value)) {
        type = kText;
        at = words->empty() ? "" : words->data();
        length = words->size();
        format = 1;  // the bytes themselves, with their length
      } else if (const auto* blob = std::get_if<Blob>(&value)) {
        type = kBytea;
        at = blob->bytes.empty() ? "" : blob->bytes.data();
        length = blob->bytes.size();
        format = 1;
      }
      if (length > kBytesMax) throw Error(Errc::too_large, "a value is larger than 1 GB");
      types.push_back(type);
      texts.push_back(std::move(text));
      values.push_back(at);
      lengths.push_back(static_cast<int>(length));
      formats.push_back(format);
    }
    int count() const { return static_cast<int>(values.size()); }

    static constexpr std::size_t kBytesMax = 1'000'000'000;  // the server's own limit of a field
    std::vector<Oid> types;
    std::vector<std::string> texts;  // what numbers are written as
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
  };

  // The cells of one row after the other, in the same memory.
  class Cells {
   public:
    Row of(const PGresult* result, int line) {
      const int columns = PQnfields(result);
      cells_.clear();
      decoded_.clear();
      decoded_.reserve(static_cast<std::size_t>(columns));  // its bytes are pointed at
      for (int i = 0; i < columns; ++i) {
        if (PQgetisnull(result, line, i) != 0) {
          cells_.emplace_back(std::monostate{});
          continue;
        }
        const std::string_view text(PQgetvalue(result, line, i),
                                    static_cast<std::size_t>(PQgetlength(result, line, i)));
        switch (PQftype(result, i)) {
          case kBool:
            cells_.emplace_back(std::int64_t{text == "t"});
            break;
          case kInt2:
          case kInt4:
          case kInt8:
            cells_.emplace_back(number<std::int64_t>(text));
            break;
          case kFloat4:
          case kFloat8:
            cells_.emplace_back(number<double>(text));
            break;
          case kNumeric:  // sum() of bigint
            if (text.contains('.'))
              cells_.emplace_back(number<double>(text));
            else
              cells_.emplace_back(number<std::int64_t>(text));
            break;
          case kBytea: {
            std::size_t size = 0;
            unsigned char* bytes =
                PQunescapeBytea(reinterpret_cast<const unsigned char*>(text.data()), &size);
            if (bytes == nullptr) throw std::bad_alloc();
            decoded_.emplace_back(reinterpret_cast<const char*>(bytes), size);
            PQfreemem(bytes);
            cells_.emplace_back(Blob(decoded_.back()));
            break;
          }
          default:
            cells_.emplace_back(text);
        }
      }
      return Row(cells_);
    }

   private:
    std::vector<Value> cells_;
    std::vector<std::string> decoded_;
  };

  // The answer to one statement, row by row. Left half-way, it is cancelled.
  class Stream {
   public:
    explicit Stream(PostgresConnection& connection)
        : connection_(connection), outer_(std::exchange(connection.stream_, this)) {
      PQsetSingleRowMode(connection_.handle_);
    }
    Stream(const Stream&) = delete;
    ~Stream() {
      if (live_ && connection_.cancel())
        while (Result(PQgetResult(connection_.handle_))) {
        }
      connection_.stream_ = outer_;
    }
    Result next() {
      if (rest_.empty()) return live_ ? fetch() : nullptr;
      Result first = std::move(rest_.front());
      rest_.pop_front();
      return first;
    }
    void take_rest() {
      while (live_)
        if (Result result = fetch()) rest_.push_back(std::move(result));
    }

   private:
    Result fetch() {
      Result result(PQgetResult(connection_.handle_));
      live_ = result != nullptr;
      if (result) connection_.check(result.get());
      return result;
    }
    PostgresConnection& connection_;
    Stream* outer_;
    bool live_ = true;
    std::deque<Result> rest_;
  };

  // Whether what is left of the answer can now be read away.
  bool cancel() {
    if (PQstatus(handle_) != CONNECTION_OK) return false;
    PGcancel* request = PQgetCancel(handle_);
    std::array<char, 256> why{};
    if (request != nullptr) PQcancel(request, why.data(), static_cast<int>(why.size()));
    PQfreeCancel(request);
    return true;
  }

  const std::string& prepared(const char* sql, const Arguments& arguments) {
    const auto key = std::pair(sql, arguments.types);
    if (const auto at = statements_.find(key); at != statements_.end()) return at->second;
    if (statements_.size() >= kPreparedStatements) {
      script("deallocate all");
      statements_.clear();
    }
    std::string name = "s" + std::to_string(++names_);
    const Result result(
        PQprepare(handle_, name.c_str(), sql, arguments.count(), arguments.types.data()));
    check(result.get());
    return statements_.emplace(key, std::move(name)).first->second;
  }

  [[noreturn]] void lost() {
    throw TryAgain(Errc::unavailable, "the connection to PostgreSQL is lost: try again");
  }

  static bool done(const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);  // of null: PGRES_FATAL_ERROR
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
  }
  static std::string_view state_of(const PGresult* result) {
    const char* field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return field == nullptr ? "" : field;
  }
  // An error without SQLSTATE is libpq's own: it could not send or receive, though PQstatus may
  // still call the connection good.
  bool cut(const PGresult* result) {
    cut_ =
        cut_ || PQstatus(handle_) != CONNECTION_OK || (!done(result) && state_of(result).empty());
    return cut_;
  }

  void check(const PGresult* result) {
    if (done(result)) return;
    const std::string_view state = state_of(result);
    if (cut(result) || state.starts_with("08") || state == "57P01" || state == "57P02" ||
        state == "57P03" || state == "25P03")
      lost();
    // Appendix A of the manual.
    if (state == "40001" || state == "40P01")
      throw TryAgain(Errc::overloaded, "too many changes at the same time: try again");
    if (state == "23505") throw Error(Errc::conflict, "it exists already");
    if (state == "23503")
      throw Error(Errc::conflict, "something it refers to is missing, or still refers to it");
    if (state == "53100") throw DiskFull("the database's disk is full: free space, then try again");
    if (state == "53300" || state == "55P03" || state == "57014")
      throw Error(Errc::overloaded, "the database is too busy: try again");
    if (state.starts_with("53") || state.starts_with("58"))
      throw Error(Errc::unavailable, "the database server lacks a resource: see its log");
    if (state.starts_with("XX"))
      throw Error(Errc::unavailable, "the database is damaged: see the server's log");
    // The message of a wrong statement (42…) holds no value; that of a wrong value might.
    const char* why = result != nullptr && state.starts_with("42")
                          ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)
                          : nullptr;
    log(Level::error, "database_refused", {{"code", state}, {"why", why == nullptr ? "" : why}});
    throw Error(Errc::failed, "the database refused a statement");
  }

  PGconn* handle_ = nullptr;
  bool cut_ = false;  // no more use
  std::chrono::steady_clock::time_point planned_ = std::chrono::steady_clock::now();
  Stream* stream_ = nullptr;  // the innermost statement whose rows are being read
  std::map<std::pair<const char*, std::vector<Oid>>, std::string> statements_;  // literal, types
  std::uint64_t names_ = 0;
};

}  // namespace

std::unique_ptr<Connection> connect_postgres(const DatabaseConfig& config) {
  return std::make_unique<PostgresConnection>(config);
}

}  // namespace parvis::db
