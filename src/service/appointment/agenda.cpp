#include "appointment/agenda.hpp"

#include <algorithm>

namespace parvis::appointment {

std::string_view name(Way way) {
  switch (way) {
    case Way::in_person:
      return "in_person";
    case Way::phone:
      return "phone";
    case Way::video:
      return "video";
  }
  return {};
}

std::string_view words(Way way) {
  switch (way) {
    case Way::in_person:
      return "sur place";
    case Way::phone:
      return "par téléphone";
    case Way::video:
      return "en visioconférence";
  }
  return {};
}

std::optional<Way> way_named(std::string_view text) {
  for (const Way way : {Way::in_person, Way::phone, Way::video})
    if (name(way) == text) return way;
  return std::nullopt;
}

int Counter::seats_for(std::string_view reason) const {
  if (reasons.empty()) return seats;
  const auto found = reasons.find(std::string(reason));
  return found == reasons.end() ? 0 : std::min(found->second, seats);
}

const Reason* Agenda::reason(std::string_view which) const {
  const auto found = std::ranges::find(reasons, which, &Reason::id);
  return found == reasons.end() ? nullptr : &*found;
}

const Counter* Agenda::counter(std::string_view which) const {
  const auto found = std::ranges::find(counters, which, &Counter::id);
  return found == counters.end() ? nullptr : &*found;
}

const std::string& Agenda::video_of(const Reason& reason, std::string_view which) const {
  const Counter* own = counter(which);
  return own != nullptr && !own->video.empty() ? own->video : reason.video;
}

bool Agenda::serves(const Reason& reason, std::string_view commune) const {
  const auto& whose = reason.communes.empty() ? communes : reason.communes;
  return commune.empty() || whose.empty() || std::ranges::find(whose, commune) != whose.end();
}

Minutes length(const Reason& reason, int people) { return reason.duration * people; }

}  // namespace parvis::appointment
