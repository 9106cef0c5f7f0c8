#include "ics/libical.hpp"

namespace parvis::ics {

void begin_libical() {
  static const bool begun = [] {
    icalerror_set_errors_are_fatal(0);
    return true;
  }();
  static_cast<void>(begun);
}

}  // namespace parvis::ics
