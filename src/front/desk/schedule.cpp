#include "desk/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "calendar/words.hpp"
#include "dates/dates.hpp"

namespace parvis::desk {
namespace {

using std::chrono::days;

constexpr std::string_view kMomentHint =
    "Écrivez un jour et une heure, comme «\u00a0jeudi à 14\u00a0h\u00a030\u00a0».";
constexpr std::string_view kSpanHint =
    "Écrivez un jour, ou un jour et une heure, comme «\u00a0jeudi à 14\u00a0h\u00a0».";

// The one expression of a text, if there is one alone and it is not in doubt.
std::optional<dates::Found> one_in(std::string_view text, LocalTime now) {
  const auto found = dates::parse(text, now);
  if (found.size() != 1 || found[0].doubts.wrong_weekday || !found[0].start) return std::nullopt;
  return found[0];
}
bool is_moment(const dates::Found& found) {
  return found.kind == dates::Kind::instant &&
         (found.grain == dates::Grain::hour || found.grain == dates::Grain::minute);
}
bool is_day(const dates::Found& found) {
  return found.kind == dates::Kind::instant && found.grain == dates::Grain::day;
}
// Where it ends by itself.
std::optional<LocalTime> natural_end(const dates::Found& found) {
  if (is_day(found)) return *found.start + days(1);
  if (found.kind == dates::Kind::interval) return found.end;
  return std::nullopt;
}
// Where it ends as the end of something: a day to its end, a moment at it.
std::optional<LocalTime> as_end(const dates::Found& found) {
  return is_moment(found) ? found.start : natural_end(found);
}

std::string moment_words(LocalTime at) {
  return calendar::date_words(civil_date(at)) + " à " + calendar::time_words(time_of_day(at));
}

}  // namespace

std::expected<Instant, std::string> read_moment(std::string_view text, const Zone& zone,
                                                Instant now) {
  const LocalTime here = zone.local(now);
  const auto found = one_in(text, here);
  if (!found || !is_moment(*found)) return std::unexpected(std::string(kMomentHint));
  const Instant at = zone.instant(*found->start);
  if (zone.local(at) != *found->start)
    return std::unexpected("Cette heure n’existe pas\u00a0: on change d’heure cette nuit-là.");
  if (std::chrono::local_days(civil_date(*found->start)) <
      std::chrono::local_days(civil_date(here)))
    return std::unexpected("Ce jour est passé. Écrivez un jour à venir.");
  if (time_of_day(*found->start) % appointment::kCell != Minutes(0))
    return std::unexpected("Les rendez-vous vont de cinq en cinq minutes. Arrondissez l’heure.");
  return at;
}

std::expected<Span, std::vector<Fault>> read_span(std::string_view from, std::string_view until,
                                                  const Zone& zone, Instant now) {
  const LocalTime here = zone.local(now);
  const auto begin = one_in(from, here);
  if (!begin || (!is_moment(*begin) && !is_day(*begin) && begin->kind != dates::Kind::interval))
    return std::unexpected(std::vector<Fault>{{"du", std::string(kSpanHint)}});
  std::optional<LocalTime> end;
  if (until.find_first_not_of(' ') == std::string_view::npos) {
    end = natural_end(*begin);
    if (!end)
      return std::unexpected(std::vector<Fault>{{"au", "Écrivez jusqu’à quand l’absence dure."}});
  } else {
    for (const LocalTime& since : {here, *begin->start}) {
      const auto found = one_in(until, since);
      end = found ? as_end(*found) : std::nullopt;
      if (end && *end > *begin->start) break;
    }
    if (!end) return std::unexpected(std::vector<Fault>{{"au", std::string(kSpanHint)}});
    if (*end <= *begin->start)
      return std::unexpected(
          std::vector<Fault>{{"au", "La fin vient avant le début. Corrigez l’une ou l’autre."}});
  }
  const Span span{.from = zone.instant(*begin->start), .until = zone.instant(*end)};
  if (span.until <= now)
    return std::unexpected(std::vector<Fault>{{"au", "Cette absence est déjà finie."}});
  return span;
}

std::string span_words(const Span& span, const Zone& zone) {
  const LocalTime from = zone.local(span.from), until = zone.local(span.until);
  const bool whole = time_of_day(from) == Minutes(0) && time_of_day(until) == Minutes(0);
  if (whole) {
    const CivilDate last(std::chrono::local_days(civil_date(until)) - days(1));
    if (last == civil_date(from)) return calendar::date_words(last) + ", toute la journée";
    return fmt::format("du {} au {} compris", calendar::date_words(civil_date(from)),
                       calendar::date_words(last));
  }
  if (civil_date(from) == civil_date(until))
    return fmt::format("{}, de {} à {}", calendar::date_words(civil_date(from)),
                       calendar::time_words(time_of_day(from)),
                       calendar::time_words(time_of_day(until)));
  return fmt::format("du {} au {}", moment_words(from), moment_words(until));
}

std::expected<Period, std::vector<Fault>> read_period(std::string_view first, std::string_view last,
                                                      const Zone& zone, Instant now) {
  const LocalTime here = zone.local(now);
  std::vector<Fault> faults;
  const auto day = [&](std::string_view text, std::string_view field,
                       CivilDate otherwise) -> CivilDate {
    if (text.find_first_not_of(' ') == std::string_view::npos) return otherwise;
    if (const auto iso = parse_iso_date(text)) return *iso;
    const auto read = dates::parse_civil_date(text, here);
    if (!read) faults.push_back({std::string(field), read.error()});
    return read.value_or(otherwise);
  };
  Period out;
  out.last = day(last, "au", civil_date(here));
  out.first =
      day(first, "du", CivilDate(std::chrono::local_days(out.last) - (kFiguresDays - days(1))));
  const auto length = std::chrono::local_days(out.last) - std::chrono::local_days(out.first);
  if (faults.empty() && length < days(0))
    faults.push_back({"au", "Le dernier jour vient avant le premier. Corrigez l’un ou l’autre."});
  if (faults.empty() && length > kFiguresMax)
    faults.push_back({"du", "Choisissez une période d’un an au plus."});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return out;
}

std::string Figures::rate() const {
  const std::int64_t due = kept + missed;
  if (due == 0) return {};
  return fmt::format("{}\u00a0%", (100 * missed + due / 2) / due);
}

std::vector<Figures> figures_of(const appointment::Agenda& agenda,
                                const std::vector<appointment::Count>& counts) {
  using appointment::State;
  std::map<std::string, Figures> by_reason;
  Figures all{.label = "Ensemble"};
  for (const appointment::Count& each : counts) {
    const appointment::Reason* reason = agenda.reason(each.reason);
    Figures& own = by_reason[each.reason];
    own.label = reason != nullptr ? reason->label : each.reason;
    for (Figures* one : {&own, &all}) switch (each.state) {
        case State::booked:
        case State::displaced:
          one->coming += each.count;
          break;
        case State::arrived:
        case State::seen:
          one->kept += each.count;
          break;
        case State::missed:
          one->missed += each.count;
          break;
        case State::cancelled:
          one->cancelled += each.count;
          break;
        case State::held:
          break;
      }
  }
  std::vector<Figures> out;
  for (const appointment::Reason& reason : agenda.reasons)
    if (auto node = by_reason.extract(reason.id)) out.push_back(std::move(node.mapped()));
  for (auto& [id, left] : by_reason) out.push_back(std::move(left));
  if (out.size() > 1) out.push_back(std::move(all));
  return out;
}

}  // namespace parvis::desk
