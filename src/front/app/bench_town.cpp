#include "app/bench_town.hpp"

#include <fmt/format.h>

#include "app/migrations.hpp"
#include "base/error.hpp"
#include "crypto/hash.hpp"
#include "procedure/procedure_store.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kYaml = R"~(
id: essai
title: Essai
summary: Un essai.
service: mairie
other_ways: [Au guichet.]
clock: {silence: accepts, delay: 2 months, basis: Un essai.}
steps:
  - title: Un
    pages:
      - {id: objet, type: text, label: Objet}
      - {id: vous, type: person, label: Vous, with: [email, phone]}
)~";

db::DatabaseConfig in_schema(const Arguments& arguments, std::string_view name) {
  db::DatabaseConfig config = arguments.config.database();
  const std::string& url = arguments.config.database_url;
  config.url = fmt::format("{}{}options=-csearch_path%3Dparvis_bench_{}", url,
                           url.contains('?') ? '&' : '?', name);
  return config;
}

}  // namespace

BenchFolder::BenchFolder()
    : path(fs::temp_directory_path() / ("parvis-bench-" + crypto::random_hex(6))) {
  fs::create_directories(path);
}
BenchFolder::~BenchFolder() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

db::DatabaseConfig bench_database(const Arguments& arguments, const fs::path& folder,
                                  std::string_view name) {
  if (arguments.config.database_url.empty())
    return {.url = "sqlite:" + (folder / fmt::format("{}.db", name)).string()};
  db::Database whole(arguments.config.database());
  whole.write([&](db::Tx& tx) {
    if (name == "ours") {
      tx.run("drop schema if exists parvis_bench_ours cascade");
      tx.run("create schema parvis_bench_ours");
    } else {
      tx.run("drop schema if exists parvis_bench_bare cascade");
      tx.run("create schema parvis_bench_bare");
    }
  });
  return in_schema(arguments, name);
}

db::DatabaseConfig case_database(const Arguments& arguments, const fs::path& folder,
                                 std::string_view file, Keep keep) {
  fs::create_directories(folder);
  if (arguments.config.database_url.empty()) {
    const std::string path = (folder / file).string();
    if (keep == Keep::nothing)
      for (const std::string_view end : {"", "-wal", "-shm"}) fs::remove(path + std::string(end));
    return {.url = "sqlite:" + path};
  }
  if (keep == Keep::nothing) {
    db::Database whole(arguments.config.database());
    whole.write([](db::Tx& tx) {
      tx.run("drop schema if exists parvis_bench_cases cascade");
      tx.run("create schema parvis_bench_cases");
    });
  }
  return in_schema(arguments, "cases");
}

void make_case_town(db::Database& database) {
  migrate(database, migrations());
  auto definition = procedure::read_definition(kYaml);
  CHECK(definition);
  const Instant now = system_now();
  database.write([&](db::Tx& tx) {
    tenancy::create_tenant(tx, {.id = std::string(kCaseTenant), .name = "Mesure"}, now);
    procedure::publish(tx, kCaseTenant, {*definition}, now);
  });
}

tenancy::Context case_context(Instant now) {
  return {.tenant = std::string(kCaseTenant),
          .commune = "",
          .actor = tenancy::Actor::system("benchmark"),
          .zone = Zone::paris(),
          .deadline = {},
          .request = "",
          .now = now};
}

}  // namespace parvis::app
