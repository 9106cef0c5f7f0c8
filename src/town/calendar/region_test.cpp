#include "calendar/region.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parvis::calendar {
namespace {

TEST(Region, OfACommune) {
  EXPECT_EQ(region_of("45234"), Region::metropolitan);    // Orléans
  EXPECT_EQ(region_of("2A004"), Region::metropolitan);    // Ajaccio
  EXPECT_EQ(region_of("57463"), Region::alsace_moselle);  // Metz
  EXPECT_EQ(region_of("67482"), Region::alsace_moselle);  // Strasbourg
  EXPECT_EQ(region_of("68066"), Region::alsace_moselle);  // Colmar
  EXPECT_EQ(region_of("97105"), Region::guadeloupe);      // Basse-Terre
  EXPECT_EQ(region_of("97209"), Region::martinique);      // Fort-de-France
  EXPECT_EQ(region_of("97302"), Region::guyane);          // Cayenne
  EXPECT_EQ(region_of("97411"), Region::reunion);         // Saint-Denis
  EXPECT_EQ(region_of("97502"), Region::metropolitan);    // Saint-Pierre
  EXPECT_EQ(region_of("97611"), Region::mayotte);         // Mamoudzou
  EXPECT_EQ(region_of("97701"), Region::saint_barthelemy);
  EXPECT_EQ(region_of("97801"), Region::saint_martin);
  EXPECT_EQ(region_of("98735"), Region::metropolitan);        // Papeete
  EXPECT_EQ(region_of("98818"), Region::nouvelle_caledonie);  // Nouméa
}

TEST(Region, OfSaintMartinAndSaintBarthelemyByTheirOldCodes) {
  EXPECT_EQ(region_of("97123"), Region::saint_barthelemy);
  EXPECT_EQ(region_of("97127"), Region::saint_martin);
}

TEST(Region, OfAnotherTextIsMetropolitan) {
  for (const std::string_view text : {"", "6", "67", "974", "67482 ", "99001", "strasbourg"})
    EXPECT_EQ(region_of(text), Region::metropolitan) << text;
}

TEST(Region, OfAPostcode) {
  EXPECT_EQ(region_of_postcode("67000"), Region::alsace_moselle);
  EXPECT_EQ(region_of_postcode("97400"), Region::reunion);
  // Postcodes that read like codes of communes elsewhere.
  EXPECT_EQ(region_of("97133"), Region::guadeloupe);  // Vieux-Fort
  EXPECT_EQ(region_of_postcode("97133"), Region::saint_barthelemy);
  EXPECT_EQ(region_of_postcode("97150"), Region::saint_martin);
  EXPECT_EQ(region_of_postcode("97123"), Region::guadeloupe);  // Baillif
  EXPECT_EQ(region_of_postcode("97127"), Region::guadeloupe);  // La Désirade
  EXPECT_EQ(region_of_postcode("45000"), Region::metropolitan);
}

// The wall clock at noon in UTC on 15 January 2026 says which zone it is.
int half_hours_from_utc(std::string_view insee) {
  const Instant noon = *parse_rfc3339("2026-01-15T12:00:00Z");
  return static_cast<int>((zone_of(insee).local(noon).time_since_epoch() -
                           std::chrono::floor<std::chrono::seconds>(noon.time_since_epoch()))
                              .count()) /
         1800;
}

TEST(ZoneOf, ACommune) {
  struct Row {
    std::string_view insee;
    int half_hours;
  };
  constexpr Row kRows[] = {
      {"45234", 2},   {"67482", 2},   {"97105", -8}, {"97209", -8},  {"97302", -6}, {"97411", 8},
      {"97502", -6},  {"97611", 6},   {"97701", -8}, {"97801", -8},  {"97123", -8}, {"97127", -8},
      {"98613", 24},  {"98735", -20}, {"98818", 22}, {"98731", -19},  // the Marquesas: -9 h 30
      {"98719", -18}, {"99001", 2},   {"", 2},
  };
  for (const Row& row : kRows)
    EXPECT_EQ(half_hours_from_utc(row.insee), row.half_hours) << row.insee;
}

TEST(ZoneOf, NamesAZoneOfItsOwnOverseas) {
  EXPECT_EQ(zone_of("97411").name(), "Indian/Reunion");
  EXPECT_EQ(zone_of("97502").name(), "America/Miquelon");
  EXPECT_EQ(zone_of("98735").name(), "Pacific/Tahiti");
  EXPECT_EQ(zone_of("45234").name(), "Europe/Paris");
}

}  // namespace
}  // namespace parvis::calendar
