// A démarche filled in a conversation: what was said becomes answers of its form, and the next
// question is asked. The form itself is procedure/form.hpp: a page may take over at any moment, and
// give back. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer/quote.hpp"
#include "base/json.hpp"
#include "base/sensitive.hpp"
#include "dialogue/booking.hpp"
#include "procedure/form.hpp"

namespace parvis::dialogue {

// How many come for the appointment of a démarche, how, and what they need on the spot.
struct Coming {
  int people = 1;
  std::optional<appointment::Way> way = {};  // none: as the reason has it
  appointment::Needs needs = {};
  bool operator==(const Coming&) const = default;
};

// What is remembered of it between two turns; the answers are in the draft.
struct Filling {
  std::string procedure;            // id; empty: none is being filled
  int number = 0;                   // of those begun in this conversation
  std::string asked;                // path of the field that was asked, or kReview
  std::string before;               // the one before it: "non, c'est le 12" is about that
  std::string seen;                 // what stood there when it was asked (trace_of)
  std::vector<std::string> passed;  // optional ones that were left out
  std::vector<Instant> shown = {};  // slots offered last
  Coming coming = {};               // to the appointment
  bool operator==(const Filling&) const = default;
};
inline constexpr std::string_view kReview = "!review";

json::object to_json(const Filling& filling);
Filling filling_from_json(const json::object& object);

// The appointment that a démarche asks for, where its slot can be chosen here.
struct Slots {
  struct Offer {
    std::shared_ptr<const appointment::Agenda> agenda = {};
    const appointment::Reason* reason = nullptr;  // of that agenda; null: it is offered no more
    std::vector<FreeSlot> free = {};              // in order; the one that is held is among them
  };
  std::function<Offer(const json::object& answers, const Coming& coming)> offer;
  std::function<std::optional<directory::Service>(const std::string& id)> service;
  Zone zone = Zone::paris();
  Instant now = {};
  bool lapsed = false;  // the one that was chosen is held no longer
};

// A file that was given for a question, as it stands.
struct GivenFile {
  std::string field;  // path of the question
  Personal<std::string> name;
  enum class State : std::uint8_t { answers, checked, refused } state = State::answers;
  std::string said = {};  // of it: why it is refused
};

// A draft, as the caller has it.
struct Draft {
  std::shared_ptr<const procedure::Definition> definition;
  json::object answers;
  procedure::Moment moment;
  std::string deposited = {};         // its reference, when it was deposited from another window
  std::optional<Slots> slots = {};    // none: the slot is chosen on the page
  bool takes_files = false;           // else they are given on the page
  std::vector<GivenFile> files = {};  // of its questions
};

// What the caller does after the turn, before the answer is stored. slot: holds Filled::slot for
// Filling::coming; what was said of it is then true, or slot_gone() says otherwise.
enum class Deed : std::uint8_t { none, begin, save, slot, deposit };

struct Filled {
  Filling filling;
  answer::Answer answer;
  Deed deed = Deed::none;
  json::object answers = {};         // to merge into the draft; null takes one away
  std::optional<Instant> slot = {};  // to hold
  std::string step = {};             // where the form goes on, when it is left here
};

// Choices of a form: their values begin so.
inline constexpr std::string_view kFormChoice = "form/";
inline constexpr std::string_view kProcedureChoice = "procedure/";

// The first words of a démarche: what is needed, before anything is typed, then the first question.
// said: what the citizen wrote to begin it; what it tells is taken as answers. quotes: what the
// official sheets say of it.
Filled begin_filling(const Draft& draft, int number, std::string_view said,
                     const std::vector<answer::Quote>& quotes = {});

// A turn in it. `words` are those of the citizen, not masked: an address of mail that is asked for
// is the answer. Nothing when the turn is not for the form: a question in between, a wish for a
// person; `resumed` then says how to go on.
std::optional<Filled> fill_in(const Draft& draft, const Filling& filling,
                              const Personal<std::string>& words, std::string_view choice);

// The question that was asked, put again after something else; the next one when another window
// answered it meanwhile.
void resume(answer::Answer& answer, const Draft& draft, Filling& filling);

// The slot that was chosen, or held, is somebody else's: what is free next, to choose from.
void slot_gone(answer::Answer& answer, Filling& filling, std::string_view field,
               const std::vector<FreeSlot>& next, const Zone& zone, std::string_view why);

// Whether the slot of its appointment is what is asked, and can be chosen here.
bool asks_slot(const Draft& draft, const Filling& filling);

// What a text tells of the fields that are not answered yet, where it can be told for sure: an
// address of mail, a phone number, a day where one day is asked, a choice that is named.
json::object told_in(const Draft& draft, std::string_view text);

// Which of the démarches a message means: it wants to do or declares what one is for. Nothing in
// doubt.
const procedure::Definition* meant(
    const std::vector<std::shared_ptr<const procedure::Definition>>& offered,
    std::string_view message);
// One that it names among other things: to be offered beside an answer, and not begun.
const procedure::Definition* touched(
    const std::vector<std::shared_ptr<const procedure::Definition>>& offered,
    std::string_view message);

// Which of them a sentence that wants something done is about: most of its words are those of the
// démarche, and of no other as much. Nothing in doubt.
const procedure::Definition* wanted(
    const std::vector<std::shared_ptr<const procedure::Definition>>& offered,
    std::string_view sentence);

// What is shown of a démarche beside an answer: the contract's "procedure". slug: of the commune
// whose pages it is on; empty: none is known.
json::object offer_json(const procedure::Definition& definition, std::string_view step,
                        std::string_view slug);
// The same of the one that is being filled in; with the file question that is asked, where it can
// be answered here: "files".
json::object progress_json(const Draft& draft, const Filling& filling, std::string_view step,
                           std::string_view slug);

}  // namespace parvis::dialogue
