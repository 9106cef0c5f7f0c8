// The answer that one sheet gives. Pure.
#pragma once

#include "answer/composer.hpp"

namespace parvis::answer {

// candidate.document has a body. The result has no confidence and no notices of the corpus yet.
Answer answer_from_sheet(const Question& question, const Candidate& candidate,
                         const ComposeContext& cx);

Citation cite(const knowledge::Document& document, std::string section, std::string passage);

}  // namespace parvis::answer
