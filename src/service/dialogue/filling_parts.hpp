// Parts of filling in a démarche, each in a file of its own: documents (filling_files.cpp), the
// slot of its appointment (filling_slot.cpp). For asking.cpp and filling.cpp. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialogue/asking.hpp"

namespace parvis::dialogue {

void add(std::string& text, std::string_view line);  // as a line of its own

// The turn after `answers` were taken: the next question, or the whole to look over. also: answers
// that the deed of the turn gives.
void go_on(Filled& out, const Draft& draft, const json::object& also = {});

void ask_file(answer::Answer& answer, const Draft& draft, const Leaf& leaf);
std::optional<Filled> file_said(const Draft& draft, const Leaf& leaf, Filled out,
                                const std::string& text, std::string_view choice);

void ask_slot(answer::Answer& answer, const Draft& draft, const Leaf& leaf,
              const json::object& answers, Filling& filling);
std::optional<Filled> slot_said(const Draft& draft, const Leaf& leaf, Filled out,
                                const std::string& text, std::string_view choice);

}  // namespace parvis::dialogue
