#include "directory/hours_yaml.hpp"

#include <fmt/format.h>

#include "directory/dates.hpp"
#include "directory/forms.hpp"

namespace parvis::directory {
namespace {

using calendar::Day;
using calendar::Hours;
using calendar::Week;

constexpr std::chrono::sys_days kAnyDay{};

// "9h-12h", or {hours: 9h-12h, comment: …}, or a list of both.
Day read_day(YamlReader& in, const YAML::Node& node) {
  if (node.IsSequence()) {
    Day day;
    for (const YAML::Node& item : in.items(node, "days")) {
      if (item.IsSequence()) {
        in.bad(item, "une liste dans une liste. Écrivez une plage par tiret.");
        continue;
      }
      const Day part = read_day(in, item);
      day.insert(day.end(), part.begin(), part.end());
    }
    return day;
  }
  std::string words, comment;
  if (node.IsScalar()) {
    words = node.Scalar();
  } else if (in.mapping(node, {"hours", "comment"})) {
    words = in.required(node, "hours");
    comment = in.text(node, "comment");
  } else {
    return {};
  }
  auto day = parse_ranges(words);
  if (!day) {
    in.bad(node, "heures illisibles. Écrivez-les ainsi\u00a0: 8h30-12h, 13h30-17h30.");
    return {};
  }
  for (calendar::Range& range : *day) range.comment = comment;
  return std::move(*day);
}

void read_days(YamlReader& in, const YAML::Node& node, Week& week) {
  if (!node.IsMap()) {
    in.bad(node, "« days »\u00a0: des jours sont attendus. Exemple\u00a0: lundi-vendredi: 9h-12h.");
    return;
  }
  std::array<bool, 7> named{};
  for (const auto& member : node) {
    const auto days = parse_weekdays(member.first.IsScalar() ? member.first.Scalar() : "");
    if (!days) {
      in.bad(member.first,
             "jours inconnus. Exemples\u00a0: lundi, lundi-vendredi, « mardi, jeudi ».");
      continue;
    }
    const Day day = read_day(in, member.second);
    for (const std::size_t each : *days) {
      if (named[each])
        in.bad(member.first, "un jour est donné deux fois. Gardez une ligne par jour.");
      named[each] = true;
      week.days[each] = day;
    }
  }
}

Week read_week(YamlReader& in, const YAML::Node& node) {
  Week week;
  if (!in.mapping(node, {"name", "from", "until", "days"})) return week;
  week.name = in.text(node, "name");
  const auto period = period_between(in.required(node, "from"), in.required(node, "until"));
  if (period)
    week.when = *period;
  else
    in.bad(node, "période illisible. Écrivez from et until ainsi\u00a0: 04-01 ou 2026-04-01.");
  if (const YAML::Node days = node["days"]; days.IsDefined() && !days.IsNull())
    read_days(in, days, week);
  return week;
}

calendar::Exception read_exception(YamlReader& in, const YAML::Node& node) {
  // A sound date from the start: what is wrong is said once.
  calendar::Exception exception{{CivilDate(kAnyDay), CivilDate(kAnyDay)}, {}, ""};
  if (!in.mapping(node, {"date", "from", "until", "hours", "reason"})) return exception;
  const std::string date = in.text(node, "date");
  const std::string from = date.empty() ? in.required(node, "from") : date;
  const std::string until = date.empty() ? in.required(node, "until") : date;
  const auto period = period_between(from, until);
  if (period && std::holds_alternative<calendar::Dates>(*period))
    exception.dates = std::get<calendar::Dates>(*period);
  else
    in.bad(node, "dates illisibles. Écrivez date (ou from et until) ainsi\u00a0: 2026-12-24.");
  exception.reason = in.required(node, "reason");
  if (const YAML::Node hours = node["hours"]; hours.IsDefined() && !hours.IsNull())
    exception.ranges = read_day(in, hours);
  return exception;
}

}  // namespace

Hours read_hours(YamlReader& in, const YAML::Node& node) {
  Hours hours;
  if (!in.mapping(node, {"days", "weeks", "holidays", "comment", "exceptions"})) return hours;
  for (const YAML::Node& week : in.items(node["weeks"], "weeks"))
    hours.weeks.push_back(read_week(in, week));
  if (const YAML::Node days = node["days"]; days.IsDefined() && !days.IsNull())
    read_days(in, days, hours.weeks.emplace_back());
  for (const YAML::Node& each : in.items(node["exceptions"], "exceptions"))
    hours.exceptions.push_back(read_exception(in, each));
  hours.comment = in.text(node, "comment");
  const std::string holidays = in.text(node, "holidays");
  if (!holidays.empty() && holidays != "open" && holidays != "closed")
    in.bad(node["holidays"], "« holidays »\u00a0: écrivez open ou closed.");
  hours.closed_on_holidays = holidays != "open";
  for (const std::string& fault : faults(hours)) in.bad(node, fault);
  return hours;
}

}  // namespace parvis::directory
