#include "dialogue/pages.hpp"

#include <algorithm>
#include <vector>

#include "answer/traits.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {

using answer::Candidate;

bool tells_event(std::string_view text) {
  return std::ranges::any_of(answer::describe(text).traits, [](const answer::Trait& trait) {
    return trait.family == answer::Family::occasion || trait.family == answer::Family::validity ||
           trait.family == answer::Family::life;
  });
}

std::string_view what_became(std::string_view text) {
  for (const answer::Trait& trait : answer::describe(text).traits)
    if (trait.family == answer::Family::occasion && !trait.denied) {
      if (trait.name == "theft") return "vol";
      if (trait.name == "loss") return "perte";
    }
  return "";
}

bool tells_age(const std::string& text) {
  const answer::Described said = answer::describe(text);
  return !said.quantities.empty() ||
         std::ranges::any_of(said.traits, [](const answer::Trait& trait) {
           return trait.family == answer::Family::age;
         });
}

bool contradicts(const Candidate& page, std::string_view said) {
  return answer::contradicts(answer::describe(page.document->title), answer::describe(said));
}

bool of_another_case(const Candidate& page, std::string_view said) {
  const answer::Described title = answer::describe(page.document->title);
  const answer::Described told = answer::describe(said);
  return answer::of_another_age(title, told) || answer::of_another_occasion(title, told);
}

namespace {

bool is_of(const Candidate& page, answer::Family family, std::string_view name) {
  return std::ranges::any_of(answer::describe(page.document->title).traits,
                             [&](const answer::Trait& trait) {
                               return trait.family == family && trait.name == name && !trait.denied;
                             });
}

}  // namespace

bool is_for(const Candidate& page, std::string_view age) {
  return is_of(page, answer::Family::age, age);
}

bool is_of_students(const Candidate& page) { return is_of(page, answer::Family::work, "student"); }

bool is_of_europeans(const Candidate& page) {
  return is_of(page, answer::Family::nationality, "european");
}

bool is_sister(const Candidate& page, const Candidate& of_minors, std::string_view said) {
  const std::vector<std::string> here = text::terms(page.document->title);
  const std::vector<std::string> there = text::terms(of_minors.document->title);
  const auto in = [](const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  return is_for(page, "adult") &&
         std::ranges::all_of(text::terms(said), [&](const std::string& word) {
           return !in(there, word) || in(here, word);
         });
}

bool sends_to(const knowledge::Document& page, std::string_view id) {
  bool sends = false;
  std::vector<const knowledge::Block*> ancestors;
  knowledge::walk(page.body, ancestors, [&](const auto& block, const auto&) {
    sends = sends || std::ranges::any_of(block.spans, [&](const knowledge::Span& span) {
              return span.kind == knowledge::Span::Kind::sheet_link && span.target == id;
            });
    return !sends;
  });
  return sends;
}

}  // namespace parvis::dialogue
