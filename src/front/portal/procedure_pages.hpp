// The pages of a démarche until it is deposited, as markup. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/quote.hpp"
#include "html/html.hpp"
#include "portal/fields.hpp"
#include "portal/pages.hpp"
#include "procedure/form.hpp"

namespace parvis::portal {

// Addresses: "/bourg/demarches", "/bourg/demarches/perte-identite/question/motif".
std::string procedures_url(const Frame& frame, std::string_view id = "",
                           std::string_view rest = "");
std::string question_url(const Frame& frame, const procedure::Definition& definition,
                         std::string_view page);

using Definitions = std::vector<std::shared_ptr<const procedure::Definition>>;
html::Html procedure_list(const Frame& frame, const Definitions& offered);

// A démarche before anything is typed.
struct Opening {
  const procedure::Definition& definition;
  std::optional<answer::Contact> office;  // the service in charge
  struct Sheet {
    std::string title, url;
  };
  std::vector<Sheet> sheets;          // official pages about it
  std::vector<answer::Quote> quotes;  // what they say of its price, documents and delay
  // Its services differ from one commune to the next, so the commune is chosen first.
  bool choose_commune = false;
  std::string start;  // that its form carries (visitor.hpp)
  enum class Draft : std::uint8_t { none, open, deposited };
  Draft draft = Draft::none;  // this visitor's
  bool confirm = false;       // nothing says that this site sent the form: it is shown once more
};
html::Html opening(const Frame& frame, const Opening& opening);

// The same questions on paper: all of them, conditions in words, empty boxes.
html::Html paper(const Frame& frame, const Opening& opening);

// A question of a draft.
struct Question {
  Asking asking;
  std::string token;      // the form's
  std::string saved;      // "14 h 32"
  std::string seen = {};  // of its answers, that the form carries (visits.hpp)
  std::string back = {};  // to the conversation it came from (kBackCookie); empty: none
  bool to_check = false;  // comes from the check of the answers, and goes back there
};
std::string question_title(const Question& question);
html::Html question(const Frame& frame, const Question& question);

// The answers to read again. `faults`: what keeps it from being sent.
struct Checking {
  const procedure::Definition& definition;
  const procedure::Form& form;
  const json::object& answers;
  std::optional<answer::Contact> office;
  std::string token;
  std::string saved;
  std::string back = {};  // as a question's
  // Of its appointment: until when the slot is kept; or the one that somebody else has by now.
  std::string slot_until = {}, slot_lost = {};
  std::string wait = {};  // why it was not sent, when it may be sent again as it is
};
html::Html check_answers(const Frame& frame, const Checking& checking);
std::string check_title(const Checking& checking);
// Who may not apply is told why, and where to turn to.
html::Html barred(const Frame& frame, const Checking& checking);
// The way back to a draft, on another day or device. link: "https://…".
html::Html later(const Frame& frame, const Checking& checking, const std::string& link);
html::Html ask_erase_draft(const Frame& frame, const Checking& checking);

// A draft of a conversation that was not opened yet. to: the page itself.
html::Html open_passage(const Frame& frame, const std::string& to, const std::string& start,
                        bool confirm);
// Another draft of the démarche is open here. to: opens that of the conversation; link: keeps the
// one that is here.
html::Html two_drafts(const Frame& frame, const procedure::Definition& definition,
                      const std::string& to, const std::string& link);

// What cannot be shown, and what to do then. One page for each, whatever the reason behind it.
enum class Told : std::uint8_t {
  lost,         // no draft or case is open here: never was, is over, or is another's
  not_offered,  // no such démarche here: withdrawn, of another commune, or never
  erased,       // the draft, by its citizen
  closed,       // a draft or a case, on this device
  passed,       // the code of a conversation was used, or is too old
  used,         // so was the link into a case
};
std::string told_title(Told what);
html::Html told(const Frame& frame, Told what);
// A draft that is deposited already. `receipt`: where its case is.
html::Html deposited_already(const Frame& frame, const procedure::Definition& definition,
                             const std::string& receipt);

// Parts that other pages share.
html::Html back_link(const std::string& to, std::string_view words);
html::Html error_summary(
    const std::vector<std::pair<std::string, std::string>>& links);  // to, words
html::Html ways_without(const Frame& frame, const procedure::Definition& definition,
                        const std::optional<answer::Contact>& office);

}  // namespace parvis::portal
