// From the sheets found to what the citizen reads. Pure. Every sentence is the sheet's own.
#pragma once

#include <span>

#include "answer/answer.hpp"
#include "knowledge/document.hpp"

namespace parvis::answer {

// documents: the sheets found, best first. Above kPartialFloor the first sheet's own introduction
// is given as `partial`, with the parts of the sheet as `more`; under it the sheets are offered as
// choices (`clarify`), and nothing is asserted.
Answer compose(std::span<const knowledge::Document> documents, double confidence);

inline constexpr double kPartialFloor = 0.7;  // 33 of 40 right; docs/measurements.md
inline constexpr std::size_t kChoices = 5;

}  // namespace parvis::answer
