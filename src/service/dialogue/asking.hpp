// What a form asks next in a conversation, and how: its fields one by one, in order. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogue/filling.hpp"

namespace parvis::dialogue {

// Values of choices of a form; each begins with kFormChoice.
inline constexpr std::string_view kStop = "form/!stop";
inline constexpr std::string_view kResume = "form/!resume";
inline constexpr std::string_view kPass = "form/!pass";
inline constexpr std::string_view kDeposit = "form/!deposit";
inline constexpr std::string_view kChange = "form/!change";
inline constexpr std::string_view kValue = "form/=";          // then the value
inline constexpr std::string_view kField = "form/?";          // then the path
inline constexpr std::string_view kNotAtHand = "form/!none";  // the document that is asked for
inline constexpr std::string_view kOtherSlots = "form/!day";
inline constexpr std::size_t kChoicesMax = 12;  // shown at once; a longer list is typed

// What is asked one by one: the parts of a page with the block they stand in. A repeated block is
// asked item by item, each followed by "un autre ?", which is a leaf of its own: its field is the
// block, its path the block's.
struct Leaf {
  const procedure::Field* field = nullptr;
  const procedure::Field* block = nullptr;  // the outermost; nullptr: none
  const procedure::Page* page = nullptr;
  std::string path = {};  // with places: "foyer[1].personne.last_name"
  std::size_t item = 0;   // from 1, inside a repeated block; of "un autre ?", how many there are
  bool loose = false;     // may be left out without a word: part of an optional or repeated block
};
std::vector<Leaf> leaves_of(const procedure::Form& form, const json::object& answers);
std::optional<Leaf> leaf_at(const procedure::Form& form, const json::object& answers,
                            std::string_view path);
// Can be answered in words: no file, and no repeated block with one inside.
bool in_chat(const procedure::Field& field);
// Can be answered in the conversation: in words, with a file, or by a slot, as the draft allows.
bool answered_here(const Draft& draft, const Leaf& leaf);

// At a path, "demandeur.naissance", "foyer[1].nom"; nullptr: not answered.
const json::value* value_at(const json::object& answers, std::string_view path);
// What stands at a path, to see later whether another way in has changed it; empty: nothing.
std::string trace_of(const json::object& answers, std::string_view path);
// Blocks are sent whole: a part of one is set in what the draft has of it. A place past the end of
// a list is added.
void set(json::object& answers, const json::object& known, std::string_view path,
         json::value value);
json::object merged(json::object answers, const json::object& more);

// The next field to ask, in the order of the form; nullptr when it is complete as far as a
// conversation goes.
struct Next {
  std::optional<Leaf> leaf;
  std::string fault;  // why it is asked again
};
Next next_of(const Draft& draft, const procedure::Form& form, const json::object& answers,
             const Filling& filling);

// In lists and confirmations: "Lieu de la perte", "Foyer, n° 2 : Prénoms".
std::string name_of(const Leaf& leaf);
// filling: what is shown is noted in it.
void ask(answer::Answer& answer, const Draft& draft, const Leaf& leaf, const json::object& answers,
         Filling& filling);

// As a conversation repeats it: enough to be checked, and no more. It is kept with what was said.
std::string discreet(const procedure::Field& field, const json::value& value);
std::string summary_of(const procedure::Form& form);

}  // namespace parvis::dialogue
