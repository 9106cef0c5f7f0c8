// Files of JSON lines, what an answer is held against, and what a long command shows while it
// works.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace parvis::app {

// Calls fn for each JSON object of a file, with its line number. Throws Error{invalid} on a line
// that is not one.
void each_line(const std::filesystem::path& path,
               const std::function<void(const json::object&, std::size_t)>& fn);

// The member "question"; throws Error{invalid} when there is none.
std::string question_of(const json::object& line, const std::filesystem::path& path,
                        std::size_t number);
std::vector<std::string> texts_at(const json::object& line, std::string_view key);

// Whether a text says what is expected of it, both made comparable by the caller. A number stands
// by itself: "119" is not said by "LEGITEXT000006071191", nor "25 €" by "125 €".
bool says(std::string_view text, std::string_view wanted);

// What a long step says on standard error: on a terminal one line that counts up and goes away at
// the end, elsewhere a plain line at each quarter. `all` may be 0: not known.
std::function<void(std::size_t done, std::size_t all)> progress_bar(std::string what);

}  // namespace parvis::app
