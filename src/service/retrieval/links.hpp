// What the sheets themselves say about each other: the words of a link describe the sheet it leads
// to, as someone else would put it ("en cas de perte du passeport").
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "knowledge/document.hpp"

namespace parvis::retrieval {

// Each link of `document` to another sheet: the words of the link and the id of the other.
// A dossier's own list gives the titles of its sheets, which say nothing new, and is left out.
void each_link(const knowledge::Document& document,
               const std::function<void(std::string_view words, std::string_view id)>& fn);

// Texts that count as absent, folded: the questions a set is measured with, which would find
// themselves.
using Without = std::set<std::string, std::less<>>;
std::string comparable(std::string_view text);  // folded, punctuation and spaces evened out

}  // namespace parvis::retrieval
