#include "calendar/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/holidays.hpp"

namespace parvis::calendar {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using Cause = OpenState::Cause;

constexpr std::array<std::string_view, 7> kDays = {"lundi",    "mardi",  "mercredi", "jeudi",
                                                   "vendredi", "samedi", "dimanche"};
constexpr std::string_view kColon = "\u00a0: ";

std::string without_year(CivilDate date) {
  std::string words = format_french_date(date);
  return words.substr(0, words.rfind(' '));
}

std::string capital(std::string words) {
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

// "à 17 h 30" today, "demain à 8 h 30" (or the date, on request), "jeudi 26 décembre à 8 h 30".
std::string moment_words(LocalTime when, LocalTime now, bool tomorrow_by_name) {
  const auto day = floor<days>(when), today = floor<days>(now);
  std::string time = "à " + time_words(time_of_day(when));
  if (day == today) return time;
  if (day == today + days(1) && tomorrow_by_name) return "demain " + time;
  return date_words(CivilDate(day)) + " " + time;
}

// An end at midnight belongs to the day that ends.
std::string end_words(LocalTime end, LocalTime now) {
  const auto midnight = floor<days>(end);
  if (end == midnight && midnight == floor<days>(now) + days(1)) return "jusqu’à minuit";
  if (midnight == floor<days>(now)) return "jusqu’à " + time_words(time_of_day(end));
  return "jusqu’au " + moment_words(end, now, false);
}

std::string reason_words(Cause cause, std::string_view reason) {
  if (cause == Cause::holiday) return fmt::format(" (jour férié{}{})", kColon, reason);
  return reason.empty() ? "" : fmt::format(" ({})", reason);
}

std::string ranges_words(const Day& ranges) {
  if (ranges.empty()) return "fermé";
  std::string words;
  for (const Range& range : ranges) {
    if (!words.empty()) words += ", puis ";
    const bool whole_day = range.from == Minutes(0) && range.to == days(1);
    words += whole_day ? "jour et nuit"
                       : fmt::format("de {} à {}", time_words(range.from), time_words(range.to));
    if (!range.comment.empty()) words += fmt::format(" ({})", range.comment);
  }
  return words;
}

// Weekdays by number from Monday: "du lundi au vendredi", "lundi, mardi et jeudi".
std::string names_of(const std::vector<std::size_t>& weekdays) {
  const bool run = weekdays.back() - weekdays.front() + 1 == weekdays.size();
  if (run && weekdays.size() > 2)
    return fmt::format("du {} au {}", kDays[weekdays.front()], kDays[weekdays.back()]);
  std::string words;
  for (std::size_t i = 0; i < weekdays.size(); ++i) {
    if (i > 0) words += i + 1 == weekdays.size() ? " et " : ", ";
    words += kDays[weekdays[i]];
  }
  return words;
}

Day sorted(Day ranges) {
  std::ranges::sort(ranges);
  return ranges;
}

void add_week(const Week& week, std::vector<std::string>& lines) {
  std::array<bool, 7> told{};
  for (std::size_t day = 0; day < 7; ++day) {
    if (told[day]) continue;
    const Day ranges = sorted(week.days[day]);
    std::vector<std::size_t> same;
    for (std::size_t other = day; other < 7; ++other)
      if (!told[other] && sorted(week.days[other]) == ranges) {
        same.push_back(other);
        told[other] = true;
      }
    lines.push_back(capital(names_of(same)) + std::string(kColon) + ranges_words(ranges));
  }
}

std::string season_words(const Week& week) {
  std::string period = "toute l’année";
  if (const auto* dates = std::get_if<Dates>(&week.when)) {
    period = fmt::format("du {} au {}", format_french_date(dates->from),
                         format_french_date(dates->until));
  } else if (const auto* yearly = std::get_if<Yearly>(&week.when)) {
    const std::chrono::year any{2024};  // a leap year: 29 February has a name too
    period = fmt::format("du {} au {}", without_year(any / yearly->from),
                         without_year(any / yearly->until));
  } else if (week.name.empty()) {
    period = "le reste de l’année";
  }
  return capital(week.name.empty() ? period : fmt::format("{}, {}", week.name, period)) + "\u00a0:";
}

}  // namespace

std::string time_words(Minutes since_midnight) {
  const auto hours = since_midnight.count() / 60, minutes = since_midnight.count() % 60;
  if (minutes == 0 && hours % 24 == 0) return "minuit";
  if (minutes == 0) return fmt::format("{}\u202fh", hours);
  return fmt::format("{}\u202fh\u202f{:02}", hours, minutes);
}

std::string date_words(CivilDate date) {
  const std::chrono::weekday weekday{local_days(date)};
  return fmt::format("{} {}", kDays[weekday.iso_encoding() - 1], without_year(date));
}

std::string full_date_words(CivilDate date) {
  return fmt::format("{} {}", date_words(date), static_cast<int>(date.year()));
}

std::string span_words(CivilDate from, CivilDate until) {
  const std::string last = format_french_date(until);
  if (from == until) return "le " + last;
  std::string first = format_french_date(from);
  if (from.year() == until.year()) first = without_year(from);
  if (from.year() == until.year() && from.month() == until.month())
    first = first.substr(0, first.find(' '));
  return fmt::format("du {} au {}", first, last);
}

std::string open_words(const OpenState& state, LocalTime now) {
  switch (state.status) {
    case Open::unknown:
      return "Horaires non renseignés";
    case Open::open: {
      const std::string until = state.until ? end_words(*state.until, now) : "jour et nuit";
      return fmt::format("Ouvert {}{}", until, reason_words(state.cause, state.reason));
    }
    case Open::depends:
      return fmt::format("À vérifier{}{} ({})", kColon, state.comment,
                         end_words(state.until.value_or(now), now));
    case Open::closed:
      break;
  }
  std::string words = "Fermé";
  if (state.cause == Cause::lunch) {
    words += " pour le déjeuner";
  } else {
    if (state.all_day && state.cause != Cause::ordinary) words += " aujourd’hui";
    words += reason_words(state.cause, state.reason);
  }
  if (state.possible_opening)
    words += fmt::format(". À vérifier, {}{}{}", moment_words(*state.possible_opening, now, true),
                         kColon, state.possible_comment);
  if (state.next_opening)
    words += ". Ouvre " + moment_words(*state.next_opening, now, state.cause == Cause::ordinary);
  return words;
}

std::string day_words(const Hours& hours, CivilDate date, Region region) {
  const std::optional<Day> ranges = day_of(hours, date, region);
  if (!ranges) return "horaires non renseignés";
  const OpenState state = open_at(hours, local_days(date), region);
  return ranges_words(*ranges) + reason_words(state.cause, state.reason);
}

std::vector<std::string> week_words(const Hours& hours, CivilDate today) {
  std::vector<const Week*> shown;
  for (const Week& week : hours.weeks) {
    const auto* dates = std::get_if<Dates>(&week.when);
    if (!dates || dates->until >= today) shown.push_back(&week);
  }
  std::vector<std::string> lines;
  for (const Week* week : shown) {
    const bool all_year = std::holds_alternative<Always>(week->when);
    if (shown.size() > 1 || !all_year || !week->name.empty()) lines.push_back(season_words(*week));
    add_week(*week, lines);
  }
  return lines;
}

std::vector<std::string> notice_words(const Hours& hours, CivilDate today) {
  std::vector<std::string> lines;
  if (!hours.comment.empty()) lines.push_back(hours.comment);
  if (hours.closed_on_holidays && !hours.weeks.empty()) lines.push_back("Fermé les jours fériés");
  std::vector<const Exception*> near;
  const CivilDate last(local_days(today) + kLookAhead);
  for (const Exception& each : hours.exceptions)
    if (each.dates.until >= today && each.dates.from <= last) near.push_back(&each);
  std::ranges::sort(near, {}, [](const Exception* each) { return each->dates.from; });
  for (const Exception* each : near) {
    const std::string when = each->dates.from == each->dates.until
                                 ? "le " + date_words(each->dates.from)
                                 : fmt::format("du {} au {}", date_words(each->dates.from),
                                               date_words(each->dates.until));
    const std::string reason = reason_words(Cause::exception, each->reason);
    if (each->ranges.empty())
      lines.push_back(fmt::format("Fermé {}{}", when, reason));
    else
      lines.push_back(capital(
          fmt::format("{}{}{}{}", when, reason, kColon, ranges_words(sorted(each->ranges)))));
  }
  return lines;
}

}  // namespace parvis::calendar
