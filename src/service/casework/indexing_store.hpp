// How far the cases of a tenant have been indexed again. The system's (CHECK), inside a
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "casework/case_store.hpp"

namespace parvis::casework {

struct IndexProgress {
  std::string mark;   // of what is indexed
  std::string after;  // the last case that was looked at
  std::int64_t looked = 0, changed = 0;
  std::optional<Instant> finished_at = std::nullopt;
};
std::optional<IndexProgress> index_progress(db::Tx& tx, std::string_view tenant);
void set_index_progress(db::Tx& tx, const tenancy::Context& cx, const IndexProgress& progress);

// Deposited cases behind `after`, in order of id.
std::vector<std::string> deposited_after(db::Tx& tx, const tenancy::Context& cx,
                                         std::string_view after, std::size_t limit);
std::int64_t deposited_count(db::Tx& tx, std::string_view tenant);

// Makes these what the case is found by; whether something else was.
bool replace_words(db::Tx& tx, const Case& row, const std::vector<std::string>& digests,
                   Instant now);

}  // namespace parvis::casework
