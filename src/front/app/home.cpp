#include "app/home.hpp"

#include "app/migrations.hpp"
#include "base/error.hpp"
#include "tenancy/tenancy_store.hpp"

namespace parvis::app {
namespace {

std::filesystem::path created(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(Errc::invalid, "the folder " + folder.string() + " cannot be made (" +
                                   error.message() + "): name another with --home");
  return folder;
}

}  // namespace

Home::Home(const std::filesystem::path& where)
    : folder(created(where)), database(folder / "parvis.db") {
  migrate(database, migrations());
}

std::filesystem::path Home::index_of(std::string_view tenant) const {
  return tenant.empty() ? folder / "index" / "national" : folder / "index" / "tenants" / tenant;
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
