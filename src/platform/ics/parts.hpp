// The lines of a calendar, by component. Inside the room. libical's own parser says of a file
// neither which line is wrong nor, for some, that anything is; so lines are taken apart here, and
// it reads each.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ics/libical.hpp"
#include "ics/read.hpp"

namespace parvis::ics {

inline constexpr std::string_view kExportAgain =
    "exportez de nouveau le calendrier depuis le logiciel qui l’a fait, sans le retoucher";

struct Line {
  std::size_t number = 0;
  std::string name;  // upper case
  std::string text;  // whole, unfolded
};

struct Part {
  std::string name;  // VEVENT, VFREEBUSY, VTIMEZONE; in the last, STANDARD and DAYLIGHT
  std::size_t number = 0;
  std::vector<Line> lines = {};  // those that are read, no others
  std::vector<Part> parts = {};

  const Line* find(std::string_view line) const;  // the first
};

struct Parts {
  std::vector<Part> parts;
  bool cancels = false;  // METHOD:CANCEL
};

std::expected<Parts, Fault> take_apart(std::string_view bytes);

// A line as libical reads it, of a list of dates the first; null when it cannot.
OwnedProperty property(const Line& line);
std::string parameter(icalproperty* property, icalparameter_kind kind);  // unquoted; may be empty
std::string value(const Line& line);                                     // what follows the colon
std::vector<std::string> values(const Line& line);  // the same, split at commas; at least one

}  // namespace parvis::ics
