#include "db/database.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "db/connection.hpp"
#include "db/turns.hpp"
#include "db/writers.hpp"
#include "text/normalise.hpp"

namespace parvis::db {
namespace {

constexpr std::string_view kSqliteScheme = "sqlite:";
constexpr std::chrono::milliseconds kPauseMax{200};  // between two attempts

thread_local bool in_one = false;  // this thread is inside a transaction

Engine engine_of(const std::string& url) {
  if (url.starts_with(kSqliteScheme)) return Engine::sqlite;
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return Engine::postgres;
  throw Error(Errc::invalid, "the database is named sqlite:PATH or postgresql://…");
}

// Longer after each attempt, and of random length: two that collide once must not collide again.
void pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = std::min(kPauseMax, std::chrono::milliseconds(1 << attempt));
  std::this_thread::sleep_for(std::chrono::microseconds(
      std::uniform_int_distribution<std::int64_t>(0, longest.count() * 1000)(random)));
}

template <typename... Fns>
struct Overload : Fns... {
  using Fns::operator()...;
};

Said::Statement copy_of(const char* sql, std::span<const Value> values) {
  Said::Statement out{sql, {}};
  using Argument = Said::Argument;
  for (const Value& value : values)
    out.arguments.push_back(std::visit(
        Overload{[](std::string_view text) { return Argument(std::string(text)); },
                 [](const Blob& blob) {
                   return Argument(std::vector<char>(blob.bytes.begin(), blob.bytes.end()));
                 },
                 [](auto plain) { return Argument(plain); }},
        value));
  return out;
}

}  // namespace

const Value& Row::cell(int column) const {
  CHECK(column >= 0 && static_cast<std::size_t>(column) < cells_.size());
  return cells_[static_cast<std::size_t>(column)];
}
bool Row::is_null(int column) const { return std::holds_alternative<std::monostate>(cell(column)); }
std::int64_t Row::integer(int column) const {
  if (is_null(column)) return 0;
  if (const auto* number = std::get_if<std::int64_t>(&cell(column))) return *number;
  throw Error(Errc::failed, "database: a column is not an integer");
}
double Row::real(int column) const {
  if (is_null(column)) return 0;
  if (const auto* number = std::get_if<double>(&cell(column))) return *number;
  return static_cast<double>(integer(column));
}
std::string_view Row::text(int column) const {
  if (is_null(column)) return {};
  if (const auto* words = std::get_if<std::string_view>(&cell(column))) return *words;
  throw Error(Errc::failed, "database: a column is not text");
}
std::string_view Row::blob(int column) const {
  if (is_null(column)) return {};
  if (const auto* blob = std::get_if<Blob>(&cell(column))) return blob->bytes;
  throw Error(Errc::failed, "database: a column is not bytes");
}

std::int64_t Tx::execute(Sql sql, std::span<const Value> values,
                         const std::function<void(Row)>& row) {
  if (broken_) std::rethrow_exception(broken_);
  try {
    for (const Value& value : values)
      if (const auto* words = std::get_if<std::string_view>(&value))
        if (words->contains('\0') || !text::valid_utf8(*words))
          throw Error(Errc::invalid, "a text is not valid UTF-8 without NUL: it cannot be stored");
    if (said_ != nullptr) said_->statements.push_back(copy_of(sql.text(), values));
    return connection_.run(sql.text(), values, row);
  } catch (...) {
    broken_ = std::current_exception();
    throw;
  }
}
std::int64_t Tx::run(Sql sql, std::initializer_list<Value> values) {
  return execute(sql, {values.begin(), values.size()}, nullptr);
}
void Tx::each(Sql sql, std::initializer_list<Value> values, const std::function<void(Row)>& row) {
  execute(sql, {values.begin(), values.size()}, row);
}

// A connection of the pool, lent to one transaction.
class Database::Lease {
 public:
  explicit Lease(Database& db) : db_(db) { take(); }
  Lease(const Lease&) = delete;
  ~Lease() {
    const std::scoped_lock lock(db_.idle_mutex_);
    --db_.lent_;
    if (mine_->usable())
      db_.idle_.push_back(std::move(mine_));
    else
      db_.idle_.clear();  // the server went away: the others are dead too
    db_.returned_.notify_one();
  }
  Connection& connection() { return *mine_; }

 private:
  void take() {
    std::unique_lock lock(db_.idle_mutex_);
    if (!db_.returned_.wait_for(lock, db_.config_.patience,
                                [&] { return db_.lent_ < db_.config_.connections; }))
      throw Error(Errc::overloaded, "every connection to the database is busy: try again");
    ++db_.lent_;
    if (!db_.idle_.empty()) {
      mine_ = std::move(db_.idle_.back());
      db_.idle_.pop_back();
      return;
    }
    lock.unlock();
    try {
      mine_ = db_.engine_ == Engine::sqlite ? connect_sqlite(db_.config_, Access::read)
                                            : connect_postgres(db_.config_);
    } catch (...) {
      lock.lock();
      --db_.lent_;
      db_.returned_.notify_one();
      throw;
    }
  }
  Database& db_;
  std::unique_ptr<Connection> mine_;
};

Database::Database(const std::filesystem::path& file)
    : Database(DatabaseConfig{.url = std::string(kSqliteScheme) + file.string()}) {}

Database::Database(const DatabaseConfig& config) : config_(config), engine_(engine_of(config.url)) {
  CHECK(config.connections > 0);
  if (engine_ == Engine::sqlite) {
    writer_ = connect_sqlite(config_, Access::write);
    writers_ = std::make_unique<Writers>(*writer_, config_.patience);
  } else {
    const Lease probe(*this);  // a wrong address shows here
    turns_ = std::make_unique<Turns>(config_.patience);
  }
}

Database::~Database() = default;

void Database::in_transaction(Access access, std::string_view tenant,
                              const std::function<void(Tx&)>& fn) {
  CHECK(!in_one);
  Said said{access, std::string(tenant), {}};
  const auto body = [&](Connection& connection) {
    struct Inside {
      Inside() { in_one = true; }
      ~Inside() { in_one = false; }
    } inside;
    said.statements.clear();
    Tx tx(connection, config_.on_said ? &said : nullptr);
    fn(tx);
    if (tx.broken_) std::rethrow_exception(tx.broken_);
  };
  using Keep = Writers::Keep;
  const auto once = [&](Keep keep) {
    if (access != Access::read && writers_) {
      const bool alone = access == Access::migrate || keep == Keep::roll_back;
      return writers_->run(access, alone ? Writers::Company::alone : Writers::Company::shared, keep,
                           [&] { body(*writer_); });
    }
    Lease lease(*this);
    Connection& connection = lease.connection();
    try {
      connection.begin(access, tenant);
      body(connection);
      if (keep == Keep::commit) return connection.commit();
    } catch (...) {
      connection.rollback();
      throw;
    }
    connection.rollback();
  };
  for (int attempt = 1;; ++attempt) {
    std::optional<Turns::Turn> turn;
    if (turns_ && access != Access::read)
      turn.emplace(*turns_,
                   attempt > kAttemptsTogether ? Turns::Company::alone : Turns::Company::any);
    try {
      if (config_.rehearse && access == Access::write) once(Keep::roll_back);
      once(access == Access::read ? Keep::roll_back : Keep::commit);  // a read has nothing to keep
      break;
    } catch (const TryAgain&) {
      if (attempt == kAttempts) throw;
    }
    turn.reset();
    pause_before(attempt);
  }
  if (config_.on_said) config_.on_said(std::move(said));
}

}  // namespace parvis::db
