// What a calendar of someone else's says about when they are busy (RFC 5545, iCalendar): a file, a
// feed, an entry of a calendar on a server. Pure and thread-safe; takes any bytes, never throws;
// its time and memory are bounded, whatever the rules of recurrence in it.
//
// All or nothing: a date that is not understood might be one at which somebody is busy, so the file
// is refused with the line to look at rather than read in part.
//
// How times are read: a TZID is a name of the IANA database, or else what the file's VTIMEZONE
// says; times without a zone, and days, are those of the zone given. An hour that March lacks is
// counted with the offset before the change (02:30 is 03:30), one that October has twice is the
// first.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sensitive.hpp"
#include "base/time.hpp"
#include "ics/write.hpp"

namespace parvis::ics {

inline constexpr std::size_t kFileMax = 1u << 20;     // bytes
inline constexpr std::size_t kForeignUidMax = 1'000;  // bytes
inline constexpr std::size_t kIntervalsMax = 50'000;  // within the window, of a file
inline constexpr std::size_t kWorkMax = 5'000'000;    // dates looked at for them
inline constexpr std::chrono::days kWindowMax{1'100};
inline constexpr std::chrono::days kDurationMax{3'660};  // of one event

struct Interval {
  Instant start;
  Instant end;  // excluded, after start
  auto operator<=>(const Interval&) const = default;
};

// For whoever gave the file, in French.
struct Fault {
  std::size_t line = 0;  // 1-based, as in a text editor; 0: the whole file
  std::string what;      // "cet événement se termine avant de commencer"
  std::string remedy;    // what to do
};

struct Entry {
  std::string uid;  // empty when the file gives none
  // Of one occurrence of a series that was changed apart: when it would have begun.
  std::optional<Instant> recurrence = std::nullopt;
  int sequence = 0;
  Status status = Status::confirmed;
  Personal<std::string> summary{""};  // one line, cut at kSummaryMax
  // When it keeps somebody busy, as far as the window is touched: whole, sorted. Empty when
  // cancelled, marked as free (TRANSPARENT), or elsewhere in time.
  std::vector<Interval> intervals = {};
};

struct Calendar {
  std::vector<Entry> entries;  // in the order of the file; of what comes twice, the newest
};

// What touches [from, until). until is after from, by kWindowMax at most: a bug otherwise.
std::expected<Calendar, Fault> read(std::string_view bytes, Instant from, Instant until,
                                    const Zone& zone);

// The same for several files that share what may be spent on them: `work` is kWorkMax at first.
std::expected<Calendar, Fault> read(std::string_view bytes, Instant from, Instant until,
                                    const Zone& zone, std::size_t& work);

// Sorted and disjoint.
std::vector<Interval> merged(std::vector<Interval> intervals);

}  // namespace parvis::ics
