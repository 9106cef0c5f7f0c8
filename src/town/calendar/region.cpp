#include "calendar/region.hpp"

#include <algorithm>
#include <array>

namespace parvis::calendar {
namespace {

struct Territory {
  std::string_view code;  // what the INSEE code begins with
  Region region;
  std::string_view zone;
};

// A commune's own code stands before that of its territory. Saint-Barthélemy and Saint-Martin were
// communes of Guadeloupe until 2007, and old files still say so.
constexpr std::array kTerritories = {
    Territory{"57", Region::alsace_moselle, "Europe/Paris"},
    Territory{"67", Region::alsace_moselle, "Europe/Paris"},
    Territory{"68", Region::alsace_moselle, "Europe/Paris"},
    Territory{"97123", Region::saint_barthelemy, "America/St_Barthelemy"},
    Territory{"97127", Region::saint_martin, "America/Marigot"},
    Territory{"971", Region::guadeloupe, "America/Guadeloupe"},
    Territory{"972", Region::martinique, "America/Martinique"},
    Territory{"973", Region::guyane, "America/Cayenne"},
    Territory{"974", Region::reunion, "Indian/Reunion"},
    Territory{"975", Region::metropolitan, "America/Miquelon"},
    Territory{"976", Region::mayotte, "Indian/Mayotte"},
    Territory{"977", Region::saint_barthelemy, "America/St_Barthelemy"},
    Territory{"978", Region::saint_martin, "America/Marigot"},
    Territory{"986", Region::metropolitan, "Pacific/Wallis"},
    Territory{"98718", Region::metropolitan, "Pacific/Marquesas"},  // Fatu-Hiva
    Territory{"98719", Region::metropolitan, "Pacific/Gambier"},    // Gambier
    Territory{"98723", Region::metropolitan, "Pacific/Marquesas"},  // Hiva-Oa
    Territory{"98731", Region::metropolitan, "Pacific/Marquesas"},  // Nuku-Hiva
    Territory{"98746", Region::metropolitan, "Pacific/Marquesas"},  // Tahuata
    Territory{"98756", Region::metropolitan, "Pacific/Marquesas"},  // Ua-Huka
    Territory{"98757", Region::metropolitan, "Pacific/Marquesas"},  // Ua-Pou
    Territory{"987", Region::metropolitan, "Pacific/Tahiti"},
    Territory{"988", Region::nouvelle_caledonie, "Pacific/Noumea"},
};

const Territory* territory_of(std::string_view insee) {
  if (insee.size() != 5) return nullptr;
  const auto found = std::ranges::find_if(
      kTerritories, [&](const Territory& each) { return insee.starts_with(each.code); });
  return found == kTerritories.end() ? nullptr : found;
}

}  // namespace

Region region_of(std::string_view insee) {
  const Territory* territory = territory_of(insee);
  return territory == nullptr ? Region::metropolitan : territory->region;
}

Region region_of_postcode(std::string_view postcode) {
  if (postcode == "97133") return Region::saint_barthelemy;
  if (postcode == "97150") return Region::saint_martin;
  if (postcode == "97123" || postcode == "97127") return Region::guadeloupe;  // of communes there
  return region_of(postcode);
}

Zone zone_of(std::string_view insee) {
  const Territory* territory = territory_of(insee);
  if (territory == nullptr) return Zone::paris();
  return Zone::named(territory->zone).value_or(Zone::paris());
}

}  // namespace parvis::calendar
