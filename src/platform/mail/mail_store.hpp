// How mail last went, out and in, for doctor and /readyz, which other processes ask too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "db/database.hpp"

namespace parvis::mail {

inline constexpr std::size_t kTrafficWhyMax = 300;  // bytes kept of a reason

enum class Way : std::uint8_t { out, in };

struct Traffic {
  std::optional<Instant> went_at, failed_at;
  std::string why;  // of the last failure; no personal data
  // The last time it did not go well, and not since.
  bool failing() const { return failed_at && (!went_at || *went_at < *failed_at); }
};

void note_went(db::Tx& tx, std::string_view tenant, Way way, Instant now);
void note_failed(db::Tx& tx, std::string_view tenant, Way way, std::string_view why, Instant now);
Traffic traffic(db::Tx& tx, std::string_view tenant, Way way);

}  // namespace parvis::mail
