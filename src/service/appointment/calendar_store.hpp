// What is known of counters' own calendars on a server: which bookings were put there, and how it
// last went. For the system's own work; nothing here is about a person.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"
#include "tenancy/context.hpp"

namespace parvis::appointment {

inline constexpr std::size_t kCalendarWhyMax = 300;  // bytes kept of a reason

struct Entry {
  std::string booking, agenda, counter;
  std::string etag = {};  // empty: not known
  bool operator==(const Entry&) const = default;
};
std::vector<Entry> entries_of(db::Tx& tx, std::string_view tenant, std::string_view booking);
void keep(db::Tx& tx, std::string_view tenant, const Entry& entry);  // or its new etag
void forget(db::Tx& tx, std::string_view tenant, const Entry& entry);
// Bookings of a counter that begin after cx.now and are not in its calendar, the soonest first.
std::vector<std::string> not_entered(db::Tx& tx, const tenancy::Context& cx,
                                     std::string_view agenda, std::string_view counter,
                                     std::size_t limit);

struct Calendar {
  std::string agenda, counter;
  std::optional<Instant> went_at = {}, failed_at = {};
  std::string why = {};  // of the last failure
  // The last time it did not go well, and not since.
  bool failing() const { return failed_at && (!went_at || *went_at < *failed_at); }
};
std::vector<Calendar> calendars(db::Tx& tx, std::string_view tenant);
// why: empty when it went well.
void note(db::Tx& tx, std::string_view tenant, std::string_view agenda, std::string_view counter,
          std::string_view why, Instant now);
void forget_calendar(db::Tx& tx, std::string_view tenant, std::string_view agenda,
                     std::string_view counter);

}  // namespace parvis::appointment
