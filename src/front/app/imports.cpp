#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "app/booking_calendars.hpp"
#include "app/booking_letters.hpp"
#include "app/command.hpp"
#include "app/home.hpp"
#include "app/indexing.hpp"
#include "app/keys.hpp"
#include "app/letterbox.hpp"
#include "app/lines.hpp"
#include "app/reindex.hpp"
#include "appointment/agenda_yaml.hpp"
#include "appointment/appointment_store.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "directory/annuaire.hpp"
#include "directory/directory_store.hpp"
#include "directory/town.hpp"
#include "ics/read.hpp"
#include "knowledge/import.hpp"
#include "knowledge/knowledge_store.hpp"
#include "procedure/folder.hpp"
#include "procedure/procedure_store.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

json::array array_of(const std::vector<std::string>& values) {
  return json::array(values.begin(), values.end());
}

// services: of the directory, when the import brought some; procedures, agendas: what was
// published.
void print_import(const Arguments& arguments, const knowledge::ImportReport& report,
                  const directory::Changes* services = nullptr,
                  const procedure::Published* procedures = nullptr,
                  const appointment::Published* agendas = nullptr) {
  for (const std::string& failed : report.failed)
    std::cerr << "parvis: not read: " << failed << '\n';
  if (arguments.json) {
    json::object out = to_json(report);
    if (services != nullptr)
      out["services"] = json::object{{"added", array_of(services->added)},
                                     {"changed", array_of(services->changed)},
                                     {"removed", array_of(services->removed)},
                                     {"unchanged", services->unchanged}};
    if (procedures != nullptr)
      out["procedures"] = json::object{{"added", array_of(procedures->added)},
                                       {"changed", array_of(procedures->changed)},
                                       {"withdrawn", array_of(procedures->withdrawn)},
                                       {"unchanged", procedures->unchanged}};
    if (agendas != nullptr)
      out["appointments"] = json::object{{"added", array_of(agendas->added)},
                                         {"changed", array_of(agendas->changed)},
                                         {"withdrawn", array_of(agendas->withdrawn)},
                                         {"unchanged", agendas->unchanged}};
    std::cout << json::serialize(out) << '\n';
    return;
  }
  if (arguments.dry_run)
    for (const auto& [sign, keys] : {std::pair('+', &report.added), std::pair('~', &report.changed),
                                     std::pair('-', &report.removed)})
      for (const std::string& key : *keys) fmt::print("{} {}\n", sign, key);
  fmt::print("{} added, {} changed, {} removed, {} unchanged, {} not read\n", report.added.size(),
             report.changed.size(), report.removed.size(), report.unchanged,
             report.failed.size() + report.failures_not_shown);
  if (services != nullptr)
    fmt::print("services: {} added, {} changed, {} removed, {} unchanged\n", services->added.size(),
               services->changed.size(), services->removed.size(), services->unchanged);
  if (procedures != nullptr)
    fmt::print("démarches: {} added, {} changed, {} withdrawn, {} unchanged\n",
               procedures->added.size(), procedures->changed.size(), procedures->withdrawn.size(),
               procedures->unchanged);
  if (agendas != nullptr)
    fmt::print("agendas: {} added, {} changed, {} withdrawn, {} unchanged\n", agendas->added.size(),
               agendas->changed.size(), agendas->withdrawn.size(), agendas->unchanged);
  for (const std::string& name : report.unknown)
    fmt::print("unknown element kept as a plain block: {}\n", name);
}

knowledge::ImportOptions options_of(const Arguments& arguments) {
  return {.add = arguments.add,
          .dry_run = arguments.dry_run,
          .yes = arguments.yes,
          .now = system_now()};
}

constexpr const char* kFirstTenant = "default";

// The tenant to bring something to: on an empty home, the one that `keep` then makes.
std::string tenant_to_fill(const Arguments& arguments, Home& home) {
  const std::string tenant = tenant_named(home, arguments.tenant);
  return tenant.empty() ? kFirstTenant : tenant;
}

void keep(db::Tx& tx, const std::string& tenant) {
  if (tenant == kFirstTenant && !tenancy::tenant_of(tx, tenant))
    tenancy::create_tenant(tx,
                           {.id = tenant,
                            .name = "Ma commune",
                            .kind = tenancy::Tenant::Kind::commune,
                            .zone = Zone::paris()},
                           system_now());
}

// Offers to those who wait for an appointment what an import opens. It reads nothing that is
// sealed, so no keys are opened; the letters are jobs of the server.
class Offering {
 public:
  Offering(Home& home, const Config& config, const std::string& tenant)
      : keyring_(home.database, *keys_),
        agendas_(home.database),
        appointments_(home.database, keyring_, agendas_, on_booking_of(config), place_letter_due),
        cx_(system_context(tenant, "import", zone_of(home, tenant), system_now())),
        before_(appointments_.openings(cx_)) {}

  void offer() { appointments_.offer_opened(cx_, before_); }
  void set_calendar(const std::string& agenda, const std::string& counter,
                    const std::vector<appointment::Busy>& all) {
    appointments_.set_calendar(cx_, agenda, counter, all);
  }
  const tenancy::Context& context() const { return cx_; }

 private:
  static Zone zone_of(Home& home, const std::string& tenant) {
    return home.database.read([&](db::Tx& tx) {
      const auto known = tenancy::tenant_of(tx, tenant);
      return known ? known->zone : Zone::paris();
    });
  }
  const std::unique_ptr<vault::KeyStore> keys_ = no_key_store();
  vault::Keyring keyring_;
  appointment::Agendas agendas_;
  appointment::Appointments appointments_;
  const tenancy::Context cx_;
  const std::vector<appointment::Appointments::Opening> before_;
};

int import_fiches(const Arguments& arguments) {
  Home home(arguments.config);
  const ImportLock lock(home);
  const knowledge::ImportReport report = knowledge::import_fiches(
      home.database, arguments.operands[0], options_of(arguments), progress_bar("reading"));
  if (!arguments.dry_run)
    home.database.write([](db::Tx& tx) {
      if (tenancy::tenants(tx).empty()) keep(tx, kFirstTenant);
    });
  if (!arguments.dry_run) reindex(home, knowledge::kNational);
  print_import(arguments, report);
  return 0;
}

int import_faq(const Arguments& arguments) {
  Home home(arguments.config);
  const ImportLock lock(home);
  const std::string tenant = tenant_to_fill(arguments, home);
  const knowledge::ImportReport report =
      knowledge::import_faq(home.database, tenant, arguments.operands[0], "Questions de la commune",
                            options_of(arguments), progress_bar("reading"));
  if (!arguments.dry_run) home.database.write([&](db::Tx& tx) { keep(tx, tenant); });
  if (!arguments.dry_run) reindex(home, tenant);
  print_import(arguments, report);
  return 0;
}

Error unsound(const std::filesystem::path& folder,
              const std::vector<directory::FileProblem>& problems) {
  std::string all = "the folder " + folder.string() + " is not sound";
  for (const directory::FileProblem& problem : problems) all.append("\n  ").append(words(problem));
  return {Errc::invalid, all};
}

directory::Town town_at(const Arguments& arguments) {
  const std::filesystem::path folder = arguments.operands[0];
  auto town = directory::load_town(folder);
  if (!town) throw unsound(folder, town.error());
  if (!arguments.tenant.empty() && arguments.tenant != town->tenant.id)
    throw Error(Errc::invalid, "this folder is of the tenant " + town->tenant.id + ", not " +
                                   arguments.tenant + ": name that one, or none");
  return std::move(*town);
}

// The tenant, its communes and services, all or none. True when its name or communes change.
bool write_town(db::Tx& tx, const directory::Town& town, directory::Changes& services) {
  const std::string& tenant = town.tenant.id;
  const auto known = tenancy::tenant_of(tx, tenant);
  const auto before = tenancy::communes(tx, tenant);
  if (!known)
    tenancy::create_tenant(tx, town.tenant, system_now());
  else if (*known != town.tenant)
    tenancy::update_tenant(tx, town.tenant);
  for (const tenancy::Commune& commune : town.communes)
    if (!tenancy::update_commune(tx, tenant, commune)) tenancy::add_commune(tx, tenant, commune);
  services = directory::replace(tx, tenant, directory::kTownSource, town.services);
  return known != town.tenant || tenancy::communes(tx, tenant) != before;
}

int import_commune(const Arguments& arguments) {
  const directory::Town town = town_at(arguments);
  const std::string& tenant = town.tenant.id;
  const std::filesystem::path folder = arguments.operands[0];
  const auto procedures = procedure::load_definitions(folder, town);
  if (!procedures) throw unsound(folder, procedures.error());
  const auto agendas = appointment::load_agendas(folder, town);
  if (!agendas) throw unsound(folder, agendas.error());
  if (const auto wrong = appointment::judge_appointments(*procedures, *agendas); !wrong.empty())
    throw unsound(folder, wrong);
  const std::filesystem::path sheets = folder / "knowledge";
  Home home(arguments.config);
  const ImportLock lock(home);
  knowledge::ImportOptions options = options_of(arguments);
  auto read_sheets = [&](bool dry_run) {
    options.dry_run = dry_run;
    return knowledge::import_local_sheets(home.database, tenant, sheets, town.tenant.name, options,
                                          nullptr);
  };
  knowledge::ImportReport report = read_sheets(true);  // what cannot be read stops here
  directory::Changes services;
  procedure::Published published;
  appointment::Published booked;
  if (arguments.dry_run) {
    services = home.database.read(tenant, [&](db::Tx& tx) {
      return directory::changes(tx, tenant, directory::kTownSource, town.services);
    });
  } else {
    Offering offering(home, arguments.config, tenant);
    const bool changed = home.database.write([&](db::Tx& tx) {
      const bool town_changed = write_town(tx, town, services);
      published = procedure::publish(tx, tenant, *procedures, system_now());
      booked = appointment::publish(tx, tenant, *agendas, system_now());
      enqueue_indexing(tx, tenant, system_now());
      return town_changed;
    });
    offering.offer();
    report = read_sheets(false);
    reindex(home, tenant, changed ? Reindex::always : Reindex::when_older);
  }
  print_import(arguments, report, &services, &published, &booked);
  return 0;
}

int import_annuaire(const Arguments& arguments) {
  const std::string& name = arguments.operands[0];
  std::ifstream file(name, std::ios::binary);
  std::string bytes(directory::kAnnuaireBytes + 1, '\0');
  file.read(bytes.data(), std::ssize(bytes));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad())
    throw Error(Errc::invalid, name + " cannot be read: check its name");
  const auto read = directory::read_annuaire(bytes);
  if (!read) throw Error(Errc::invalid, name + ": " + read.error().what);
  Home home(arguments.config);
  const ImportLock lock(home);
  const std::string tenant = tenant_to_fill(arguments, home);
  for (const std::string& note : read->notes) std::cerr << "parvis: " << note << '\n';
  const directory::Changes done = [&] {
    if (arguments.dry_run)
      return home.database.read(tenant, [&](db::Tx& tx) {
        return directory::changes(tx, tenant, "annuaire", read->services);
      });
    Offering offering(home, arguments.config, tenant);
    directory::Changes changes = home.database.write([&](db::Tx& tx) {
      keep(tx, tenant);
      return directory::replace(tx, tenant, "annuaire", read->services);
    });
    offering.offer();
    return changes;
  }();
  print_import(arguments, {}, &done);
  return 0;
}

// What keeps a counter busy, from a file: it replaces what the file before it said.
int import_calendar(const Arguments& arguments) {
  const std::string& name = arguments.operands[0];
  if (arguments.agenda.empty() || arguments.counter.empty())
    usage("import calendar wants --agenda A --counter C: whose busy times these are");
  for (const CalendarConfig& each : arguments.config.calendars)
    if (each.agenda == arguments.agenda && each.counter == arguments.counter)
      throw Error(Errc::invalid,
                  "this counter's calendar is read from its server ([[caldav]]): "
                  "put the file there, or take the section away");
  std::ifstream file(name, std::ios::binary);
  std::string bytes(ics::kFileMax + 1, '\0');
  file.read(bytes.data(), std::ssize(bytes));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad())
    throw Error(Errc::invalid, name + " cannot be read: check its name");
  Home home(arguments.config);
  const std::string tenant = tenant_named(home, arguments.tenant);
  appointment::Agendas agendas(home.database);
  const auto edition = tenant.empty() ? std::nullopt : agendas.of(tenant, arguments.agenda);
  if (!edition || edition->agenda->counter(arguments.counter) == nullptr)
    throw Error(Errc::invalid,
                fmt::format("there is no counter {} in an agenda {}: their ids are in the town's "
                            "folder, under appointments/",
                            arguments.counter, arguments.agenda));
  Offering offering(home, arguments.config, tenant);
  const tenancy::Context& cx = offering.context();
  const Zone zone = cx.zone;
  const Instant now = cx.now, until = now + appointment::kHorizonMax;
  const auto calendar = ics::read(bytes, now, until, zone);
  if (!calendar) {
    const ics::Fault& fault = calendar.error();
    throw Error(Errc::invalid,
                fault.line == 0
                    ? fmt::format("{}: {}; {}", name, fault.what, fault.remedy)
                    : fmt::format("{}:{}: {}; {}", name, fault.line, fault.what, fault.remedy));
  }
  std::vector<ics::Interval> intervals;
  for (const ics::Entry& entry : calendar->entries)
    intervals.insert(intervals.end(), entry.intervals.begin(), entry.intervals.end());
  intervals = ics::merged(std::move(intervals));
  if (intervals.size() > kBusyMax)
    throw Error(Errc::invalid, fmt::format("{}: it has more than {} busy times: shorten its series",
                                           name, kBusyMax));
  if (!arguments.dry_run)
    offering.set_calendar(arguments.agenda, arguments.counter,
                          busy_rows(intervals, arguments.agenda, arguments.counter, "file"));
  std::size_t clashes = 0;  // with bookings that stand: nobody is moved
  for (const appointment::Booking& row : home.database.read(tenant, [&](db::Tx& tx) {
         return appointment::between(tx, cx, arguments.agenda, now, until, appointment::kTakenMax);
       }))
    if (row.state == appointment::State::booked && row.counter == arguments.counter &&
        std::ranges::any_of(intervals, [&](const ics::Interval& each) {
          return each.start < row.end && row.start < each.end;
        }))
      ++clashes;
  if (arguments.json)
    std::cout << json::serialize(json::object{{"busy", intervals.size()}, {"clashes", clashes}})
              << '\n';
  else
    fmt::print("{} busy times, {} bookings stand within them\n", intervals.size(), clashes);
  return 0;
}

constexpr std::string_view kOptions = "[--dry-run] [--add] [--yes]";
constexpr std::array kCommands = {
    Command{"import fiches", "SRC", kOptions,
            "the official sheets: npm package, folder or zip of DILA XML", import_fiches},
    Command{"import commune", "DIR", kOptions,
            "a town: services, hours, local sheets, démarches, agendas", import_commune},
    Command{"import calendar", "FILE.ics", "[--agenda A] [--counter C] [--dry-run]",
            "when a counter of an agenda is busy", import_calendar},
    Command{"import faq", "FILE.jsonl", kOptions, "questions and answers of the town", import_faq},
    Command{"import annuaire", "FILE.json", kOptions, "services of the national directory",
            import_annuaire}};

}  // namespace

std::span<const Command> import_commands() { return kCommands; }

}  // namespace parvis::app
