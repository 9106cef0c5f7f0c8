// The condition of a question in French, for a form on paper: "si vous répondez « Oui » à la
// question 4". Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "procedure/definition.hpp"

namespace parvis::portal {

// How a question is named: "à la question 4"; empty when it is none of the paper's.
using QuestionNamed = std::function<std::string(std::string_view path)>;

// Without a final stop. What is too intricate to be said so becomes "si cela vous concerne"; empty
// for no condition.
std::string condition_words(const procedure::Definition& definition,
                            const procedure::Expression& condition, const QuestionNamed& named);

}  // namespace parvis::portal
