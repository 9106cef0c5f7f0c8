#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "app/booking_calendars.hpp"
#include "app/command.hpp"
#include "app/health.hpp"
#include "app/home.hpp"
#include "app/keys.hpp"
#include "app/reindex.hpp"
#include "app/terminal.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "knowledge/knowledge_store.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

int migrate(const Arguments& arguments) {
  const Home home(arguments.config);
  std::cout << (arguments.json ? "{\"migrated\":true}\n" : "the database is ready\n");
  return 0;
}

// ── doctor ──

// Nothing is created by looking: a home where nothing is yet has no database to open.
std::vector<Check> examine(const Config& config) {
  const bool fresh =
      config.database_url.empty() && !std::filesystem::exists(config.home / "parvis.db");
  if (fresh)
    return {{.state = Check::State::broken,
             .part = "database",
             .what = "there is nothing in " + config.home.string(),
             .remedy = "name the right folder with --home, or run parvis import"},
            check_assets(config)};
  std::vector<Check> all;
  try {
    db::Database database(config.database());
    all = check_database(database, true);
    const bool sound = std::ranges::all_of(
        all, [](const Check& check) { return check.state == Check::State::ok; });
    if (sound) {
      for (Check& check : check_indexes(config, database)) all.push_back(std::move(check));
      all.push_back(check_clock(database, system_now()));
      all.push_back(check_keys(config, database));
      for (const std::string& tenant : database.read([](db::Tx& tx) {
             std::vector<std::string> ids;
             for (const tenancy::Tenant& each : tenancy::tenants(tx)) ids.push_back(each.id);
             return ids;
           })) {
        for (Check& check : check_mail(config, database, tenant, system_now()))
          all.push_back(std::move(check));
        for (Check& check : check_calendars(config, database, tenant))
          all.push_back(std::move(check));
        for (Check& check : check_jobs(database, tenant, system_now()))
          all.push_back(std::move(check));
        all.push_back(check_found(database, tenant));
      }
      for (Check& check : check_mail_servers(config)) all.push_back(std::move(check));
    }
  } catch (const Error& error) {
    all.push_back({.state = Check::State::broken,
                   .part = "database",
                   .what = error.detail(),
                   .remedy = "see the message"});
  }
  all.push_back(check_disk(config));
  all.push_back(check_assets(config));
  all.push_back(check_fonts(config));
  all.push_back(check_antivirus(config));
  all.push_back(check_model(config));
  return all;
}

int doctor(const Arguments& arguments) {
  const std::vector<Check> checks = examine(arguments.config);
  Check::State worst = Check::State::ok;
  json::array out;
  for (const Check& check : checks) {
    worst = std::max(worst, check.state);
    out.push_back({{"part", check.part},
                   {"state", name(check.state)},
                   {"what", check.what},
                   {"remedy", check.remedy}});
    if (arguments.json) continue;
    fmt::print("{:<9} {}: {}\n", name(check.state), check.part, check.what);
    if (!check.remedy.empty()) fmt::print("          {}\n", check.remedy);
  }
  if (arguments.json)
    std::cout << json::serialize(json::object{{"state", name(worst)}, {"checks", std::move(out)}})
              << '\n';
  return worst == Check::State::broken ? 1 : 0;
}

// ── imports and their undoing ──

// "national" is the official corpus; "local", what the tenant brought.
std::string scope_of(const Arguments& arguments, Home& home) {
  const std::string& which = arguments.operands[0];
  if (which == "national") return std::string(knowledge::kNational);
  if (which != "local") usage("say national (the official sheets) or local (the town's)");
  const std::string tenant = tenant_named(home, arguments.tenant);
  if (tenant.empty()) throw Error(Errc::invalid, "there is no tenant yet: nothing is local");
  return tenant;
}

int list_imports(const Arguments& arguments) {
  Home home(arguments.config);
  const std::string scope = scope_of(arguments, home);
  json::array out;
  for (const knowledge::ImportRecord& import :
       home.database.read(scope, [&](db::Tx& tx) { return knowledge::imports(tx, scope); })) {
    const json::object report = parse_json(import.report)->as_object();
    auto count = [&](std::string_view key) {
      const json::array* list = array_at(report, key);
      return list == nullptr ? 0 : list->size();
    };
    if (!arguments.json)
      fmt::print("{}  {}  {}: {} added, {} changed, {} removed\n", import.id,
                 format_rfc3339(import.finished), import.source, count("added"), count("changed"),
                 count("removed"));
    out.push_back({{"import", import.id},
                   {"source", import.source},
                   {"finished", format_rfc3339(import.finished)},
                   {"added", count("added")},
                   {"changed", count("changed")},
                   {"removed", count("removed")}});
  }
  if (arguments.json) std::cout << json::serialize(out) << '\n';
  return 0;
}

int roll_back(const Arguments& arguments) {
  Home home(arguments.config);
  const std::string scope = scope_of(arguments, home);
  const auto all =
      home.database.read(scope, [&](db::Tx& tx) { return knowledge::imports(tx, scope); });
  if (all.empty()) throw Error(Errc::invalid, "there is no import to undo");
  const knowledge::ImportRecord& last = all.front();
  confirm(arguments, fmt::format("The import {} of {} ({}) will be undone.", last.id,
                                 format_rfc3339(last.finished), last.source));
  const ImportLock lock(home);
  home.database.write(scope, [&](db::Tx& tx) {
    if (knowledge::state(tx, scope) != last.id)
      throw Error(Errc::conflict, "another import came in between: look again, then undo");
    knowledge::roll_back(tx, scope);
  });
  reindex(home, scope);
  if (arguments.json)
    std::cout << json::serialize(json::object{{"undone", last.id}}) << '\n';
  else
    fmt::print("{} is undone\n", last.id);
  return 0;
}

// ── switches ──

// A sheet by "audience/id", or by id alone: then in each audience that has it.
std::vector<knowledge::DocumentKey> sheets_named(db::Tx& tx, const std::string& tenant,
                                                 const std::string& word) {
  std::vector<knowledge::DocumentKey> keys;
  const std::size_t slash = word.find('/');
  for (const char* audience : {"local", "particuliers", "professionnels", "associations"}) {
    if (slash != std::string::npos && word.substr(0, slash) != audience) continue;
    const knowledge::DocumentKey key{audience, word.substr(slash + 1)};
    const bool local = key.is_local();
    if (!knowledge::body_of(tx, local ? std::string_view(tenant) : knowledge::kNational, key)
             .empty())
      keys.push_back(key);
  }
  if (keys.empty())
    throw Error(Errc::invalid, "there is no sheet " + word + ": write its id, as F1342");
  return keys;
}

std::string tenant_with_switches(const Arguments& arguments, Home& home) {
  std::string tenant = tenant_named(home, arguments.tenant);
  if (tenant.empty()) throw Error(Errc::invalid, "there is no tenant yet: run parvis import");
  return tenant;
}

int turn(const Arguments& arguments, bool on) {
  Home home(arguments.config);
  const std::string tenant = tenant_with_switches(arguments, home);
  home.database.write(tenant, [&](db::Tx& tx) {
    for (const knowledge::DocumentKey& key : sheets_named(tx, tenant, arguments.operands[0]))
      if (on)
        knowledge::switch_on(tx, tenant, key);
      else
        knowledge::switch_off(tx, tenant, key, arguments.reason, system_now());
  });
  if (arguments.json)
    std::cout << json::serialize(json::object{{"sheet", arguments.operands[0]}, {"on", on}})
              << '\n';
  else
    fmt::print("{} is {}\n", arguments.operands[0], on ? "on" : "off");
  return 0;
}
int switch_off(const Arguments& arguments) { return turn(arguments, false); }
int switch_on(const Arguments& arguments) { return turn(arguments, true); }

int list_switches(const Arguments& arguments) {
  Home home(arguments.config);
  const std::string tenant = tenant_with_switches(arguments, home);
  json::array out;
  for (const knowledge::DocumentKey& key : home.database.read(
           tenant, [&](db::Tx& tx) { return knowledge::switched_off(tx, tenant); })) {
    const std::string word = key.audience + "/" + key.id;
    if (!arguments.json) fmt::print("{} is off\n", word);
    out.emplace_back(word);
  }
  if (arguments.json) std::cout << json::serialize(out) << '\n';
  return 0;
}

constexpr std::array kCommands = {
    Command{"migrate", "", "", "prepare or upgrade the database", migrate},
    Command{"doctor", "", "", "what is ok, degraded or broken, and the remedy", doctor},
    Command{"imports", "national|local", "", "the last imports, the latest first", list_imports},
    Command{"rollback", "national|local", "[--yes]", "undo the latest import", roll_back},
    Command{"switch off", "SHEET", "[--reason TEXT]", "a sheet is no longer shown nor cited",
            switch_off},
    Command{"switch on", "SHEET", "", "it is again", switch_on},
    Command{"switch list", "", "", "the sheets that are off", list_switches}};

}  // namespace

std::span<const Command> administration_commands() { return kCommands; }

}  // namespace parvis::app
