// What a conversation has said of a sheet, by its sentences: it is not said again unless it is
// asked for. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace parvis::answer {

using Said = std::vector<std::uint32_t>;  // text::term_hash of each sentence

// The sentences and items of a text that tell something; a short one is a label.
Said said_in(std::string_view text);

// The beginning of a text was said.
bool was_said(const Said& said, std::string_view text);

// From this share on a text was said, all in all.
inline constexpr double kMostlySaid = 0.6;

// The share of a text that was said, 0 to 1, by the length of its sentences; 0 for one of labels.
double share_said(const Said& said, std::string_view text);

}  // namespace parvis::answer
