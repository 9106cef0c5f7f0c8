// Databases for tests, on both engines: SQLite in a temporary folder, and a private PostgreSQL that
// this process starts once, from Debian's binaries, on a Unix socket, and stops when it exits.
//
//   class Tenancy : public support::EachEngine {};
//   TEST_P(Tenancy, Creates) { db::Database database(config()); … }
//   INSTANTIATE_TEST_SUITE_P(Engines, Tenancy, support::kEngines, support::engine_name);
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace parvis::support {

// The files of migrations/, in order.
const std::vector<db::Migration>& migrations();

// Each test has its own database, with every migration applied (a copy of a template made once),
// and rehearses its writes. On PostgreSQL it connects as a role without privileges, as in
// production. The test fails when PostgreSQL is not installed.
class EachEngine : public ::testing::TestWithParam<db::Engine> {
 protected:
  EachEngine();
  ~EachEngine() override;
  const db::DatabaseConfig& config() const { return config_; }
  bool on_sqlite() const { return GetParam() == db::Engine::sqlite; }
  // Ends every session of this test's database on the server (PostgreSQL only).
  void cut_connections() const;

 private:
  std::filesystem::path folder_;  // SQLite
  std::string name_;              // PostgreSQL
  db::DatabaseConfig config_;
};

inline const auto kEngines = ::testing::Values(db::Engine::sqlite, db::Engine::postgres);
inline std::string engine_name(const ::testing::TestParamInfo<db::Engine>& info) {
  return info.param == db::Engine::sqlite ? "Sqlite" : "Postgres";
}

}  // namespace parvis::support
