// A form while it is filled: which questions are asked, what is wrong, what comes next. A pure
// function of the definition, the answers given so far and the moment, so every way in (page,
// dialogue, counter, API) sees the same, and a draft is nothing but its answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "procedure/definition.hpp"

namespace parvis::procedure {

// What is wrong with the answers. path: "demandeur.birth_date", "enfants[1].nom"; empty: the whole.
struct Fault {
  std::string path;
  std::string message;
  bool missing = false;  // not answered yet
  bool operator==(const Fault&) const = default;
};

enum class PageState : std::uint8_t {
  open,  // not answered yet, or wrongly
  done,
};

struct ShownPage {
  const Page* page = nullptr;
  std::size_t step = 0;
  PageState state = PageState::open;
  std::vector<Fault> faults;
};

struct Form {
  std::vector<ShownPage> pages;  // those that are asked, in order
  std::vector<Fault> faults;     // of the whole, once every page is done
  std::optional<Fault> barred;   // who may not apply, and why: told as soon as it is known
  // What is deposited: answers of questions that are asked, and computed values. Answers of others
  // stay in the draft, so that a changed mind loses nothing.
  json::object answers;

  bool complete() const;
  const ShownPage* find(std::string_view page) const;
  const ShownPage* next() const;  // the first that is open
};

// The result refers to the definition.
Form evaluate(const Definition& definition, const json::object& answers, const Moment& moment);

// Names and values of a page as a browser or a person sends them.
struct Sent {
  std::string name;  // "demandeur.last_name", "enfants[0].nom", "naissance.day"
  std::string value;
};

// The answers with those of one page in place of what they were, and what is wrong with them. Wrong
// values are kept beside, as typed, so that the page shows them again.
struct Filled {
  json::object answers;
  std::vector<Fault> faults;
};
Filled fill(const Definition& definition, const Page& page, const json::object& answers,
            const std::vector<Sent>& sent, const Moment& moment);

// The options that are offered with these answers.
std::vector<Option> options_of(const Definition& definition, const Field& field,
                               const json::object& answers, const Moment& moment);

// The reason for which slots are offered by an appointment; empty while the answer that it goes by
// is not given.
std::string reason_of(const Field& field, const json::object& answers);

// A label, hint or text of the definition with {names} filled in, from the answers that are kept
// (Form::answers, which have the computed ones). A name without answer leaves "…".
std::string filled_in(const Definition& definition, std::string_view text,
                      const json::object& answers);

// What is to be brought or given, for these answers; a document whose condition is still open is
// among them, so that with no answers all are.
std::vector<const Document*> documents_for(const Definition& definition,
                                           const json::object& answers, const Moment& moment);

}  // namespace parvis::procedure
