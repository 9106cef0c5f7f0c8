// Indexing, as a job, the cases that agents do not find yet (casework/indexing.hpp). One of a
// tenant, asked for at each start and each import of a town: it finds out whether there is anything
// to do.
#pragma once

#include <string>

#include "casework/indexing.hpp"
#include "jobs/runner.hpp"

namespace parvis::app {

inline constexpr std::string_view kIndexJob = "index";
inline constexpr int kIndexBatches = 20;  // of one run: others have their turn in between

void enqueue_indexing(db::Tx& tx, const std::string& tenant, Instant now);
jobs::Kind index_kind(casework::Indexing& indexing, Zone zone);  // outlives the runner

}  // namespace parvis::app
