// Dates in digits and the years, months that go with a day.
#include "dates/grammar.hpp"

namespace parvis::dates {
namespace {

bool is_sign(const Token& token) { return token.is("/") || token.is("-") || token.is("."); }

// Whether the word before says that a date follows.
bool introduced(const Reader& r, std::size_t i) {
  if (i == 0) return false;
  const Token& before = r.at(i - 1);
  if (weekday_name(before.folded) || (before.is("-") && i > 1 && r.at(i - 2).number())) return true;
  return r.phrase(i - 1, {"le", "du", "au", "les", "des", "ce", "date", "depuis", "avant", "apres",
                          "ne", "nee", "de", "entre", "et"}) != 0;
}

std::optional<int> four_digits(const Reader& r, std::size_t i) {
  if (!r.number(i) || r.at(i).digits() != 4) return std::nullopt;
  const int value = r.at(i).value;
  if (value < kFirstYear || value > kLastYear) return std::nullopt;
  return value;
}

// The year nearest to now: at most 20 years ahead, and not ahead at all among past dates.
int full_year(const Reader& r, int two_digits) {
  const int now = static_cast<int>(r.today().year());
  const int most = r.prefer == Prefer::past ? now : now + 20;
  int year = now - now % 100 + 100 + two_digits;
  while (year > most) year -= 100;
  return year;
}

bool fits(std::optional<int> day, std::optional<int> month) {
  return day && month && *day >= 1 && *day <= 31 && *month >= 1 && *month <= 12;
}

std::optional<int> two_digits(const Reader& r, std::size_t i) {
  if (!r.number(i) || r.at(i).digits() > 2) return std::nullopt;
  return r.at(i).value;
}

DayRef made(int day, unsigned month, std::optional<int> year) {
  DayRef ref;
  ref.day = static_cast<unsigned>(day);
  ref.month = month;
  ref.year = year;
  return ref;
}

// Whether the digits go on, so that what was read is a part of something longer.
bool goes_on(const Reader& r, std::size_t next) {
  const Token& sign = r.at(next);
  if (sign.number() && sign.glued) return true;
  return is_sign(sign) && sign.glued && r.at(next + 1).number() && r.at(next + 1).glued &&
         !(sign.is("-") && r.at(next + 1).digits() <= 2);
}

std::optional<unsigned> month_at(const Reader& r, std::size_t i) {
  if (const auto name = month_name(r.at(i).folded)) return name->number;
  if (const auto value = two_digits(r, i); value && *value >= 1 && *value <= 12)
    return static_cast<unsigned>(*value);
  return std::nullopt;
}

Maybe<DayRef> year_first(const Reader& r, std::size_t i) {  // 2026-11-24, 2019-août-1
  const auto year = four_digits(r, i);
  const Token& sign = r.at(i + 1);
  if (!year || !is_sign(sign) || !sign.glued || r.at(i + 3).folded != sign.folded)
    return std::nullopt;
  const auto month = month_at(r, i + 2);
  const auto day = two_digits(r, i + 4);
  if (!month || !fits(day, static_cast<int>(*month)) || goes_on(r, i + 5)) return std::nullopt;
  return At{made(*day, *month, year), i + 5};
}

Maybe<DayRef> day_first(const Reader& r, std::size_t i) {  // 24/11/2026, 24.11.26, 24/11
  const auto day = two_digits(r, i);
  const Token& sign = r.at(i + 1);
  if (!day || !is_sign(sign) || !sign.glued || !r.at(i + 2).glued) return std::nullopt;
  // "0.8/15", "v2/11": the end of something longer.
  if (i > 0 && r.at(i).glued && (is_sign(r.at(i - 1)) || r.is(i - 1, ",")) && i > 1 &&
      r.at(i - 2).number() && !r.is(i - 1, "-"))
    return std::nullopt;
  const bool named = month_name(r.at(i + 2).folded).has_value();
  const auto month = month_at(r, i + 2);
  if (!month || !fits(day, static_cast<int>(*month))) return std::nullopt;
  if (r.at(i + 3).folded == sign.folded && r.at(i + 3).glued && r.at(i + 4).glued) {
    if (const auto year = four_digits(r, i + 4); year && !goes_on(r, i + 5))
      return At{made(*day, *month, year), i + 5};
    if (const auto year = two_digits(r, i + 4);
        year && r.at(i + 4).digits() == 2 && !goes_on(r, i + 5)) {
      DayRef ref = made(*day, *month, full_year(r, *year));
      ref.doubts.two_digit_year = true;
      return At{ref, i + 5};
    }
  }
  if (named) return At{made(*day, *month, std::nullopt), i + 3};
  if (goes_on(r, i + 3) || r.phrase(i + 3, {"jours", "j", "h", "heures", "%"})) return std::nullopt;
  if (sign.is("/")) {
    // "1/2", "3/4" are fractions, "24/7" and "7/7" mean always.
    const bool always = (*day == 24 || *day == 7) && r.is(i + 2, "7");
    const bool fraction = r.at(i).digits() == 1 && r.at(i + 2).digits() == 1;
    if (always || (fraction && !introduced(r, i))) return std::nullopt;
    return At{made(*day, *month, std::nullopt), i + 3};
  }
  const bool weekday = i > 0 && weekday_name(r.at(i - 1).folded);
  const bool dotted = sign.is(".") && r.at(i + 2).digits() == 2 && i > 0 && r.is(i - 1, "le");
  if (!weekday && !dotted) return std::nullopt;
  return At{made(*day, *month, std::nullopt), i + 3};
}

Maybe<DayRef> spaced(const Reader& r, std::size_t i) {  // 24 11 2026, le 24 11
  const auto day = two_digits(r, i), month = two_digits(r, i + 1);
  if (!fits(day, month) || r.at(i + 1).glued || (i > 0 && r.at(i - 1).number()))
    return std::nullopt;
  const auto named = static_cast<unsigned>(*month);
  if (const auto year = four_digits(r, i + 2); year && !r.at(i + 3).number())
    return At{made(*day, named, year), i + 3};
  if (!introduced(r, i) || (i > 0 && r.is(i - 1, "de"))) return std::nullopt;
  if (const auto year = two_digits(r, i + 2); year && r.at(i + 2).digits() == 2 &&
                                              !r.at(i + 3).number() &&
                                              !r.phrase(i + 3, {"h", ":", "heures"})) {
    DayRef ref = made(*day, named, full_year(r, *year));
    ref.doubts.two_digit_year = true;
    return At{ref, i + 3};
  }
  if (r.number(i + 2) || r.at(i + 2).word() || r.at(i + 1).digits() != 2 || is_sign(r.at(i + 2)) ||
      r.is(i + 2, ":") || !r.is(i - 1, "le"))
    return std::nullopt;
  return At{made(*day, named, std::nullopt), i + 2};
}

}  // namespace

Maybe<DayRef> numeric(const Reader& r, std::size_t i) {
  if (!r.number(i)) return std::nullopt;
  // "report-2002-10-09.xlsx": a piece of a name.
  if (i > 1 && r.at(i).glued && r.at(i - 1).glued && (r.is(i - 1, "-") || r.is(i - 1, "_")) &&
      r.at(i - 2).word())
    return std::nullopt;
  if (auto found = year_first(r, i)) return found;
  if (auto found = day_first(r, i)) return found;
  return spaced(r, i);
}

Maybe<unsigned> month(const Reader& r, std::size_t i) {
  const auto name = month_name(r.at(i).folded);
  if (!name) return std::nullopt;
  const bool point =
      name->spelling == Spelling::abbreviated && r.is(i + 1, ".") && r.at(i + 1).glued;
  return At{name->number, point ? i + 2 : i + 1};
}

Maybe<int> year(const Reader& r, std::size_t i, bool allow_two_digits, Doubts* doubts) {
  std::size_t at = r.skip(i, {"de l annee", "de l an", "de", "d", ",", "/", "-"});
  if (r.is(at, "'")) ++at;
  if (const auto value = four_digits(r, at)) {
    // "2014-2018" are two years, "2010-2015-86" a phone number; "2027 trimestre1" is a quarter.
    const bool two_years = r.is(at + 1, "-") && four_digits(r, at + 2) && !goes_on(r, at + 3);
    const bool quarter = r.number(at + 2) && r.at(at + 2).glued;
    if ((goes_on(r, at + 1) && !two_years) || (unit_name(r.at(at + 1).folded) && !quarter))
      return std::nullopt;
    return At{*value, at + 1};
  }
  if (r.phrase(at, {"deux mille", "mille neuf", "mille huit"}) || r.is(at + 1, "neuf") ||
      r.is(at + 1, "cent")) {
    const auto value = number(r, at);
    if (value && value->value >= kFirstYear && value->value <= kLastYear && !r.number(at) &&
        !unit_name(r.at(value->next).folded))
      return value;
  }
  if (!allow_two_digits || (at != i && !r.is(at - 1, "'"))) return std::nullopt;
  const auto value = two_digits(r, at);
  if (!value || r.at(at).digits() != 2 || goes_on(r, at + 1)) return std::nullopt;
  // "le 3 mars 12 personnes", "le 3 mars 14h": the number belongs to what follows.
  const Token& after = r.at(at + 1);
  const bool free =
      !after.word() || r.phrase(at + 1, {"a", "de", "du", "et", "ou", "au", "le", "en", "pour",
                                         "vers", "je", "est", "dans", "matin", "soir"});
  if (!free || after.is("-") || four_digits(r, at + 2) || after.is(":") || after.is("/") ||
      (after.word() && after.glued))
    return std::nullopt;
  if (doubts) doubts->two_digit_year = true;
  return At{full_year(r, *value), at + 1};
}

}  // namespace parvis::dates
