// Xapian alone, doing the same work without us: what a benchmark compares with.
#pragma once

#include <chrono>
#include <filesystem>
#include <span>

#include "search/entry.hpp"
#include "search/index.hpp"

namespace parvis::search {

// One search over the same databases and terms, the match set only.
std::chrono::nanoseconds bare_search(const Snapshot& snapshot, std::span<const QueryTerm> terms,
                                     std::size_t limit);

// Indexes the texts of `entries` with Xapian's own term generator and French stemmer into a new
// database at `folder`, and commits.
std::chrono::nanoseconds bare_index(const std::filesystem::path& folder,
                                    std::span<const Entry> entries);

}  // namespace parvis::search
