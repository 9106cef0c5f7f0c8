#include "app/indexing.hpp"

#include "base/log.hpp"
#include "jobs/jobs_store.hpp"

namespace parvis::app {
namespace {

constexpr jobs::Policy kPolicy{.attempts = 400,
                               .first = std::chrono::minutes(1),
                               .longest = std::chrono::minutes(30),
                               .lease = std::chrono::minutes(10)};

}  // namespace

void enqueue_indexing(db::Tx& tx, const std::string& tenant, Instant now) {
  jobs::enqueue(tx,
                {.tenant = tenant,
                 .kind = std::string(kIndexJob),
                 .key = "cases",
                 .payload = {},
                 .due = std::nullopt,
                 .priority = jobs::Priority::p4},
                now, jobs::Existing::sooner);
}

jobs::Kind index_kind(casework::Indexing& indexing, Zone zone) {
  return {std::string(kIndexJob), kPolicy,
          [&indexing, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            const tenancy::Context cx{.tenant = job.tenant,
                                      .commune = "",
                                      .actor = tenancy::Actor::system("index"),
                                      .zone = zone,
                                      .deadline = {},
                                      .request = "",
                                      .now = now};
            casework::IndexProgress at = indexing.next(cx);
            if (at.finished_at && *at.finished_at < now) return jobs::Done{};  // nothing to do
            for (int batch = 1; batch < kIndexBatches && !at.finished_at; ++batch)
              at = indexing.next(cx);
            log(Level::info, "cases_indexed",
                {{"tenant", job.tenant},
                 {"looked", at.looked},
                 {"changed", at.changed},
                 {"finished", at.finished_at.has_value()}});
            if (at.finished_at) return jobs::Done{};
            return jobs::Later{now + jobs::Runner::kAgainMin};
          }};
}

}  // namespace parvis::app
