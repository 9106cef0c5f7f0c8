// What a case is to be looked at for by itself, and when: reminders to its citizen, promises that
// were not kept, silence that decides, terms that pass. Pure: whoever looks, however late and
// however often, computes the same from the case as it is then, so what no longer applies is not
// among it.
//
// Mail leaves in the morning, in the zone of the town. Of several reminders of one thing that are
// late (the server was off) the last alone is left: the others end where it begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/clock.hpp"
#include "casework/letters.hpp"

namespace parvis::casework {

inline constexpr std::chrono::hours kMorning{9};  // local time at which reminders leave
// A word about a promise that was not kept says nothing any more when it is this old.
inline constexpr std::chrono::days kLateFor{14};

enum class About : std::uint8_t {
  pieces,   // asked of the citizen, before the term
  silence,  // decides soon
  late,     // an answer was promised where silence decides nothing, and did not come
  draft,    // is erased soon
};

struct Reminder {
  About about = About::pieces;
  std::string key;  // in its case: "pieces-3-7". What changes its matter changes its key
  Instant at;       // from then on
  Instant until;    // excluded: says nothing any more
  CivilDate date;   // the last day to answer; the day on which silence decides, or that was
                    // promised; the last of a draft
};

// Those of the case as it is, past ones too, in order of `at`. Whether the citizen wants them is
// not asked here.
std::vector<Reminder> reminders_of(const Opened& opened, Zone zone, Instant now);
// The one with this key when it is to be sent now.
std::optional<Reminder> reminder_due(const Opened& opened, std::string_view key, Zone zone,
                                     Instant now);

// When to look at the case next, after `now`; nullopt when only an act changes anything.
std::optional<Instant> next_look(const Opened& opened, Zone zone, Instant now);

// What silence decided, once it has.
struct Silence {
  Verdict verdict = Verdict::accepted;
  CivilDate last_day;                     // of the delay: it decided at midnight
  std::optional<CivilDate> appeal_until;  // of a refusal
};
std::optional<Silence> silence_of(const Opened& opened, Zone zone, Instant now);
// The name of its event: one for each delay.
std::string event_id(const Silence& silence);
// What that event keeps, and back.
json::object to_json(const Silence& silence);
std::optional<Silence> silence_in(const Happened& event);
// The silence that holds: recorded, and nothing decided or reopened since.
const Happened* newest_silence(const Opened& opened);

// The newest request for pieces whose term has passed without an answer; `seq` of its event.
struct MissedTerm {
  std::int64_t seq = 0;
  CivilDate term;
};
std::optional<MissedTerm> missed_term(const Opened& opened, Zone zone, Instant now);

// link: to the case or the draft; stop: switches reminders off; each may be empty.
Letter reminder_letter(const Opened& opened, const Receipt& receipt, const Reminder& reminder,
                       const std::string& link, const std::string& stop);

}  // namespace parvis::casework
