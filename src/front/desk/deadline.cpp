#include "desk/deadline.hpp"

#include <fmt/format.h>

#include "calendar/words.hpp"

namespace parvis::desk {

using namespace html;
using casework::State;

Deadline deadline_of(State state, const std::optional<CivilDate>& due, CivilDate today) {
  if (!casework::is_open(state)) return {Urgency::none, std::string(casework::label(state))};
  if (!due) return {Urgency::none, state == State::awaiting ? "Délai arrêté" : "Sans échéance"};
  const auto left = (std::chrono::sys_days(*due) - std::chrono::sys_days(today)).count();
  const Urgency urgency = left < 0                ? Urgency::late
                          : left <= kSoon.count() ? Urgency::soon
                                                  : Urgency::later;
  if (state == State::awaiting) return {urgency, "Délai arrêté\u00a0: attend l’usager"};
  const std::string day = calendar::date_words(*due);
  if (left < 0)
    return {urgency, fmt::format("En retard de {}\u00a0jour{}", -left, left < -1 ? "s" : "")};
  if (left == 0) return {urgency, "À rendre aujourd’hui, " + day};
  if (left == 1) return {urgency, "À rendre demain, " + day};
  return {urgency, fmt::format("Dans {}\u00a0jours, {}", left, day)};
}

std::string_view heading(Urgency urgency) {
  switch (urgency) {
    case Urgency::late:
      return "En retard";
    case Urgency::soon:
      return "Dans les 7 jours";
    case Urgency::later:
      return "Plus tard";
    case Urgency::none:
      return "Sans échéance";
  }
  return {};
}

Html tag(const Deadline& deadline) {
  const char* style = deadline.urgency == Urgency::late   ? "tag tag--alert"
                      : deadline.urgency == Urgency::soon ? "tag tag--lamp"
                                                          : "tag";
  return h("span", {cls(style)}, deadline.words);
}

}  // namespace parvis::desk
