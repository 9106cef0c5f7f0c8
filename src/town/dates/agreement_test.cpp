// How far this reader agrees with Recognizers-Text on its own French examples. They lie outside the
// repository; where they are absent this file says so and the other tests still run.
//
// Theirs maps to ours so: date, datetime, time → instant; daterange, datetimerange, timerange →
// interval; duration → duration; set → recurring. They list every reading ("4 heures": 04:00 and
// 16:00; "vendredi": the last and the next), ours must be among them. A row agrees when each of its
// results has its counterpart, in order, and there is none besides. Of a row without a reference
// date only what does not depend on one is compared by value, the rest by kind.
// docs/dates.md has the disagreements by category.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "dates/dates.hpp"

namespace parvis::dates {
namespace {

using std::chrono::days;

// Rows without a reference date name absolute dates that lie before the latest one of the file.
constexpr std::string_view kLatest = "2023-02-01T00:00:00";
// Of 177 and 715 rows, as measured by the rule above; they move when a convention does, and
// docs/dates.md with them.
constexpr int kFloorDated = 130, kFloorUndated = 586;

LocalTime time(std::string_view iso) {
  LocalTime at = std::chrono::local_days(*parse_iso_date(iso.substr(0, 10)));
  const auto two = [&](std::size_t from) { return (iso[from] - '0') * 10 + iso[from + 1] - '0'; };
  if (iso.size() >= 19)
    at +=
        std::chrono::hours(two(11)) + std::chrono::minutes(two(14)) + std::chrono::seconds(two(17));
  return at;
}

std::string clock_of(LocalTime at) {
  const std::chrono::hh_mm_ss clock(at - std::chrono::floor<days>(at));
  return fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

// One of their times against one of ours: a date, a date and time, or a time of day.
bool same(std::string_view theirs, std::optional<LocalTime> ours, days later = days(0)) {
  if (!ours) return false;
  if (theirs.size() == 8 && theirs[2] == ':') return clock_of(*ours) == theirs;
  if (theirs.size() < 10 || !parse_iso_date(theirs.substr(0, 10))) return false;
  return time(theirs) + later == *ours;
}

// Their count of seconds: a year of 365 days, a month of 30.
std::string seconds_of(const Length& length) {
  const std::int64_t total =
      (length.months / 12 * 365 + length.months % 12 * 30 + length.days) * 86'400 + length.seconds;
  return std::to_string(total);
}

enum class Verdict { agrees, last_day_excluded, kind, value, fewer, more };
constexpr std::string_view kVerdicts[] = {
    "agree", "agree but for the end that we exclude", "kind", "value", "fewer", "more"};

Kind kind_of(std::string_view type, bool interval) {
  if (type == "duration") return interval ? Kind::interval : Kind::duration;  // "depuis 3 ans"
  if (type == "set") return Kind::recurring;
  return interval ? Kind::interval : Kind::instant;
}

bool unresolved(const json::object& value) { return string_at(value, "value") == "not resolved"; }

Verdict compare_value(const json::object& theirs, const Found& ours, bool absolute) {
  const auto mod = string_at(theirs, "Mod");
  const auto start = string_at(theirs, "start"), end = string_at(theirs, "end"),
             value = string_at(theirs, "value");
  const auto type = string_at(theirs, "type").value_or("");
  const bool bounded = mod && (mod->starts_with("before") || mod->starts_with("after") ||
                               mod->starts_with("since") || mod->starts_with("until"));
  const bool interval = bounded || start || end || (type.ends_with("range") && !value);
  if (ours.kind != kind_of(type, interval)) return Verdict::kind;
  if (unresolved(theirs) || ours.kind == Kind::recurring) return Verdict::agrees;
  if (ours.kind == Kind::duration)
    return value == seconds_of(*ours.length) ? Verdict::agrees : Verdict::value;
  if (!absolute) return Verdict::agrees;
  if (ours.kind == Kind::instant)
    return value && same(*value, ours.start) ? Verdict::agrees : Verdict::value;
  if (bounded) {
    const std::string_view bound = value ? *value : start ? *start : end.value_or("");
    const auto& mine = ours.start && !ours.end ? ours.start : ours.end;
    if (same(bound, mine)) return Verdict::agrees;
    return same(bound, mine, days(1)) ? Verdict::last_day_excluded : Verdict::value;
  }
  if (!start || !end || !same(*start, ours.start)) return Verdict::value;
  if (same(*end, ours.end)) return Verdict::agrees;
  // They name the last day, the last month or the last second; we its end.
  if (same(*end, ours.end, days(1))) return Verdict::last_day_excluded;
  if (ours.end && end->ends_with("23:59:59") && time(*end) + std::chrono::seconds(1) == *ours.end)
    return Verdict::last_day_excluded;
  if (ours.end && end->size() == 10 && ours.grain >= Grain::month) {
    const CivilDate last = civil_date(time(*end)), mine = civil_date(*ours.end);
    const auto step = ours.grain == Grain::month     ? std::chrono::months(1)
                      : ours.grain == Grain::quarter ? std::chrono::months(3)
                                                     : std::chrono::months(12);
    if (last + step == mine) return Verdict::last_day_excluded;
  }
  return Verdict::value;
}

Verdict compare(const json::object& row, const std::vector<Found>& ours,
                const std::vector<Found>& elsewhere) {
  std::vector<const json::object*> theirs;
  for (const json::value& each : *array_at(row, "results")) {
    const json::array* values = array_at(each.as_object(), "values");
    // A date that does not exist: they find it and leave it open, we find none.
    const bool nothing =
        values && !values->empty() && unresolved(values->front().as_object()) &&
        string_at(values->front().as_object(), "type") != "set" &&
        string_at(values->front().as_object(), "type")->starts_with("date") &&
        string_at(values->front().as_object(), "timex")->find("-02-") != std::string_view::npos;
    if (!nothing) theirs.push_back(&each.as_object());
  }
  if (ours.size() != theirs.size())
    return ours.size() < theirs.size() ? Verdict::fewer : Verdict::more;
  Verdict worst = Verdict::agrees;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const json::array* values = array_at(*theirs[i], "values");
    if (!values) return Verdict::kind;  // a time zone
    const bool absolute =
        string_at(row, "ref") || (i < elsewhere.size() && ours[i].start == elsewhere[i].start &&
                                  ours[i].end == elsewhere[i].end);
    Verdict best = Verdict::value;
    for (const json::value& each : *values)
      best = std::min(best, compare_value(each.as_object(), ours[i], absolute));
    worst = std::max(worst, best);
  }
  return worst;
}

TEST(Agreement, WithRecognizersText) {
  std::ifstream file(PARVIS_SOURCE_DIR "/../shared/data/dates/recognizers_dev.jsonl");
  if (!file) {
    fmt::print("Recognizers-Text’s examples are absent: their agreement is not measured.\n");
    return;
  }
  int counts[2][6] = {};
  std::string disagreements;
  for (std::string line; std::getline(file, line);) {
    const auto parsed = parse_json(line);
    ASSERT_TRUE(parsed) << line;
    const json::object& row = parsed->as_object();
    const auto ref = string_at(row, "ref");
    const std::string_view text = string_at(row, "text").value();
    const auto ours = parse(text, time(ref.value_or(kLatest)));
    const auto elsewhere = parse(text, time("2031-05-21T13:14:15"));
    const Verdict verdict = compare(row, ours, elsewhere);
    ++counts[ref ? 0 : 1][static_cast<int>(verdict)];
    if (verdict != Verdict::agrees && verdict != Verdict::last_day_excluded)
      disagreements += fmt::format(
          "{} | {} | {} | {} || {}\n", kVerdicts[static_cast<int>(verdict)], text.substr(0, 160),
          ref.value_or("-"), json::serialize(*array_at(row, "results")).substr(0, 300),
          json::serialize(to_json(ours, text).at("all")).substr(0, 500));
  }
  for (int dated = 0; dated < 2; ++dated) {
    fmt::print("{} reference date:", dated == 0 ? "with a" : "without");
    for (int i = 0; i < 6; ++i)
      fmt::print(" {} {}{}", kVerdicts[i], counts[dated][i], i < 5 ? "," : "\n");
  }
  EXPECT_GE(counts[0][0] + counts[0][1], kFloorDated) << disagreements;
  EXPECT_GE(counts[1][0] + counts[1][1], kFloorUndated) << disagreements;
}

}  // namespace
}  // namespace parvis::dates
