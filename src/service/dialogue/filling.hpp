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
#include "procedure/form.hpp"

namespace parvis::dialogue {

// What is remembered of it between two turns; the answers are in the draft.
struct Filling {
  std::string procedure;            // id; empty: none is being filled
  int number = 0;                   // of those begun in this conversation
  std::string asked;                // path of the field that was asked, or kReview
  std::string before;               // the one before it: "non, c'est le 12" is about that
  std::string seen;                 // what stood there when it was asked (trace_of)
  std::vector<std::string> passed;  // optional ones that were left out
  bool operator==(const Filling&) const = default;
};
inline constexpr std::string_view kReview = "!review";

json::object to_json(const Filling& filling);
Filling filling_from_json(const json::object& object);

// A draft, as the caller has it.
struct Draft {
  std::shared_ptr<const procedure::Definition> definition;
  json::object answers;
  procedure::Moment moment;
  std::string deposited = {};  // its reference, when it was deposited from another window
};

// What the caller does after the turn, before the answer is stored.
enum class Deed : std::uint8_t { none, begin, save, deposit };

struct Filled {
  Filling filling;
  answer::Answer answer;
  Deed deed = Deed::none;
  json::object answers = {};  // to merge into the draft; null takes one away
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

}  // namespace parvis::dialogue
