// Tenants and their communes. A tenant holds the key and answers for the data: an agglomération, or
// one commune. A commune is a territory inside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::tenancy {

inline constexpr std::size_t kIdMax = 63;     // bytes of a tenant's id or a slug
inline constexpr std::size_t kNameMax = 200;  // bytes
inline constexpr std::size_t kPostcodesMax = 64;

struct Tenant {
  enum class Kind { agglomeration, commune };
  std::string id;  // [a-z0-9] and '-' between; stands in addresses and file names
  std::string name;
  Kind kind = Kind::agglomeration;
  Zone zone = Zone::paris();
  std::string accent = {};  // its colour, "#0b5563"; may be empty
  bool operator==(const Tenant& other) const {
    return id == other.id && name == other.name && kind == other.kind &&
           zone.name() == other.zone.name() && accent == other.accent;
  }
};

struct Commune {
  std::string insee;  // five characters: "75056", "2A004"
  std::string slug;   // as a tenant's id; its path in the portal
  std::string name;
  std::vector<std::string> postcodes;  // five digits each
  bool operator==(const Commune&) const = default;
};

// Both throw Errc::invalid (saying which part is wrong) and Errc::conflict when it exists already.
void create_tenant(db::Tx& tx, const Tenant& tenant, Instant now);
// Name, zone and colour of a tenant that is there; false when it is not.
bool update_tenant(db::Tx& tx, const Tenant& tenant);
// Errc::conflict also when another commune of the tenant has the slug, or there is no such tenant.
void add_commune(db::Tx& tx, std::string_view tenant, const Commune& commune);
// Name, slug and postcodes of a commune that is there; false when it is not.
bool update_commune(db::Tx& tx, std::string_view tenant, const Commune& commune);

std::optional<Tenant> tenant_of(db::Tx& tx, std::string_view id);
std::vector<Tenant> tenants(db::Tx& tx);                             // by id
std::vector<Commune> communes(db::Tx& tx, std::string_view tenant);  // by name
std::optional<Commune> commune_of(db::Tx& tx, std::string_view tenant, std::string_view insee);
std::optional<Commune> commune_at(db::Tx& tx, std::string_view tenant, std::string_view slug);
// Those that have the postcode: often several.
std::vector<Commune> communes_at_postcode(db::Tx& tx, std::string_view tenant,
                                          std::string_view postcode);

// What a command works for when it names no tenant. Errc::not_found when there is none,
// Errc::invalid when there are several.
Tenant the_only_tenant(db::Tx& tx);

}  // namespace parvis::tenancy
