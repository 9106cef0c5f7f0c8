// Inside of the room: a recursive-descent grammar over tokens. Every rule looks at a place and says
// what it read and where it stopped; none looks further than kReach tokens ahead, so a text is read
// in time proportional to its length. Rules leave open what was not said (DayRef), because "du 3 au
// 7 mai" gives the month of the 3rd only at its end.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dates/dates.hpp"
#include "dates/lexicon.hpp"
#include "dates/tokens.hpp"

namespace parvis::dates {

inline constexpr std::size_t kReach = 40;   // tokens of one expression; a list of days is cut there
inline constexpr int kMatchingMonths = 60;  // how far a month with a "vendredi 31" is looked for

template <typename Value>
struct At {
  Value value;
  std::size_t next = 0;
};
template <typename Value>
using Maybe = std::optional<At<Value>>;

struct Reader {
  const std::vector<Token>& all;
  LocalTime now;
  Prefer prefer = Prefer::future;
  calendar::Region region = calendar::Region::metropolitan;

  CivilDate today() const { return civil_date(now); }
  const Token& at(std::size_t i) const;  // beyond the end: an empty sign
  bool is(std::size_t i, std::string_view word) const { return at(i).is(word); }
  bool number(std::size_t i) const { return at(i).number() && !at(i).blocked; }
  // The place after these words, separated by spaces in `words`; 0 when the text says others.
  std::size_t phrase(std::size_t i, std::string_view words) const;
  std::size_t phrase(std::size_t i, std::initializer_list<std::string_view> any) const;
  std::size_t skip(std::size_t i,
                   std::initializer_list<std::string_view> any) const;  // one or none
  std::size_t skip_article(std::size_t i) const;                        // le, la, l', les
  Reader preferring(Prefer other) const { return {all, now, other, region}; }
};

// numbers.cpp
Maybe<int> number(const Reader& r, std::size_t i);   // digits, or words up to 9999
Maybe<int> ordinal(const Reader& r, std::size_t i);  // "1er", "deuxième"; "dernier" is -1
struct Lasting {
  Length length;
  Grain grain = Grain::day;
  bool approximate = false;
  // "16h", "deux heures": may be a time of day as well.
  bool time_like = false;
};
Maybe<Lasting> lasting(const Reader& r, std::size_t i);
Length length_of(std::int64_t hundredths, Unit unit);

// clock.cpp
struct Clock {
  std::chrono::seconds since_midnight{0};  // to 24 h
  Grain grain = Grain::hour;
  bool marked = false;   // "du soir", "pm": the half of the day is said
  bool spelled = false;  // "deux heures": without minutes it may be a duration
  bool bare = false;     // "10": only in "entre 10 et 11h30"
  bool approximate = false;
};
struct Part {
  Minutes from{0}, to{0};  // `to` may lie past midnight
  PartOfDay name = PartOfDay::morning;
  bool today = false;  // "ce matin"
};
struct ClockRange {
  Clock from, to;
};
Maybe<Clock> clock(const Reader& r, std::size_t i);
Maybe<Part> part(const Reader& r, std::size_t i);  // "ce soir", "dans la matinée", "matin"
Maybe<ClockRange> clock_range(const Reader& r, std::size_t i, bool bare_numbers);
Clock in_part(Clock clock, PartOfDay part);  // "8 heures" and "soir" make 20:00

// days.cpp
struct DayRef {
  enum class Way { none, present, next, last };
  std::optional<int> year;
  std::optional<unsigned> month, day, weekday;
  std::optional<CivilDate> fixed;  // said from today: "demain"
  const Feast* feast = nullptr;
  Way way = Way::none;
  int weeks = 0;  // "en huit" is 1
  int shift = 0;  // days: "la veille de Noël"
  Doubts doubts;
  bool is_day() const { return fixed || feast || day || weekday; }
};
std::optional<DayRef::Way> way_word(const Token& word);         // "prochain", "derniers"
Maybe<int> week_offset(const Reader& r, std::size_t i);         // "la semaine prochaine" is 1
Maybe<unsigned> weekday(const Reader& r, std::size_t i);        // "mardi"; "mar." before a number
Maybe<unsigned> number_of_day(const Reader& r, std::size_t i);  // "1er", "vingt-quatre"
Maybe<Found> month_span(const Reader& r, std::size_t i);  // "du mois prochain", "de mars 2027"
Maybe<unsigned> month(const Reader& r, std::size_t i);
Maybe<int> year(const Reader& r, std::size_t i, bool two_digits, Doubts* doubts);
Maybe<DayRef> day(const Reader& r, std::size_t i);       // one civil day; `i` may be at an article
Maybe<DayRef> bare_day(const Reader& r, std::size_t i);  // "3", "mardi 3" of "du 3 au 7 mai"
Maybe<DayRef> month_or_year(const Reader& r, std::size_t i);  // "mars 2027", "2026"
Maybe<DayRef> numeric(const Reader& r, std::size_t i);        // "24/11/2026"

// resolve.cpp
Found instant(LocalTime when, Grain grain);
Found interval(std::optional<LocalTime> start, std::optional<LocalTime> end, Grain grain);
LocalTime midnight(CivilDate date);
CivilDate plus(CivilDate date, std::chrono::days days);
std::optional<LocalTime> moved(const Reader& r, LocalTime from, const Length& length, int sign);
std::optional<CivilDate> date_of(int year, unsigned month, unsigned day);
unsigned weekday_of(CivilDate date);  // 0 = Monday
CivilDate monday_of(CivilDate date);
CivilDate feast_in(int year, const Feast& feast);
// The day, month or year meant; with `from`, the first not before it.
std::optional<Found> resolve(const Reader& r, const DayRef& ref,
                             std::optional<CivilDate> from = std::nullopt);
LocalTime end_of(const Found& found);  // the end of an interval, the end of an instant's grain

// periods.cpp
Maybe<Found> period(const Reader& r, std::size_t i);  // weeks, months, seasons, "fin du mois"

// stretch.cpp
std::size_t now_word(const Reader& r, std::size_t i);  // "maintenant": the place after it, or 0
Maybe<Found> stretch(const Reader& r, std::size_t i);  // "du 3 au 7 mai", "de 2014 à 2018"

// recurring.cpp
Maybe<Found> recurring(const Reader& r, std::size_t i);

// expression.cpp
Maybe<Found> moment(const Reader& r, std::size_t i);      // a day with its time, a time alone
Maybe<Found> expression(const Reader& r, std::size_t i);  // the longest that begins here
// A day with the time, the part of the day or the hours that stand around it.
Found placed(CivilDate day, const std::optional<Clock>& clock, const std::optional<Part>& part,
             const std::optional<ClockRange>& range);

}  // namespace parvis::dates
