// What the service depends on, looked at one by one: for `doctor`, and for /readyz.
#pragma once

#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::app {

struct Check {
  enum class State { ok, degraded, broken };
  State state = State::ok;
  std::string part;    // "index of demo"
  std::string what;    // what was found
  std::string remedy;  // empty when ok
};
std::string_view name(Check::State state);

// The database answers and has every migration. whole: reads it all to find damage (SQLite).
std::vector<Check> check_database(db::Database& database, bool whole);
// Each scope has a generation that can be opened and was made from what is stored.
std::vector<Check> check_indexes(const Config& config, db::Database& database);
// Space, and the right to write, where the state is.
Check check_disk(const Config& config);
// Not before the last import nor this program's newest migration; zones are there.
Check check_clock(db::Database& database, Instant now);
Check check_assets(const Config& config);
// How the queue is looked at: every job counted, for a person; or a few steps in an index, for
// machines that ask every second.
enum class Look { count, glance };
// Mail of each tenant, out and in, and the queue, as the server last saw them.
std::vector<Check> check_mail(const Config& config, db::Database& database,
                              const std::string& tenant, Instant now, Look look = Look::count);
std::vector<Check> check_jobs(db::Database& database, const std::string& tenant, Instant now,
                              Look look = Look::count);
// Asks the mail servers themselves: for doctor. May wait a minute for each.
std::vector<Check> check_mail_servers(const Config& config);
// Whether agents find every case, as far as it is known without the keys.
Check check_found(db::Database& database, const std::string& tenant);
Check check_fonts(const Config& config);  // those of PDFs
Check check_antivirus(const Config& config);
Check check_model(const Config& config);  // its file is there

// Letters that wait longer than this are late, and a queue that nobody works off stands still.
inline constexpr std::chrono::minutes kLetterLate{15};
inline constexpr std::chrono::minutes kQueueLate{15};

inline constexpr std::uint64_t kSpaceWanted = 2ULL << 30;   // bytes; an import needs about 1 GB
inline constexpr std::uint64_t kSpaceNeeded = 64ULL << 20;  // under it the database may not grow

}  // namespace parvis::app
