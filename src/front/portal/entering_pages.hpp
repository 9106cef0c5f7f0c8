// The pages of the ways into a case, and to a draft by its link, as markup. Pure.
#pragma once

#include <string>
#include <string_view>

#include "html/html.hpp"
#include "portal/pages.hpp"

namespace parvis::portal {

// "Suivre un dossier". What is wrong stands at its field, its text kept.
struct Following {
  std::string reference = {}, email = {};  // as typed
  std::string reference_fault = {}, email_fault = {};
  // The other form, for the code on paper; start: nothing says that this site sent it.
  std::string code_reference = {}, code_reference_fault = {}, code_fault = {}, start = {};
  bool code_open = false;
};
html::Html follow(const Frame& frame, const Following& following);
// The same for whatever was sent: it tells nobody whether a case exists. code: what another browser
// asks for; may be empty.
html::Html link_sent(const Frame& frame, std::string_view code);
// The page of a case to whoever is not in it, whether there is such a case or not.
html::Html ask_to_open(const Frame& frame, const std::string& reference);
// What was written when the session had ended.
html::Html not_sent(const Frame& frame, const std::string& reference, std::string_view written);

// The link into a case.
struct WayIn {
  std::string to = {};     // the form's
  bool elsewhere = false;  // another browser asked: its code is needed
  std::string code = {}, fault = {};
  std::string start = {};  // nothing says that this site sent the form
};
std::string way_in_title(const WayIn& way);
html::Html way_in(const Frame& frame, const WayIn& way);

// The link to a draft shows a button first: programs that read mail open links, and press no
// buttons. confirm: nothing says that this site sent the form.
html::Html open_link(const Frame& frame, const std::string& to, const std::string& start,
                     bool confirm);

}  // namespace parvis::portal
