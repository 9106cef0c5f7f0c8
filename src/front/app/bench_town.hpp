// What the benchmarks of cases share: a town with one démarche, in databases of their own.
#pragma once

#include <filesystem>
#include <string_view>

#include "app/arguments.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"

namespace parvis::app {

inline constexpr std::string_view kCaseTenant = "bench", kCaseProcedure = "essai";

// In the temporary folder, on the disk that a home would be on; removed at the end.
struct BenchFolder {
  BenchFolder();
  BenchFolder(const BenchFolder&) = delete;
  ~BenchFolder();
  const std::filesystem::path path;
};

// An empty database: a file NAME.db in the folder; when the configuration names a PostgreSQL
// database, its schema parvis_bench_NAME, which is dropped first. name: "ours", "bare".
db::DatabaseConfig bench_database(const Arguments& arguments, const std::filesystem::path& folder,
                                  std::string_view name);
// One that is kept: the file in the folder, or the schema parvis_bench_cases.
enum class Keep { as_it_is, nothing };
db::DatabaseConfig case_database(const Arguments& arguments, const std::filesystem::path& folder,
                                 std::string_view file, Keep keep);

// Migrated, with the tenant and its démarche.
void make_case_town(db::Database& database);

tenancy::Context case_context(Instant now);  // of the system

}  // namespace parvis::app
