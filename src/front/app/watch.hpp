// Looks at each open case and draft when something is to happen to it by itself: a reminder,
// silence that decides, a term that passes. One job a case, put forward by each act; it looks at
// what is true by then, and says when to look next.
#pragma once

#include "app/letterbox.hpp"

namespace parvis::app {

inline constexpr std::string_view kWatchJob = "watch";
void enqueue_watch(db::Tx& tx, const casework::Case& row, Instant now);

// Once each working morning, a digest for each agent who wants it.
inline constexpr std::string_view kDigestsJob = "digests";
inline constexpr std::chrono::minutes kDigestsAt{7 * 60 + 30};  // local time
void enqueue_digests(db::Tx& tx, const std::string& tenant, Instant now);

class Watch {
 public:
  Watch(db::Database& database, casework::Cases& cases, Zone zone)
      : database_(database), cases_(cases), zone_(zone) {}

  // Of jobs::Runner.
  jobs::Outcome look(const jobs::Job& job, Instant now) const;
  jobs::Outcome plan_digests(const jobs::Job& job, Instant now) const;

 private:
  db::Database& database_;
  casework::Cases& cases_;
  const Zone zone_;
};

}  // namespace parvis::app
