// Makes cases found that are not: those that were deposited before there was an index, before their
// démarche marked a question as searchable, or under a key that is another now. Deposits index
// themselves; this looks at all of a tenant, once for each change of what is indexed, in batches
// that are resumed where they ended, whatever became of the process.
#pragma once

#include "casework/cases.hpp"
#include "casework/indexing_store.hpp"

namespace parvis::casework {

inline constexpr std::size_t kIndexBatch = 50;  // cases of one transaction

class Indexing {
 public:
  // All outlive this.
  Indexing(db::Database& database, vault::Keyring& keyring, procedure::Catalogue& catalogue,
           Cases& cases)
      : database_(database), keyring_(keyring), catalogue_(catalogue), cases_(cases) {}

  // The system's (CHECK): looks at the next batch; where it stands then. finished_at: there is
  // nothing to do, or no more. A case that cannot be opened is passed by, with a line in the log.
  IndexProgress next(const tenancy::Context& cx);

 private:
  std::string mark(const tenancy::Context& cx);

  db::Database& database_;
  vault::Keyring& keyring_;
  procedure::Catalogue& catalogue_;
  Cases& cases_;
};

// What a case is found by: as its own version says, and as the newest of its démarche does.
std::vector<std::string> found_by(const procedure::Definition& own,
                                  const procedure::Definition* newest, const json::object& answers);

}  // namespace parvis::casework
