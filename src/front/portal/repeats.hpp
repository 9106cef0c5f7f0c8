// Items of a repeated block in what a form sends: added, taken away and left blank, without a
// script. Of those that have a name (procedure/items.hpp) what became of them is left in what was
// sent. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "procedure/form.hpp"

namespace parvis::portal {

// Where to go after an item was added or taken away.
struct Changed {
  std::string block;
  std::size_t items = 0;  // to show
  std::string target;     // the element
};
// add: a block's path; remove: an item's ("enfants[1]"); each as the pressed button says, or empty.
// Nothing when none of the page's blocks is meant.
std::optional<Changed> change_items(const procedure::Page& page, const std::string& add,
                                    const std::string& remove, std::vector<procedure::Sent>& sent);
// Items that nobody wrote in are none; the only one of a block that needs one stays, to be filled,
// and so does one that a file was sent to: `files` are the paths of the draft's pieces.
void drop_blank_items(const procedure::Page& page, std::vector<procedure::Sent>& sent,
                      const std::vector<std::string>& files = {});

}  // namespace parvis::portal
