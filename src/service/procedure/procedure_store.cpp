#include "procedure/procedure_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace parvis::procedure {
using db::Row;
using db::Tx;

Published publish(Tx& tx, std::string_view tenant, const std::vector<Definition>& definitions,
                  Instant now) {
  if (definitions.size() > kProceduresMax)
    throw Error(Errc::too_large,
                fmt::format("more than {} démarches: remove some", kProceduresMax));
  const std::int64_t at = now.time_since_epoch().count();
  Published out;
  std::vector<Version> before = current(tx, tenant);
  for (const Definition& definition : definitions) {
    const auto known = std::ranges::find(before, definition.id, &Version::id);
    const bool offered = known != before.end();
    std::int64_t newest = 0;
    tx.each("select max(version) from procedure_version where tenant = $1 and id = $2",
            {tenant, definition.id}, [&](const Row& row) { newest = row.integer(0); });
    const auto same = yaml_of(tx, tenant, {definition.id, definition.version});
    if (same && *same != definition.yaml)
      throw Error(Errc::conflict,
                  fmt::format("the démarche {} has changed, and its version {} is published: "
                              "raise version to {}",
                              definition.id, definition.version, newest + 1));
    if (definition.version < newest)
      throw Error(Errc::conflict, fmt::format("the démarche {} is published in version {}: raise "
                                              "version to {}",
                                              definition.id, newest, newest + 1));
    if (same && offered && known->version == definition.version) {
      ++out.unchanged;
    } else if (same) {  // it was withdrawn, and comes back
      tx.run(
          "update procedure_version set withdrawn_at = null "
          "where tenant = $1 and id = $2 and version = $3",
          {tenant, definition.id, definition.version});
      out.added.push_back(definition.id);
    } else {
      tx.run(
          "insert into procedure_version (tenant, id, version, yaml, published_at) "
          "values ($1, $2, $3, $4, $5)",
          {tenant, definition.id, definition.version, definition.yaml, at});
      (offered ? out.changed : out.added).push_back(definition.id);
    }
  }
  for (const Version& version : before) {
    if (std::ranges::find(definitions, version.id, &Definition::id) != definitions.end()) continue;
    tx.run(
        "update procedure_version set withdrawn_at = $3 "
        "where tenant = $1 and id = $2 and withdrawn_at is null",
        {tenant, version.id, at});
    out.withdrawn.push_back(version.id);
  }
  return out;
}

std::vector<Version> current(Tx& tx, std::string_view tenant) {
  std::vector<Version> found;
  tx.each(
      "select id, version from procedure_version p "
      "where tenant = $1 and withdrawn_at is null and version = "
      "(select max(version) from procedure_version q where q.tenant = p.tenant and q.id = p.id) "
      "order by id",
      {tenant}, [&](const Row& row) {
        found.push_back({std::string(row.text(0)), static_cast<int>(row.integer(1))});
      });
  return found;
}

std::vector<Version> versions(Tx& tx, std::string_view tenant) {
  std::vector<Version> found;
  tx.each("select id, version from procedure_version where tenant = $1 order by id, version",
          {tenant}, [&](const Row& row) {
            found.push_back({std::string(row.text(0)), static_cast<int>(row.integer(1))});
          });
  return found;
}

std::optional<std::string> yaml_of(Tx& tx, std::string_view tenant, const Version& version) {
  std::optional<std::string> found;
  tx.each("select yaml from procedure_version where tenant = $1 and id = $2 and version = $3",
          {tenant, version.id, version.version}, [&](const Row& row) { found = row.text(0); });
  return found;
}

std::vector<std::shared_ptr<const Definition>> Catalogue::offered(const std::string& tenant,
                                                                  std::string_view commune) {
  const auto versions = database_.read(tenant, [&](Tx& tx) { return current(tx, tenant); });
  std::vector<std::shared_ptr<const Definition>> out;
  for (const Version& version : versions)
    if (auto definition = of(tenant, version.id, version.version);
        definition && (commune.empty() || definition->serves(commune)))
      out.push_back(std::move(definition));
  return out;
}

std::shared_ptr<const Definition> Catalogue::newest(const std::string& tenant,
                                                    std::string_view id) {
  const auto versions = database_.read(tenant, [&](Tx& tx) { return current(tx, tenant); });
  const auto found = std::ranges::find(versions, id, &Version::id);
  return found == versions.end() ? nullptr : of(tenant, id, found->version);
}

std::shared_ptr<const Definition> Catalogue::of(const std::string& tenant, std::string_view id,
                                                int version) {
  const std::string key = fmt::format("{}/{}/{}", tenant, id, version);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = read_.find(key); found != read_.end()) return found->second;
  }
  const auto yaml = database_.read(
      tenant, [&](Tx& tx) { return yaml_of(tx, tenant, {std::string(id), version}); });
  if (!yaml) return nullptr;
  auto definition = read_definition(*yaml);
  // It was sound when it was published; a program that reads less than the one before says so.
  if (!definition)
    throw Error(Errc::failed,
                fmt::format("the démarche {} (version {}) is not readable any more: {}", id,
                            version, definition.error().front().what));
  const auto made = std::make_shared<const Definition>(std::move(*definition));
  const std::lock_guard lock(mutex_);
  return read_.try_emplace(key, made).first->second;
}

}  // namespace parvis::procedure
