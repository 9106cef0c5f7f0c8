#include "app/home.hpp"

#include "app/migrations.hpp"
#include "base/error.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

Config with_folder(Config config) {
  std::error_code error;
  std::filesystem::create_directories(config.home, error);
  if (error)
    throw Error(Errc::invalid, "the folder " + config.home.string() + " cannot be made (" +
                                   error.message() + "): name another with --home");
  return config;
}

}  // namespace

Home::Home(Config configuration)
    : config(with_folder(std::move(configuration))), database(config.database()) {
  migrate(database, migrations());
}

std::string tenant_named(Home& home, const std::string& named) {
  return home.database.read([&](db::Tx& tx) -> std::string {
    if (!named.empty()) {
      if (!tenancy::tenant_of(tx, named))
        throw Error(Errc::invalid, "there is no tenant " + named + ": import its commune folder");
      return named;
    }
    if (tenancy::tenants(tx).empty()) return "";
    return tenancy::the_only_tenant(tx).id;
  });
}

}  // namespace parvis::app
