// The list, a case and the forms of its acts, as markup. Pure, but for the ids that forms draw.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "appointment/appointments.hpp"
#include "casework/clock.hpp"
#include "casework/decision.hpp"
#include "desk/acts.hpp"
#include "desk/frame.hpp"
#include "html/html.hpp"

namespace parvis::desk {

// What is asked of the list.
struct Wanted {
  std::string state, procedure, service;  // as in the address; empty: all that is under way
  std::string sought;                     // what was typed to find a case; empty: none was sought
  std::string after;                      // of the page before
};
// States by the name that stands in the address; the first is what is under way.
struct StatesShown {
  std::string_view name, words;
  std::vector<casework::State> states;
};
const std::vector<StatesShown>& states_shown();
// The one that is no state: cases of which letters on paper wait.
inline constexpr std::string_view kPapers = "courriers";

struct Names {  // ids to words
  std::map<std::string, std::string> services, communes, procedures;
};
struct Listing {
  Wanted wanted;
  std::vector<casework::Line> lines;
  std::string next;  // where the next page begins; empty: there is none
  std::vector<std::pair<std::string, std::string>> procedures, services;  // to choose from
  const Names& names;
  Zone zone;
  CivilDate today;
  std::string done;           // what was done just before
  bool lost = false;          // nothing is found: the list is what it is without a search
  bool appointments = false;  // the desk has them
};
html::Html list_page(const Listing& listing);

// What was typed of the day of a letter, and what is wrong with it.
struct HandedTyped {
  std::int64_t seq = 0;
  std::string way, day, fault;
};

struct Shown {
  const casework::Opened& opened;
  casework::Receipt receipt;
  std::optional<casework::Clock> clock;
  const Names& names;
  Zone zone;
  Instant now;
  std::vector<const ActForm*> acts;  // that this agent may do now
  std::string token;
  bool pdf = false;  // letters can be had as files
  std::string done = {};
  bool receipt_pdf = false;
  std::optional<appointment::Opened> visit = {};  // of the case
  bool letters = false;                           // of other acts can be had as files too
  std::optional<HandedTyped> handed = {};
};
std::string case_title(const Shown& shown);
html::Html case_page(const Shown& shown);

// An act's form. changed: what happened since the page that was sent was made, to be read first.
struct Acting {
  const ActForm& form;
  Typed typed;
  std::vector<Fault> faults = {};
  bool changed = false;
  bool resumed = false;  // typed before the session ended
};
html::Html act_page(const Shown& shown, const Facts& facts, const Acting& acting);
// The letter, to be read before it is signed.
html::Html letter_page(const Shown& shown, const Acting& acting,
                       const casework::Decision& decision);
// The act is no longer possible: what was typed can be copied.
html::Html too_late_page(const Shown& shown, const Acting& acting, std::string_view why);

}  // namespace parvis::desk
