#include "app/health.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/migrations.hpp"
#include "app/piece_checks.hpp"
#include "base/error.hpp"
#include "knowledge/knowledge_store.hpp"
#include "pdf/pdf.hpp"
#include "retrieval/entries.hpp"
#include "search/index.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

using State = Check::State;

// The name of a migration begins with its day: "20261123T0900_…". This program is no older.
Instant newest_migration() {
  Instant newest{};
  for (const db::Migration& migration : migrations()) {
    const std::string day(migration.name.substr(0, 8));
    const auto at = parse_rfc3339(
        fmt::format("{}-{}-{}T00:00:00Z", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2)));
    if (at) newest = std::max(newest, *at);
  }
  return newest;
}

std::vector<std::string> scopes(db::Tx& tx) {
  std::vector<std::string> all{std::string(knowledge::kNational)};
  for (const tenancy::Tenant& tenant : tenancy::tenants(tx)) all.push_back(tenant.id);
  return all;
}

Check check_index(const Config& config, const std::string& scope, const std::string& state) {
  const bool national = scope.empty();
  Check check{.part = national ? "index of the official sheets" : "index of " + scope,
              .what = {},
              .remedy = {}};
  const auto current = search::current_generation(config.index_of(scope));
  if (!current) {
    const bool nothing = state == knowledge::kNoImport;
    if (!national && nothing) {
      check.what = "the town has no sheets of its own";
      return check;
    }
    check.state = national ? State::broken : State::degraded;
    check.what = "missing";
    check.remedy = national ? "run parvis import fiches SRC" : "run its import again";
    return check;
  }
  const auto generation = search::Generation::open(*current);
  if (!generation) {
    check.state = State::broken;
    check.what = generation.error().what;
    check.remedy = "delete this folder, then run the import again";
    return check;
  }
  check.what = fmt::format("{} documents", (*generation)->forward().documents());
  if (search::made_from(*current) != state) {
    check.state = State::degraded;
    check.what += ", older than what is stored";
    check.remedy = "run the import again";
  }
  return check;
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::degraded:
      return "degraded";
    case State::broken:
      return "broken";
  }
  return "broken";
}

std::vector<Check> check_database(db::Database& database, bool whole) {
  const bool sqlite = database.engine() == db::Engine::sqlite;
  Check here{.part = "database", .what = sqlite ? "SQLite" : "PostgreSQL", .remedy = {}};
  Check schema{.part = "schema", .what = "every migration is applied", .remedy = {}};
  try {
    if (whole && sqlite)
      database.read([&](db::Tx& tx) {
        tx.each("pragma quick_check(1)", {}, [&](db::Row row) {
          if (row.text(0) == "ok") return;
          here.state = State::broken;
          here.what = std::string(row.text(0));
          here.remedy = "stop parvis, put the last copy of the database back, import again";
        });
      });
    const auto left = db::pending(database, migrations());
    if (!left.empty()) {
      schema.state = State::degraded;
      schema.what = fmt::format("{} migrations are not applied", left.size());
      schema.remedy = "run parvis migrate";
    }
  } catch (const Error& error) {
    Check& at = error.code() == Errc::conflict ? schema : here;
    at.state = State::broken;
    at.what = error.detail();
    at.remedy = "see the message";
    if (&at == &here) return {here};
  }
  return {here, schema};
}

std::vector<Check> check_indexes(const Config& config, db::Database& database) {
  std::vector<Check> out;
  std::vector<std::pair<std::string, std::string>> states;
  database.read([&](db::Tx& tx) {
    states.clear();
    for (std::string& scope : scopes(tx)) {
      std::string state = retrieval::index_state(tx, scope);
      states.emplace_back(std::move(scope), std::move(state));
    }
  });
  for (const auto& [scope, state] : states) out.push_back(check_index(config, scope, state));
  return out;
}

Check check_disk(const Config& config) {
  Check check{.part = "disk", .what = {}, .remedy = {}};
  const std::string folder = std::filesystem::absolute(config.home).string();
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0 || ::access(folder.c_str(), W_OK | X_OK) != 0) {
    check.state = State::broken;
    check.what = folder + ": " + std::strerror(errno);
    check.remedy = "give the user of parvis the right to write there, on a disk that allows it";
    return check;
  }
  const std::uint64_t free = disk.f_bavail * disk.f_frsize;
  check.what = fmt::format("{} MB free in {}", free >> 20, folder);
  if (free < kSpaceWanted) {
    check.state = free < kSpaceNeeded ? State::broken : State::degraded;
    check.remedy = fmt::format("free some: an import wants {} MB", kSpaceWanted >> 20);
  }
  return check;
}

Check check_clock(db::Database& database, Instant now) {
  Check check{.part = "clock", .what = format_rfc3339(now), .remedy = {}};
  Instant last = newest_migration();
  database.read([&](db::Tx& tx) {
    for (const std::string& scope : scopes(tx))
      for (const knowledge::ImportRecord& import : knowledge::imports(tx, scope))
        last = std::max(last, import.finished);
  });
  if (now < last) {
    check.state = State::degraded;
    check.what += ", before " + format_rfc3339(last) + ", which is past";
    check.remedy = "set the clock (NTP): opening hours and dates follow it";
  } else if (!Zone::named("Europe/Paris")) {
    check.state = State::broken;
    check.what = "the zone Europe/Paris is missing";
    check.remedy = "install the package tzdata";
  }
  return check;
}

Check check_model(const Config& config) {
  Check check{.part = "model", .what = config.embedder_file().string(), .remedy = {}};
  if (std::filesystem::is_regular_file(config.embedder_file())) return check;
  check.state = State::degraded;
  check.what += " is missing: the search finds by words only";
  check.remedy = "run bin/setup, or name the model in models.embedder";
  return check;
}

Check check_assets(const Config& config) {
  Check check{.part = "pages", .what = config.assets.string(), .remedy = {}};
  if (std::filesystem::is_regular_file(config.assets / "portal.css")) return check;
  check.state = State::broken;
  check.what += " has no portal.css";
  check.remedy = "name the folder web/assets with --assets or server.assets";
  return check;
}

Check check_fonts(const Config& config) {
  const pdf::Fonts fonts(config.assets / "fonts");
  Check check{.part = "fonts", .what = "for PDFs", .remedy = {}};
  if (fonts.house() && fonts.fallback()) return check;
  check.state = State::degraded;
  check.what = !fonts.fallback() ? "a PDF has no letters but the Latin ones"
                                 : "a PDF is not in the typeface of the pages";
  check.remedy = !fonts.fallback() ? "install fonts-dejavu-core" : "run bin/setup";
  return check;
}

Check check_antivirus(const Config& config) {
  Check check{
      .part = "antivirus", .what = "none: files are checked by content alone", .remedy = {}};
  if (config.clamd_address.empty()) return check;
  const auto antivirus = antivirus_of(config);
  if (const auto version = antivirus->version()) {
    check.what = *version;
    return check;
  }
  check.state = State::degraded;
  check.what = config.clamd_address + " does not answer: files wait in quarantine";
  check.remedy = "start clamav-daemon, or correct clamd.address";
  return check;
}

}  // namespace parvis::app
