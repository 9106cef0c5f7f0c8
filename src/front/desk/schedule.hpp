// What appointments at the desk reckon with: moments as agents write them, the figures of a period.
// Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "appointment/agenda.hpp"
#include "appointment/appointment_store.hpp"
#include "base/time.hpp"
#include "desk/frame.hpp"

namespace parvis::desk {

// "jeudi 3 décembre à 14 h 30": of today at the earliest and in whole cells of a counter, or what
// is wrong with it. An hour that the change of clocks skips is wrong; of one that comes twice, the
// first.
std::expected<Instant, std::string> read_moment(std::string_view text, const Zone& zone,
                                                Instant now);

// Of an absence: each a day ("lundi", until its end included), a moment ("lundi à 14 h") or a part
// of a day ("demain matin"). Without `until` a day or a part of one is the whole of it; an hour
// alone is read from the beginning on. Faults stand at "du" and "au".
struct Span {
  Instant from, until;
};
std::expected<Span, std::vector<Fault>> read_span(std::string_view from, std::string_view until,
                                                  const Zone& zone, Instant now);
// "du lundi 30 novembre à 14 h au mardi 1er décembre à 9 h"; "lundi 30 novembre, toute la journée".
std::string span_words(const Span& span, const Zone& zone);

// Of figures: both days included. Empty texts: the last kFiguresDays, up to today.
inline constexpr std::chrono::days kFiguresDays{30}, kFiguresMax{400};
struct Period {
  CivilDate first, last;
};
std::expected<Period, std::vector<Fault>> read_period(std::string_view first, std::string_view last,
                                                      const Zone& zone, Instant now);

struct Figures {
  std::string label;  // of the reason; its id when it is in the agenda no more
  std::int64_t coming = 0, kept = 0, missed = 0, cancelled = 0;
  // "25 %" of those who were expected and whose hour is over; empty when there were none.
  std::string rate() const;
};
// In the order of the agenda's reasons; those that had nothing are left out. The last is the sum,
// when there are several.
std::vector<Figures> figures_of(const appointment::Agenda& agenda,
                                const std::vector<appointment::Count>& counts);

}  // namespace parvis::desk
