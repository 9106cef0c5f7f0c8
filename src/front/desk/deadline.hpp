// How long is left, in words: never by colour alone. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "casework/workflow.hpp"
#include "html/html.hpp"

namespace parvis::desk {

inline constexpr std::chrono::days kSoon{7};

enum class Urgency : std::uint8_t { late, soon, later, none };
struct Deadline {
  Urgency urgency = Urgency::none;
  std::string words;  // "En retard de 3 jours", "Dans 12 jours, vendredi 11 décembre"
};
// due: when an answer is due; today: of the town.
Deadline deadline_of(casework::State state, const std::optional<CivilDate>& due, CivilDate today);
std::string_view heading(Urgency urgency);  // of a part of the list
html::Html tag(const Deadline& deadline);

}  // namespace parvis::desk
