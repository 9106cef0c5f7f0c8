// One connection to one engine: what Database needs of it. Used by one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "db/database.hpp"

namespace parvis::db {

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void begin(Access access, std::string_view tenant) = 0;
  virtual void commit() = 0;             // UnknownOutcome when nobody can say
  virtual void rollback() noexcept = 0;  // also after the engine has rolled back by itself
  virtual bool usable() const = 0;       // false: throw it away
  virtual std::int64_t run(const char* sql, std::span<const Value> values,
                           const std::function<void(Row)>& row) = 0;
  virtual void script(const std::string& sql) = 0;  // several statements
  virtual void lock_schema() = 0;                   // until the transaction ends
};

// The transaction lost against another, or its connection died before the commit: nothing of it is
// saved, and running it again may succeed.
class TryAgain : public Error {
 public:
  using Error::Error;
};

// The text for SQLite, which numbers `$1` by order of appearance and `?1` by its number.
std::string numbered(std::string_view sql);

std::unique_ptr<Connection> connect_sqlite(const DatabaseConfig& config, Access access);
std::unique_ptr<Connection> connect_postgres(const DatabaseConfig& config);

}  // namespace parvis::db
