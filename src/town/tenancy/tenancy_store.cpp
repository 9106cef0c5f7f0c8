#include "tenancy/tenancy_store.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::tenancy {
namespace {

using db::Row;
using db::Tx;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool slug_like(std::string_view id) {
  return !id.empty() && id.size() <= kIdMax && id.front() != '-' && id.back() != '-' &&
         std::ranges::all_of(id,
                             [](char c) { return digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
}

// INSEE's code of a commune: five digits, or 2A and 2B (Corsica) and three digits.
bool insee_code(std::string_view code) {
  if (code.size() != 5) return false;
  if (code.starts_with("2A") || code.starts_with("2B")) code.remove_prefix(2);
  return std::ranges::all_of(code, digit);
}

bool postcode_like(std::string_view code) {
  return code.size() == 5 && std::ranges::all_of(code, digit);
}

void require(bool right, std::string_view what) {
  if (!right) throw Error(Errc::invalid, std::string(what));
}

void require_name(std::string_view name) {
  require(!name.empty() && name.size() <= kNameMax && text::valid_utf8(name) &&
              std::ranges::none_of(name, [](char c) { return c >= 0 && c < ' '; }),
          "a name is 1 to 200 bytes of text on one line");
}

void require_commune(const Commune& commune) {
  require(insee_code(commune.insee),
          "a commune's INSEE code has five characters, as 75056 or 2A004");
  require(slug_like(commune.slug), "a commune's slug is small letters, digits and inner hyphens");
  require_name(commune.name);
  require(commune.postcodes.size() <= kPostcodesMax &&
              std::ranges::all_of(commune.postcodes, postcode_like),
          "a commune's postcodes have five digits each, 64 at most");
}

bool colour_like(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

void require_tenant(const Tenant& tenant) {
  require_name(tenant.name);
  require(tenant.accent.empty() || colour_like(tenant.accent), "a colour is written #0b5563");
}

std::string config_of(const Tenant& tenant) {
  json::object config;
  if (!tenant.accent.empty()) config["accent"] = tenant.accent;
  return json::serialize(config);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

Tenant tenant_from(const Row& row) {  // id, name, kind, zone, config
  const auto zone = Zone::named(row.text(3));
  if (!zone)
    throw Error(Errc::failed, "the time zone of tenant " + std::string(row.text(0)) +
                                  " is unknown to this machine: install tzdata");
  const auto config = parse_json(row.text(4));
  const auto accent =
      config && config->is_object() ? string_at(config->get_object(), "accent") : std::nullopt;
  return {std::string(row.text(0)), std::string(row.text(1)),
          row.text(2) == "commune" ? Tenant::Kind::commune : Tenant::Kind::agglomeration, *zone,
          std::string(accent.value_or(""))};
}

Commune commune_from(const Row& row) {  // insee, slug, name, postcodes
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
          split(row.text(3))};
}

}  // namespace

void create_tenant(Tx& tx, const Tenant& tenant, Instant now) {
  require(slug_like(tenant.id), "a tenant's id is small letters, digits and inner hyphens");
  require_tenant(tenant);
  const bool one = tenant.kind == Tenant::Kind::commune;
  if (tx.run("insert into tenancy_tenant (id, name, kind, zone, config, created_at) "
             "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
             {tenant.id, tenant.name, one ? "commune" : "agglomeration", tenant.zone.name(),
              config_of(tenant), std::int64_t{now.time_since_epoch().count()}}) == 0)
    throw Error(Errc::conflict, "the tenant " + tenant.id + " exists already");
}

bool update_tenant(Tx& tx, const Tenant& tenant) {
  require_tenant(tenant);
  return tx.run("update tenancy_tenant set name = $2, zone = $3, config = $4 where id = $1",
                {tenant.id, tenant.name, tenant.zone.name(), config_of(tenant)}) > 0;
}

void add_commune(Tx& tx, std::string_view tenant, const Commune& commune) {
  require_commune(commune);
  if (!tenant_of(tx, tenant))
    throw Error(Errc::conflict, "there is no such tenant: create it first");
  if (tx.run("insert into tenancy_commune (tenant, insee, slug, name, postcodes, config) "
             "values ($1, $2, $3, $4, $5, '{}') on conflict do nothing",
             {tenant, commune.insee, commune.slug, commune.name, joined(commune.postcodes)}) == 0)
    throw Error(Errc::conflict, "the commune " + commune.insee + " or the slug " + commune.slug +
                                    " exists already");
}

bool update_commune(Tx& tx, std::string_view tenant, const Commune& commune) {
  require_commune(commune);
  return tx.run(
             "update tenancy_commune set slug = $3, name = $4, postcodes = $5 "
             "where tenant = $1 and insee = $2",
             {tenant, commune.insee, commune.slug, commune.name, joined(commune.postcodes)}) > 0;
}

std::optional<Tenant> tenant_of(Tx& tx, std::string_view id) {
  std::optional<Tenant> found;
  tx.each("select id, name, kind, zone, config from tenancy_tenant where id = $1", {id},
          [&](const Row& row) { found = tenant_from(row); });
  return found;
}

std::vector<Tenant> tenants(Tx& tx) {
  std::vector<Tenant> all;
  tx.each("select id, name, kind, zone, config from tenancy_tenant order by id", {},
          [&](const Row& row) { all.push_back(tenant_from(row)); });
  return all;
}

std::vector<Commune> communes(Tx& tx, std::string_view tenant) {
  std::vector<Commune> all;
  tx.each(
      "select insee, slug, name, postcodes from tenancy_commune where tenant = $1 "
      "order by name, insee",
      {tenant}, [&](const Row& row) { all.push_back(commune_from(row)); });
  return all;
}

std::optional<Commune> commune_of(Tx& tx, std::string_view tenant, std::string_view insee) {
  std::optional<Commune> found;
  tx.each(
      "select insee, slug, name, postcodes from tenancy_commune where tenant = $1 and insee = $2",
      {tenant, insee}, [&](const Row& row) { found = commune_from(row); });
  return found;
}

std::optional<Commune> commune_at(Tx& tx, std::string_view tenant, std::string_view slug) {
  std::optional<Commune> found;
  tx.each(
      "select insee, slug, name, postcodes from tenancy_commune where tenant = $1 and slug = $2",
      {tenant, slug}, [&](const Row& row) { found = commune_from(row); });
  return found;
}

std::vector<Commune> communes_at_postcode(Tx& tx, std::string_view tenant,
                                          std::string_view postcode) {
  std::vector<Commune> all = communes(tx, tenant);
  std::erase_if(all, [&](const Commune& commune) {
    return std::ranges::find(commune.postcodes, postcode) == commune.postcodes.end();
  });
  return all;
}

Tenant the_only_tenant(Tx& tx) {
  std::vector<Tenant> all = tenants(tx);
  if (all.empty()) throw Error(Errc::not_found, "there is no tenant yet: import something first");
  if (all.size() > 1) throw Error(Errc::invalid, "several tenants: name one with --tenant");
  return std::move(all.front());
}

}  // namespace parvis::tenancy
