#include "base/time.hpp"

#include <gmock/gmock.h>

namespace parvis {
namespace {

using std::chrono::April;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::March;
using std::chrono::October;
using std::chrono::sys_days;
using std::chrono::year;

TEST(Rfc3339, reads_instants_of_any_offset) {
  const Instant nine = sys_days(year(2026) / 11 / 24) + hours(9);
  EXPECT_EQ(parse_rfc3339("2026-11-24T09:00:00Z"), nine);
  EXPECT_EQ(parse_rfc3339("2026-11-24t10:00:00+01:00"), nine);
  EXPECT_EQ(parse_rfc3339("2026-11-23 22:30:00-10:30"), nine);
  EXPECT_EQ(parse_rfc3339("2026-11-24T09:00:00.25Z"), nine + std::chrono::milliseconds(250));
  EXPECT_EQ(parse_rfc3339("2026-11-24T09:00:00.123999Z"), nine + std::chrono::milliseconds(123));
  EXPECT_EQ(format_rfc3339(nine), "2026-11-24T09:00:00Z");
}

TEST(Rfc3339, refuses_what_is_not_a_whole_instant) {
  for (const char* bad :
       {"", "2026-11-24", "2026-11-24T09:00:00", "2026-11-24T09:00Z", "2026-11-24T24:00:00Z",
        "2026-11-24T09:60:00Z", "2026-02-29T09:00:00Z", "2026-11-24T09:00:00.Z",
        "2026-11-24T09:00:00.5", "2026-11-24T09:00:00+1:00", "2026-11-24T09:00:00+0100",
        "2026-11-24T09:00:00+24:00", "2026-11-24T09:00:00Zx", "2026-11-24T09:00:00 Z",
        "2026-11-24X09:00:00Z", "26-11-24T09:00:00Z", "2026-11-24T-9:00:00Z"})
    EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
}

TEST(IsoDate, is_a_real_date_and_nothing_else) {
  EXPECT_EQ(parse_iso_date("2024-02-29"), year(2024) / 2 / 29);
  EXPECT_EQ(format_iso_date(year(987) / 6 / 5), "0987-06-05");
  for (const char* bad : {"", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "2024/01/01",
                          "2024-01-01T", " 2024-01-01", "20240-1-01", "+024-01-01"})
    EXPECT_EQ(parse_iso_date(bad), std::nullopt) << bad;
}

TEST(FrenchDate, says_first_for_one) {
  EXPECT_EQ(format_french_date(year(2020) / 11 / 1), "1er novembre 2020");
  EXPECT_EQ(format_french_date(year(2020) / 8 / 21), "21 août 2020");
}

TEST(Zone, knows_the_names_of_the_database_only) {
  EXPECT_EQ(Zone::named("Indian/Reunion")->name(), "Indian/Reunion");
  EXPECT_EQ(Zone::paris().name(), "Europe/Paris");
  EXPECT_FALSE(Zone::named("Europe/Lutetia"));
  EXPECT_FALSE(Zone::named(""));
}

TEST(Zone, follows_daylight_saving) {
  const Zone paris = Zone::paris();
  const Instant winter = *parse_rfc3339("2026-01-15T12:00:00Z");
  const Instant summer = *parse_rfc3339("2026-07-15T12:00:00Z");
  EXPECT_EQ(paris.local(winter), local_days(year(2026) / 1 / 15) + hours(13));
  EXPECT_EQ(paris.local(summer), local_days(year(2026) / 7 / 15) + hours(14));
  EXPECT_EQ(paris.instant(paris.local(winter)), winter);
  EXPECT_EQ(paris.instant(paris.local(summer)), summer);
}

// 2026-03-29: 2:00 becomes 3:00. 2026-10-25: 3:00 becomes 2:00.
TEST(Zone, gives_an_instant_to_local_times_that_do_not_exist_or_exist_twice) {
  const Zone paris = Zone::paris();
  const auto half_past_two = [](auto day) {
    return local_days(day) + hours(2) + std::chrono::minutes(30);
  };
  EXPECT_EQ(paris.instant(half_past_two(year(2026) / March / 29)),
            *parse_rfc3339("2026-03-29T01:00:00Z"));
  EXPECT_EQ(paris.instant(half_past_two(year(2026) / October / 25)),
            *parse_rfc3339("2026-10-25T00:30:00Z"));
}

TEST(LocalTime, splits_into_date_and_time_of_day) {
  const LocalTime evening =
      local_days(year(2026) / April / 3) + hours(23) + std::chrono::seconds(59);
  EXPECT_EQ(civil_date(evening), year(2026) / 4 / 3);
  EXPECT_EQ(time_of_day(evening), hours(23));
}

}  // namespace
}  // namespace parvis
