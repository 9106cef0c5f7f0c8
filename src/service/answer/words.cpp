#include "answer/words.hpp"

#include "text/tokens.hpp"

namespace parvis::answer {

const Words::Text& Words::of(std::string_view text) {
  const auto [at, added] = texts_.try_emplace(std::string(text));
  if (!added) return at->second;
  at->second.plain = " ";
  for (text::Word& word : text::words(text)) {
    at->second.plain.append(word.folded).push_back(' ');
    const auto [stem, unseen] = stems_.try_emplace(std::move(word.folded));
    if (unseen && !text::is_stop_word(stem->first)) stem->second = text::stem(stem->first);
    if (!stem->second.empty()) at->second.terms.push_back(stem->second);
  }
  return at->second;
}

}  // namespace parvis::answer
