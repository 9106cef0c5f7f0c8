// Working days, and dates counted in days and months as French law counts them. Pure and
// thread-safe.
//
//   jours ouvrés      Monday to Friday, without public holidays: the days on which offices work.
//   jours ouvrables   Monday to Saturday, without public holidays.
//   jours francs      whole days: neither the day of the event nor the last day counts, and an end
//                     on a Saturday, a Sunday or a holiday goes on to the next working day.
//   mois              de quantième à quantième: to the same day of a later month, or to the last of
//                     that month when it has no such day.
// The day of the event itself (dies a quo) never counts.
#pragma once

#include "base/time.hpp"
#include "calendar/region.hpp"

namespace parvis::calendar {

inline constexpr int kDaysMax = 100'000;  // of one count; more is a mistake of the caller (CHECK)

enum class WorkingWeek {
  monday_to_friday,    // jours ouvrés
  monday_to_saturday,  // jours ouvrables
};

bool is_working_day(CivilDate date, Region region = Region::metropolitan,
                    WorkingWeek week = WorkingWeek::monday_to_friday);

// The date itself when it is a working day, else the first one after it.
CivilDate next_working_day(CivilDate date, Region region = Region::metropolitan,
                           WorkingWeek week = WorkingWeek::monday_to_friday);

// The count-th working day after the date, or before it when count < 0; the date itself for 0.
CivilDate add_working_days(CivilDate date, int count, Region region = Region::metropolitan,
                           WorkingWeek week = WorkingWeek::monday_to_friday);

// The last day of a délai franc of so many days, or of so many months, from the date.
CivilDate add_clear_days(CivilDate date, std::chrono::days count,
                         Region region = Region::metropolitan);
CivilDate add_clear_months(CivilDate date, std::chrono::months count,
                           Region region = Region::metropolitan);

CivilDate add_days(CivilDate date, std::chrono::days count);
CivilDate add_months(CivilDate date, std::chrono::months count);  // 31 August + 1 = 30 September

}  // namespace parvis::calendar
