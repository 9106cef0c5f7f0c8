// Import of a source as a full snapshot of the audiences it contains: incremental by the hash of
// each file, in one transaction, with a diff. A crash or error in the middle changes nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace parvis::knowledge {

struct ImportOptions {
  bool add = false;      // never removes
  bool dry_run = false;  // says what would change, changes nothing
  bool yes = false;      // removes more than kRemovedShare of an audience without asking
};

struct ImportReport {
  std::vector<std::string> added, changed, removed;  // "particuliers/F1342"
  std::size_t unchanged = 0;
  std::vector<std::string> failed;   // "path: why"; such a sheet keeps its old version
  std::vector<std::string> unknown;  // element names kept as plain blocks
};

inline constexpr double kRemovedShare = 0.05;

// SRC is the folder of the npm package, or a folder of DILA XML files. Throws Error{invalid} when
// it holds no readable sheet, or when too much would be removed. progress(done, all) is called
// often.
ImportReport import_fiches(db::Database& database, const std::filesystem::path& source,
                           const ImportOptions& options,
                           const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace parvis::knowledge
