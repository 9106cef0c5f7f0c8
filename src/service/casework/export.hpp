// The cases of one démarche with their answers, as a table for other programs. Written case by
// case: what is kept in memory is a page of a list and the case at hand, whatever their number.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "casework/cases.hpp"
#include "table/table.hpp"

namespace parvis::casework {

struct Export {
  Filter filter;  // its procedure is the démarche; no states: all but drafts; no text
  table::Format format = table::Format::csv;
};
// done of total cases; called after each page. total is that of the beginning.
using OnProgress = std::function<void(std::size_t done, std::size_t total)>;

// Columns: reference, state, service, commune, dates, then the questions of the newest version and
// those that only older ones have. JSON names a question by its path, the others by its label.
// Cases that are erased meanwhile are left out. How many were written. Who did it, of what and how
// many is logged ("cases_exported"), no personal data. Errc::not_found when there is no such
// démarche, Errc::unavailable while keys are out of reach; what `out` throws ends it.
std::size_t export_cases(db::Database& database, procedure::Catalogue& catalogue, Cases& cases,
                         const tenancy::Context& cx, const Author& agent, const Export& wanted,
                         const table::Out& out, const OnProgress& progress = {});

}  // namespace parvis::casework
