// `parvis export cases`: the cases of a démarche with their answers, into a file.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/command.hpp"
#include "app/home.hpp"
#include "app/keys.hpp"
#include "app/terminal.hpp"
#include "base/error.hpp"
#include "casework/export.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

namespace fs = std::filesystem;

// Under another name until it is whole: a file that is there is whole.
class WholeFile {
 public:
  explicit WholeFile(fs::path path) : path_(std::move(path)), part_(path_.string() + ".part") {
    file_.open(part_, std::ios::binary | std::ios::trunc);
    if (!file_)
      throw Error(Errc::invalid, "the file " + path_.string() + " cannot be written: name another");
    // It holds what citizens wrote.
    fs::permissions(part_, fs::perms::owner_read | fs::perms::owner_write);
  }
  WholeFile(const WholeFile&) = delete;
  ~WholeFile() {
    std::error_code ignored;
    fs::remove(part_, ignored);
  }
  void write(std::string_view bytes) {
    if (!file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) full();
  }
  void keep() {
    file_.close();
    if (!file_) full();
    fs::rename(part_, path_);
  }

 private:
  [[noreturn]] void full() const {
    throw Error(Errc::unavailable, "the file " + path_.string() + " cannot be written: free space");
  }
  fs::path path_, part_;
  std::ofstream file_;
};

int export_cases(const Arguments& arguments) {
  if (arguments.procedure.empty()) usage("name the démarche with --procedure");
  if (arguments.out.empty()) usage("name the file with --out");
  const auto format = table::format_named(arguments.format.empty() ? "csv" : arguments.format);
  if (!format) usage("--format wants csv, ods or json");
  casework::Export wanted{.filter = {.procedure = arguments.procedure}, .format = *format};
  for (const std::string& each : arguments.states) {
    const auto state = casework::state_named(each);
    if (!state || *state == casework::State::draft)
      usage(
          "--state wants received, examined, awaiting, accepted, refused, withdrawn, transferred "
          "or closed");
    wanted.filter.states.push_back(*state);
  }
  wanted.filter.services = arguments.services;
  Home home(arguments.config);
  const std::unique_ptr<vault::KeyStore> keys = open_key_store(home.config);
  const std::string tenant = tenant_named(home, arguments.tenant);
  if (tenant.empty()) throw Error(Errc::invalid, "no town is imported yet: import one first");
  vault::Keyring keyring(home.database, *keys);
  procedure::Catalogue catalogue(home.database);
  casework::Cases cases(home.database, keyring, catalogue);
  const auto town =
      home.database.read(tenant, [&](db::Tx& tx) { return tenancy::tenant_of(tx, tenant); });
  const tenancy::Context cx{.tenant = tenant,
                            .commune = "",
                            .actor = tenancy::Actor::system("export"),
                            .zone = town ? town->zone : Zone::paris(),
                            .deadline = {},
                            .request = "",
                            .now = system_now()};
  const casework::Author who{casework::Role::agent,
                             fmt::format("command line, user {}", ::getuid()),
                             "Ligne de commande",
                             {}};
  WholeFile file(arguments.out);
  Progress progress("cases");
  const std::size_t written = casework::export_cases(
      home.database, catalogue, cases, cx, who, wanted,
      [&](std::string_view bytes) { file.write(bytes); },
      [&](std::size_t done, std::size_t total) { progress.at(done, total); });
  file.keep();
  std::cout << json::serialize(json::object{{"cases", written}, {"file", arguments.out.string()}})
            << '\n';
  return 0;
}

constexpr std::array kCommands = {Command{
    "export cases", "", "[--procedure P] [--state S] [--service ID] [--format csv] [--out FILE]",
    "the cases of a démarche with their answers: csv, ods or json", export_cases}};

}  // namespace

std::span<const Command> export_commands() { return kCommands; }

}  // namespace parvis::app
