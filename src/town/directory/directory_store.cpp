#include "directory/directory_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"

namespace parvis::directory {
namespace {

using db::Row;
using db::Tx;

std::map<std::string, std::string> bodies(Tx& tx, std::string_view tenant,
                                          std::string_view source) {
  std::map<std::string, std::string> found;
  tx.each("select id, body from directory_service where tenant = $1 and source = $2",
          {tenant, source}, [&](Row row) { found.emplace(row.text(0), row.text(1)); });
  return found;
}

Service stored(std::string_view id, std::string_view body) {
  auto service = service_from_json(body);
  if (!service)
    throw Error(Errc::failed, fmt::format("le service {} n’est plus lisible : réimportez-le", id));
  return std::move(*service);
}

void refuse_foreign(Tx& tx, std::string_view tenant, std::string_view source,
                    const std::string& id) {
  tx.each("select source from directory_service where tenant = $1 and id = $2", {tenant, id},
          [&](Row row) {
            if (row.text(0) != source)
              throw Error(Errc::conflict,
                          fmt::format("le service {} vient déjà de la source « {} » : changez son "
                                      "identifiant, ou retirez-le de cette source",
                                      id, row.text(0)));
          });
}

void write(Tx& tx, std::string_view tenant, std::string_view source, const Service& service,
           const std::string& body) {
  tx.run(
      "insert into directory_service (tenant, id, source, name, body) values ($1, $2, $3, $4, $5) "
      "on conflict (tenant, id) do update set name = excluded.name, body = excluded.body",
      {tenant, service.id, source, service.name, body});
  tx.run("delete from directory_place where tenant = $1 and service = $2", {tenant, service.id});
  static const std::vector<std::string> kWholeTenant = {""};
  for (const std::string& insee : service.communes.empty() ? kWholeTenant : service.communes)
    tx.run(
        "insert into directory_place (tenant, commune, service) values ($1, $2, $3) "
        "on conflict (tenant, commune, service) do nothing",
        {tenant, insee, service.id});
}

}  // namespace

Changes changes(Tx& tx, std::string_view tenant, std::string_view source,
                std::span<const Service> services) {
  std::map<std::string, std::string> old = bodies(tx, tenant, source);
  Changes found;
  for (const Service& service : services) {
    const auto before = old.find(service.id);
    if (before == old.end()) {
      found.added.push_back(service.id);
      continue;
    }
    if (before->second == to_json(service))
      ++found.unchanged;
    else
      found.changed.push_back(service.id);
    old.erase(before);
  }
  for (const auto& [id, body] : old) found.removed.push_back(id);
  return found;
}

Changes replace(Tx& tx, std::string_view tenant, std::string_view source,
                std::span<const Service> services) {
  if (services.size() > kServicesPerTenant)
    throw Error(Errc::too_large, fmt::format("plus de {} services : importez moins de communes",
                                             kServicesPerTenant));
  std::set<std::string_view> ids;
  for (const Service& service : services)
    if (!ids.insert(service.id).second)
      throw Error(Errc::conflict,
                  fmt::format("deux services ont l’identifiant {} : changez-en un", service.id));
  Changes done = changes(tx, tenant, source, services);
  const std::map<std::string, std::string> old = bodies(tx, tenant, source);
  for (const Service& service : services) {
    const std::string body = to_json(service);
    const auto before = old.find(service.id);
    if (before != old.end() && before->second == body) continue;
    refuse_foreign(tx, tenant, source, service.id);
    write(tx, tenant, source, service, body);
  }
  for (const std::string& id : done.removed) {
    tx.run("delete from directory_place where tenant = $1 and service = $2", {tenant, id});
    tx.run("delete from directory_service where tenant = $1 and id = $2", {tenant, id});
  }
  return done;
}

std::vector<Service> services_of(Tx& tx, std::string_view tenant, std::string_view insee) {
  struct Placed {
    Service service;
    std::string commune, source;
  };
  std::vector<Placed> all;
  std::set<std::pair<std::string, std::string>> own;  // commune and pivot of the town's own
  tx.each(
      "select s.id, s.body, p.commune, s.source from directory_place p "
      "join directory_service s on s.tenant = p.tenant and s.id = p.service "
      "where p.tenant = $1 and p.commune in ($2, '') order by p.commune desc, s.name, s.id",
      {tenant, insee}, [&](Row row) {
        all.push_back(
            {stored(row.text(0), row.text(1)), std::string(row.text(2)), std::string(row.text(3))});
        if (all.back().source == kTownSource)
          for (const std::string& pivot : all.back().service.pivots)
            own.emplace(all.back().commune, pivot);
      });
  std::vector<Service> services;
  for (Placed& each : all) {
    const bool again = each.source != kTownSource &&
                       std::ranges::any_of(each.service.pivots, [&](const std::string& pivot) {
                         return own.contains({each.commune, pivot});
                       });
    if (!again) services.push_back(std::move(each.service));
  }
  return services;
}

std::optional<Service> service_by_pivot(Tx& tx, std::string_view tenant, std::string_view insee,
                                        std::string_view pivot) {
  std::vector<Service> services = services_of(tx, tenant, insee);
  const Service* found = service_for(
      services, {.commune = std::string(insee), .pivot = std::string(pivot), .topic = ""});
  if (!found) return std::nullopt;
  return *found;
}

std::optional<Service> service_by_id(Tx& tx, std::string_view tenant, std::string_view id) {
  std::optional<Service> found;
  tx.each("select body from directory_service where tenant = $1 and id = $2", {tenant, id},
          [&](Row row) { found = stored(id, row.text(0)); });
  return found;
}

}  // namespace parvis::directory
