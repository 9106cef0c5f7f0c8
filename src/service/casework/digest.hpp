// The daily mail to an agent: cases of theirs whose end comes near, or has passed. Pure.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "casework/case_store.hpp"
#include "casework/letters.hpp"

namespace parvis::casework {

// An agent is told this many days before the end, and on the day after it.
inline constexpr std::array kDigestDays = {15, 7, 2, -1};
// When the whole delay is shorter than that: the first of these that is after its first day.
inline constexpr std::array kDigestShort = {1, 0};
inline constexpr int kDigestSpan = 31;  // days: how far back a digest makes up for others

// The day after which a digest of `today` tells what came: that of the last one; the day before
// when there was none. A last one from the future (a clock was wrong) is none at all from three
// days on; before, today is told already: nullopt.
std::optional<CivilDate> digest_since(const std::optional<CivilDate>& last, CivilDate today);

// Those that came to one of kDigestDays after `since`, up to `today`, in order of their ends.
std::vector<Line> crossing(const std::vector<Line>& lines, CivilDate since, CivilDate today,
                           Zone zone);

// title: of a démarche, by its id. lines: as crossing() gives them, at least one. No citizen is
// named: a mail lies in more places than the desk.
Letter digest_letter(const std::vector<Line>& lines,
                     const std::function<std::string(const std::string&)>& title, CivilDate today);

}  // namespace parvis::casework
