// Instants, civil dates and zones. Time is always an argument: only the outermost frame reads a
// clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace parvis {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using LocalTime = std::chrono::local_time<std::chrono::seconds>;  // wall clock in some zone
using CivilDate = std::chrono::year_month_day;
using Minutes = std::chrono::minutes;  // since local midnight, where a time of day is meant

// A zone of the IANA database ("Europe/Paris", "Indian/Reunion"). Cheap to copy; thread-safe.
class Zone {
 public:
  static std::optional<Zone> named(std::string_view iana);
  static Zone paris();

  std::string_view name() const;
  LocalTime local(Instant instant) const;
  // A local time that a daylight-saving change skips maps to the instant of the change;
  // one that occurs twice maps to the first.
  Instant instant(LocalTime local) const;

 private:
  explicit Zone(const void* zone) : zone_(zone) {}
  const void* zone_;  // owned by the time-zone database, which lives as long as the process
};

CivilDate civil_date(LocalTime local);
Minutes time_of_day(LocalTime local);

Instant system_now();  // for main, the server's edge and tools; never for a decision

// RFC 3339 with an offset ("2026-11-24T09:00:00+01:00", "…Z"). Nothing else is accepted.
std::optional<Instant> parse_rfc3339(std::string_view text);
std::string format_rfc3339(Instant instant);  // in UTC, seconds

std::optional<CivilDate> parse_iso_date(std::string_view text);  // YYYY-MM-DD, real dates only
std::string format_iso_date(CivilDate date);
std::string format_french_date(CivilDate date);  // "1er novembre 2020"

}  // namespace parvis
