#include "app/piece_checks.hpp"

#include "base/error.hpp"
#include "jobs/jobs_store.hpp"

namespace parvis::app {
namespace {

// For as long as the antivirus may be down: the wait doubles up to the longest.
constexpr jobs::Policy kPolicy{.attempts = 400,
                               .first = std::chrono::minutes(1),
                               .longest = std::chrono::minutes(30),
                               .lease = std::chrono::minutes(10)};

}  // namespace

std::optional<inspect::Clamd> antivirus_of(const Config& config) {
  if (config.clamd_address.empty()) return std::nullopt;
  return std::optional<inspect::Clamd>(std::in_place,
                                       inspect::ClamdConfig{.address = config.clamd_address});
}

void enqueue_check(db::Tx& tx, const casework::Case& row, const std::string& piece, Instant from,
                   Instant now) {
  jobs::enqueue(tx,
                {.tenant = row.tenant(),
                 .kind = std::string(kPieceJob),
                 .key = row.object() + "/" + piece,
                 .payload = {{"case", row.id()}, {"piece", piece}},
                 .due = from,
                 .priority = jobs::Priority::p1},
                now, jobs::Existing::move);
}

jobs::Kind check_kind(casework::Pieces& pieces, Zone zone) {
  return {std::string(kPieceJob), kPolicy,
          [&pieces, zone](const jobs::Job& job, Instant now) -> jobs::Outcome {
            const auto text = [&](std::string_view key) {
              return string_at(job.payload, key).value_or("");
            };
            const auto stands = pieces.recheck({.tenant = job.tenant,
                                                .commune = "",
                                                .actor = tenancy::Actor::system("piece"),
                                                .zone = zone,
                                                .deadline = {},
                                                .request = "",
                                                .now = now},
                                               text("case"), text("piece"));
            if (stands == casework::PieceState::waiting)
              return jobs::Failed{"the antivirus does not answer"};
            return jobs::Done{};
          }};
}

}  // namespace parvis::app
