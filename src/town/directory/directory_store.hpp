// SQL for services. A service belongs to the source that brought it ("commune", "annuaire"), which
// is replaced as a whole.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "directory/service.hpp"

namespace parvis::directory {

inline constexpr std::string_view kTownSource = "commune";  // the town's own folder
inline constexpr std::size_t kServicesPerTenant = 20'000;

struct Changes {  // ids, in order
  std::vector<std::string> added, changed, removed;
  std::size_t unchanged = 0;
  bool operator==(const Changes&) const = default;
};

// What replace() would do.
Changes changes(db::Tx& tx, std::string_view tenant, std::string_view source,
                std::span<const Service> services);

// Makes `services` all that the source has; what is the same is not written. Throws, changing
// nothing once the transaction is rolled back: Errc::conflict for an id that another source of the
// tenant holds or that comes twice, Errc::too_large past kServicesPerTenant.
Changes replace(db::Tx& tx, std::string_view tenant, std::string_view source,
                std::span<const Service> services);

// Those of the commune first, then those of the whole tenant; each by name. An empty INSEE code
// gives the latter only. What the town says itself stands alone: of another source, a service of
// the same commune with one of its pivots is the same office and is left out.
std::vector<Service> services_of(db::Tx& tx, std::string_view tenant, std::string_view insee);

// service_for() over services_of(): the commune's own service of that pivot, or the
// agglomération's.
std::optional<Service> service_by_pivot(db::Tx& tx, std::string_view tenant, std::string_view insee,
                                        std::string_view pivot);

std::optional<Service> service_by_id(db::Tx& tx, std::string_view tenant, std::string_view id);

}  // namespace parvis::directory
