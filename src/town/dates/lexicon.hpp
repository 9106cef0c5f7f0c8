// Inside of the room: the words of the grammar, folded. Tables only; what they mean together is the
// grammar's business.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dates/dates.hpp"

namespace parvis::dates {

enum class Spelling { full, abbreviated };

struct Named {
  unsigned number = 0;  // months from 1, weekdays from 0 = Monday
  Spelling spelling = Spelling::full;
};
std::optional<Named> month_name(std::string_view folded);
std::optional<Named> weekday_name(std::string_view folded);  // plural too

// A word as the grammar knows it: "ds" is "dans". The name of a month, of a day, or "demain" when
// `folded` is one edit away from just one of them and no other French word; otherwise `folded`
// itself.
std::string put_right(std::string folded);

struct Unit {
  Grain grain = Grain::day;
  int times = 1;  // a night is a day, a semester two quarters
};
std::optional<Unit> unit_name(std::string_view folded);

std::optional<int> unit_number(std::string_view folded);   // "un" to "seize"
std::optional<int> tens_number(std::string_view folded);   // "vingt" to "nonante"
std::optional<int> ordinal_word(std::string_view folded);  // "premier" 1, …, "dernier" -1
bool is_ordinal_ending(std::string_view folded);           // "er", "eme"

enum class PartOfDay { morning, noon, afternoon, evening, night };
std::optional<PartOfDay> part_name(std::string_view folded);  // "matin", "soiree"; not "après-midi"

// Words that may stand just before a number in one piece: "h30", "t1".
bool joins_number(std::string_view folded);

// Feasts by name, most words first. Days from Easter Sunday, or a fixed day.
struct Feast {
  std::string_view words;
  std::string_view holiday;  // its name in calendar/holidays.hpp; empty = the two fields below
  int from_easter = 0;
  unsigned month = 0, day = 0;  // 0 = counted from Easter
};
std::span<const Feast> feasts();

}  // namespace parvis::dates
