#include "casework/digest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/words.hpp"
#include "calendar/working_days.hpp"

namespace parvis::casework {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

std::string when_words(CivilDate due, CivilDate today) {
  const auto left = (sys_days(due) - sys_days(today)).count();
  const std::string day = calendar::full_date_words(due);
  if (left < 0) return fmt::format("délai dépassé depuis le {}", day);
  if (left == 0) return fmt::format("dernier jour aujourd’hui, {}", day);
  return fmt::format("{} jour{}, jusqu’au {}", left, left == 1 ? "" : "s", day);
}

}  // namespace

std::optional<CivilDate> digest_since(const std::optional<CivilDate>& last, CivilDate today) {
  const CivilDate yesterday = calendar::add_days(today, days(-1));
  if (!last || sys_days(*last) > sys_days(today) + days(2)) return yesterday;
  if (*last >= today) return std::nullopt;
  return std::max(*last, calendar::add_days(today, days(-kDigestSpan)));
}

std::vector<Line> crossing(const std::vector<Line>& lines, CivilDate since, CivilDate today,
                           Zone zone) {
  std::vector<Line> out;
  for (const Line& line : lines) {
    if (!line.due) continue;
    const CivilDate begun = civil_date(zone.local(line.deposited_at));
    const auto ahead_of = [&](int ahead) { return calendar::add_days(*line.due, days(-ahead)); };
    const auto comes = [&](int ahead) {
      const CivilDate day = ahead_of(ahead);
      return day > since && day <= today && day > begun;
    };
    // A promise of a day or two is too short for the others: the day before, or its last one.
    const bool is_short = ahead_of(kDigestShort.front() + 1) <= begun;
    const int last =
        ahead_of(kDigestShort.front()) > begun ? kDigestShort.front() : kDigestShort.back();
    if (std::ranges::any_of(kDigestDays, comes) || (is_short && comes(last))) out.push_back(line);
  }
  std::ranges::sort(out, {}, [](const Line& it) { return std::pair(*it.due, it.reference); });
  return out;
}

Letter digest_letter(const std::vector<Line>& lines,
                     const std::function<std::string(const std::string&)>& title, CivilDate today) {
  std::string text =
      "Bonjour,\n\nCes dossiers de vos services approchent de la fin de leur délai, "
      "ou l’ont passée\u00a0:\n";
  for (const Line& line : lines)
    text += fmt::format("\n- {} ({})\u00a0: {}. {}", line.reference, title(line.procedure),
                        when_words(*line.due, today), label(line.state));
  text +=
      "\n\nPour certaines démarches, la loi décide à la fin du délai à la place de la "
      "mairie\u00a0: "
      "la page du dossier dit ce que vaut le silence.\n\nCe message vient une fois par jour, s’il "
      "y a quelque chose à "
      "dire. Pour ne plus le recevoir, changez votre compte.";
  return {lines.size() == 1 ? std::string("Un dossier à surveiller")
                            : fmt::format("{} dossiers à surveiller", lines.size()),
          Personal(std::move(text))};
}

}  // namespace parvis::casework
