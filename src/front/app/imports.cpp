#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iostream>

#include "app/command.hpp"
#include "app/home.hpp"
#include "app/lines.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "directory/annuaire.hpp"
#include "directory/directory_store.hpp"
#include "directory/town.hpp"
#include "knowledge/import.hpp"
#include "knowledge/knowledge_store.hpp"
#include "retrieval/entries.hpp"
#include "search/index.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

json::array array_of(const std::vector<std::string>& values) {
  return json::array(values.begin(), values.end());
}

void print_import(const Arguments& arguments, const knowledge::ImportReport& report) {
  for (const std::string& failed : report.failed)
    std::cerr << "parvis: not read: " << failed << '\n';
  if (arguments.json) {
    std::cout << json::serialize(to_json(report)) << '\n';
    return;
  }
  fmt::print("{} added, {} changed, {} removed, {} unchanged, {} not read\n", report.added.size(),
             report.changed.size(), report.removed.size(), report.unchanged,
             report.failed.size() + report.failures_not_shown);
  for (const std::string& name : report.unknown)
    fmt::print("unknown element kept as a plain block: {}\n", name);
}

knowledge::ImportOptions options_of(const Arguments& arguments) {
  return {.add = arguments.add,
          .dry_run = arguments.dry_run,
          .yes = arguments.yes,
          .now = system_now()};
}

// An import that changed nothing needs no new generation, when there is one.
void index_after(const Arguments& arguments, Home& home, std::string_view tenant, bool changed) {
  const std::filesystem::path scope = home.config.index_of(tenant);
  if (arguments.dry_run || (!changed && search::current_generation(scope))) return;
  const auto bar = progress_bar("indexing");
  retrieval::build_index(home.database, tenant, scope, [&](std::size_t done) {
    if (bar) bar(done, done);
  });
}

// `import` on an empty home makes the tenant `default`, so that a home with one FAQ works.
std::string tenant_to_fill(const Arguments& arguments, Home& home) {
  const std::string tenant = tenant_named(home, arguments.tenant);
  if (!tenant.empty() || arguments.dry_run) return tenant;
  home.database.write([&](db::Tx& tx) {
    tenancy::create_tenant(tx,
                           {.id = "default",
                            .name = "Ma commune",
                            .kind = tenancy::Tenant::Kind::commune,
                            .zone = Zone::paris()},
                           system_now());
  });
  return "default";
}

int import_fiches(const Arguments& arguments) {
  Home home(arguments.config);
  const bool empty = home.database.read([](db::Tx& tx) { return tenancy::tenants(tx).empty(); });
  const knowledge::ImportReport report = knowledge::import_fiches(
      home.database, arguments.operands[0], options_of(arguments), progress_bar("reading"));
  if (empty) tenant_to_fill(arguments, home);
  index_after(arguments, home, knowledge::kNational, !report.import_id.empty());
  print_import(arguments, report);
  return 0;
}

int import_faq(const Arguments& arguments) {
  Home home(arguments.config);
  const std::string tenant = tenant_to_fill(arguments, home);
  const knowledge::ImportReport report =
      knowledge::import_faq(home.database, tenant, arguments.operands[0], "Questions de la commune",
                            options_of(arguments), progress_bar("reading"));
  index_after(arguments, home, tenant, !report.import_id.empty());
  print_import(arguments, report);
  return 0;
}

int import_commune(const Arguments& arguments) {
  Home home(arguments.config);
  const std::filesystem::path folder = arguments.operands[0];
  const auto town = directory::load_town(folder);
  if (!town) {
    std::string all = "the folder " + folder.string() + " is not sound";
    for (const directory::FileProblem& problem : town.error())
      all.append("\n  ").append(words(problem));
    throw Error(Errc::invalid, all);
  }
  if (!arguments.tenant.empty() && arguments.tenant != town->tenant.id)
    throw Error(Errc::invalid, "this folder is of the tenant " + town->tenant.id + ", not " +
                                   arguments.tenant + ": name that one, or none");
  const std::string& tenant = town->tenant.id;
  if (!arguments.dry_run)
    home.database.write([&](db::Tx& tx) {
      if (!tenancy::tenant_of(tx, tenant)) tenancy::create_tenant(tx, town->tenant, system_now());
      for (const tenancy::Commune& commune : town->communes)
        if (!tenancy::update_commune(tx, tenant, commune))
          tenancy::add_commune(tx, tenant, commune);
    });
  const directory::Changes services = home.database.write(tenant, [&](db::Tx& tx) {
    return arguments.dry_run ? directory::changes(tx, tenant, "commune", town->services)
                             : directory::replace(tx, tenant, "commune", town->services);
  });
  const knowledge::ImportReport report =
      knowledge::import_local_sheets(home.database, tenant, folder / "knowledge", town->tenant.name,
                                     options_of(arguments), nullptr);
  index_after(arguments, home, tenant, !report.import_id.empty());
  std::cerr << fmt::format("parvis: {} services added, {} changed, {} removed, {} unchanged\n",
                           services.added.size(), services.changed.size(), services.removed.size(),
                           services.unchanged);
  print_import(arguments, report);
  return 0;
}

int import_annuaire(const Arguments& arguments) {
  Home home(arguments.config);
  std::ifstream file(arguments.operands[0], std::ios::binary);
  if (!file) throw Error(Errc::invalid, arguments.operands[0] + " cannot be read: check its name");
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto read = directory::read_annuaire(bytes);
  if (!read) throw Error(Errc::invalid, arguments.operands[0] + ": " + read.error().what);
  const std::string tenant = tenant_to_fill(arguments, home);
  for (const std::string& note : read->notes) std::cerr << "parvis: " << note << '\n';
  const directory::Changes done = home.database.write(tenant, [&](db::Tx& tx) {
    return arguments.dry_run ? directory::changes(tx, tenant, "annuaire", read->services)
                             : directory::replace(tx, tenant, "annuaire", read->services);
  });
  const json::object report{{"added", array_of(done.added)},
                            {"changed", array_of(done.changed)},
                            {"removed", array_of(done.removed)},
                            {"unchanged", done.unchanged}};
  if (arguments.json)
    std::cout << json::serialize(report) << '\n';
  else
    fmt::print("{} services added, {} changed, {} removed, {} unchanged\n", done.added.size(),
               done.changed.size(), done.removed.size(), done.unchanged);
  return 0;
}

constexpr std::string_view kOptions = "[--dry-run] [--add] [--yes]";
constexpr std::array kCommands = {
    Command{"import fiches", "SRC", kOptions,
            "the official sheets: npm package, folder or zip of DILA XML", import_fiches},
    Command{"import commune", "DIR", kOptions, "a town: services, hours, local sheets",
            import_commune},
    Command{"import faq", "FILE.jsonl", kOptions, "questions and answers of the town", import_faq},
    Command{"import annuaire", "FILE.json", kOptions, "services of the national directory",
            import_annuaire}};

}  // namespace

std::span<const Command> import_commands() { return kCommands; }

}  // namespace parvis::app
