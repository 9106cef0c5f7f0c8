// Where a commune lies, as far as holidays and clocks go: parts of France add holidays of their own
// (holidays.hpp) and keep another time than Paris. Pure and thread-safe.
#pragma once

#include <string_view>

#include "base/time.hpp"

namespace parvis::calendar {

// What has the holidays of metropolitan France alone is `metropolitan`, wherever it lies.
enum class Region {
  metropolitan,
  alsace_moselle,
  // A commune there with neither a Protestant temple nor a church shared by both confessions: Good
  // Friday is no holiday in it. No public list says which; the town has to.
  alsace_moselle_without_temple,
  guadeloupe,
  martinique,
  guyane,
  reunion,
  mayotte,
  saint_barthelemy,
  saint_martin,
  nouvelle_caledonie,
};

// By the commune's INSEE code ("67482", "97411", "98818"), which begins with its department or
// territory. A code that is none is metropolitan. Never `alsace_moselle_without_temple`.
Region region_of(std::string_view insee);

// By the five digits of a postcode, which begin alike, for a place whose commune is not said.
Region region_of_postcode(std::string_view postcode);

// The zone of the IANA database by the commune's INSEE code: Europe/Paris, "Indian/Reunion"…; three
// in French Polynesia. A code that is none keeps the time of Paris.
Zone zone_of(std::string_view insee);

}  // namespace parvis::calendar
