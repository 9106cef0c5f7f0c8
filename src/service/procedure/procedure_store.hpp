// Published démarches, in the database. A version is immutable: what was started goes on with the
// text it was started with.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

inline constexpr std::size_t kProceduresMax = 200;  // of a tenant

struct Published {
  std::vector<std::string> added, changed, withdrawn;  // ids
  std::size_t unchanged = 0;
};

// What the folder holds is what can be started: new versions are added, what is not there any more
// is withdrawn. Errc::conflict, saying which and what to do, when a version that is published
// differs from the one given, or a newer one is published.
Published publish(db::Tx& tx, std::string_view tenant, const std::vector<Definition>& definitions,
                  Instant now);

struct Version {
  std::string id;
  int version = 0;
};
// The newest of each that is not withdrawn, in order of id.
std::vector<Version> current(db::Tx& tx, std::string_view tenant);
// All that were ever published, withdrawn or not.
std::vector<Version> versions(db::Tx& tx, std::string_view tenant);
std::optional<std::string> yaml_of(db::Tx& tx, std::string_view tenant, const Version& version);

// Definitions, read once. Thread-safe. What is published later is seen at the next call: the ids
// are looked at each time, the text of a version once.
class Catalogue {
 public:
  explicit Catalogue(db::Database& database) : database_(database) {}

  // Those that a citizen of the commune can start (empty: of the whole tenant), in order of id.
  std::vector<std::shared_ptr<const Definition>> offered(const std::string& tenant,
                                                         std::string_view commune);
  std::shared_ptr<const Definition> newest(const std::string& tenant, std::string_view id);
  // Of any age; nullptr when there is none.
  std::shared_ptr<const Definition> of(const std::string& tenant, std::string_view id, int version);

 private:
  db::Database& database_;
  std::mutex mutex_;
  // Definitions never change and live as long as a caller uses one.
  std::map<std::string, std::shared_ptr<const Definition>, std::less<>> read_;
};

}  // namespace parvis::procedure
