#include "calendar/working_days.hpp"

#include "base/error.hpp"
#include "calendar/holidays.hpp"

namespace parvis::calendar {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;

bool is_working_day(CivilDate date, Region region, WorkingWeek week) {
  const unsigned last = week == WorkingWeek::monday_to_friday ? 5 : 6;
  const std::chrono::weekday weekday{local_days(date)};
  return weekday.iso_encoding() <= last && !holiday_name(date, region);
}

CivilDate next_working_day(CivilDate date, Region region, WorkingWeek week) {
  while (!is_working_day(date, region, week)) date = add_days(date, days(1));
  return date;
}

CivilDate add_working_days(CivilDate date, int count, Region region, WorkingWeek week) {
  CHECK(count >= -kDaysMax && count <= kDaysMax);
  const int step = count < 0 ? -1 : 1;
  while (count != 0) {
    date = add_days(date, days(step));
    if (is_working_day(date, region, week)) count -= step;
  }
  return date;
}

CivilDate add_clear_days(CivilDate date, days count, Region region) {
  return next_working_day(add_days(date, count + days(1)), region);
}

CivilDate add_clear_months(CivilDate date, months count, Region region) {
  return next_working_day(add_days(add_months(date, count), days(1)), region);
}

CivilDate add_days(CivilDate date, days count) {
  CHECK(count >= days(-kDaysMax) && count <= days(kDaysMax));
  return CivilDate(local_days(date) + count);
}

CivilDate add_months(CivilDate date, months count) {
  CHECK(count >= months(-kDaysMax) && count <= months(kDaysMax));
  const CivilDate there = date + count;
  return there.ok() ? there : CivilDate(there.year() / there.month() / std::chrono::last);
}

}  // namespace parvis::calendar
