// Imports. Each reads its source whole, compares with what is held, and writes the difference in
// one transaction: an error or a crash in the middle changes nothing, and readers keep the version
// before. What an import replaced is kept, so that it can be rolled back (knowledge_store.hpp).
//
// A source is a snapshot of its own documents: what it no longer holds is removed, and what another
// source brought is left alone. A file or line that cannot be read keeps its old version and is
// listed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::knowledge {

inline constexpr double kRemovedShare = 0.05;        // more needs `yes`
inline constexpr std::size_t kFailuresShown = 1000;  // the rest is only counted

struct ImportOptions {
  bool add = false;      // never removes
  bool dry_run = false;  // says what would change, changes nothing
  bool yes = false;      // removes more than kRemovedShare of an audience
  Instant now = {};
};

struct ImportReport {
  std::string import_id;                             // empty when nothing changed
  std::vector<std::string> added, changed, removed;  // "particuliers/F1342"
  std::size_t unchanged = 0;
  std::vector<std::string> failed;     // "path:line: why"
  std::size_t failures_not_shown = 0;  // past kFailuresShown
  std::vector<std::string> unknown;    // element names kept as plain blocks
};
json::object to_json(const ImportReport& report);

using Progress = std::function<void(std::size_t done, std::size_t all)>;  // often; may be null

// SRC: see source.hpp. National. Throws Error: invalid when no sheet could be read or when too much
// of an audience that SRC holds would be removed; too_large past a limit of source.hpp.
ImportReport import_fiches(db::Database& database, const std::filesystem::path& source,
                           const ImportOptions& options, const Progress& progress);

// FILE.jsonl: see faq.hpp. Into the tenant's own knowledge, audience "local". Throws
// Error{invalid} when no line could be read.
ImportReport import_faq(db::Database& database, std::string_view tenant,
                        const std::filesystem::path& file, std::string_view origin,
                        const ImportOptions& options, const Progress& progress);

// The .md and .html files under `folder`: see local_sheet.hpp. Into the tenant's own knowledge,
// audience "local". A folder without sheets is a snapshot without sheets. Throws Error{invalid}
// when there are some and none can be read.
ImportReport import_local_sheets(db::Database& database, std::string_view tenant,
                                 const std::filesystem::path& folder, std::string_view origin,
                                 const ImportOptions& options, const Progress& progress);

}  // namespace parvis::knowledge
