#include "casework/ends.hpp"

#include <ranges>

#include "procedure/form.hpp"

namespace parvis::casework {

bool is_decided(const procedure::Definition& definition) { return definition.ends.empty(); }

const procedure::End* end_in(const procedure::Definition& definition, const Happened& event) {
  return event.act == Act::settle ? definition.end(string_at(event.more, "end").value_or(""))
                                  : nullptr;
}

const procedure::End* end_of(const Opened& opened) {
  for (const Happened& event : opened.events | std::views::reverse) {
    if (event.act == Act::reopen) return nullptr;
    if (event.act == Act::settle) return end_in(*opened.definition, event);
  }
  return nullptr;
}

std::string told(const Opened& opened, const procedure::End& end) {
  return procedure::filled_in(*opened.definition, end.text, opened.answers);
}

}  // namespace parvis::casework
