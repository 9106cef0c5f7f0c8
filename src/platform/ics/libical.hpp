// libical's objects with owners. Inside the room.
#pragma once

#include <libical/ical.h>

#include <memory>
#include <string>

namespace parvis::ics {

void begin_libical();  // once a process; thread-safe. An error of libical never aborts

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
struct FreeProperty {
  void operator()(icalproperty* property) const { icalproperty_free(property); }
};
struct FreeText {
  void operator()(char* text) const { icalmemory_free_buffer(text); }
};
using OwnedComponent = std::unique_ptr<icalcomponent, FreeComponent>;
using OwnedProperty = std::unique_ptr<icalproperty, FreeProperty>;
using OwnedText = std::unique_ptr<char, FreeText>;

inline std::string taken(char* text) {
  const OwnedText owned(text);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace parvis::ics
