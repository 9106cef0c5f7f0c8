#include "ics/libical.hpp"

namespace parvis::ics {

void begin_libical() {
  static const bool begun = [] {
    icalerror_set_errors_are_fatal(0);
    icaltimezone_get_utc_timezone();  // makes its tables
    return true;
  }();
  static_cast<void>(begun);
}

}  // namespace parvis::ics
