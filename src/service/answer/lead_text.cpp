#include "answer/lead_text.hpp"

#include <algorithm>
#include <array>

#include "answer/composer.hpp"
#include "answer/facts.hpp"
#include "answer/pieces.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

}  // namespace

std::size_t LeadText::words() const { return word_count(text_); }

bool LeadText::fits(std::string_view more) const {
  return words() + kept_ + word_count(more) <= kLeadWords - kOwnWords;
}

void LeadText::say(std::string_view lines) {
  if (lines.empty()) return;
  if (!text_.empty()) text_.push_back('\n');
  text_.append(lines);
}

bool LeadText::close(std::string_view sentence) {
  if (word_count(text_) + word_count(sentence) > kLeadWords) return false;
  say(sentence);
  return true;
}

bool leans_on_heading(std::string_view text) {
  static constexpr std::array kStarts = {
      "elle "sv,       "elles "sv,         "ils "sv,        "celui-ci "sv, "celle-ci "sv,
      "ceux-ci "sv,    "celles-ci "sv,     "cette "sv,      "ce "sv,       "ces "sv,
      "cet "sv,        "il peut s'agir"sv, "il s'agit"sv,   "il doit "sv,  "il est valable"sv,
      "il comporte"sv, "il permet"sv,      "il concerne"sv, "il dure"sv,   "toutefois"sv,
      "cependant"sv,   "dans ce cas"sv};
  const std::string folded = text::fold(text.substr(0, 40));
  return std::ranges::any_of(kStarts, [&](std::string_view s) { return folded.starts_with(s); });
}

bool states_condition(std::string_view heading) {
  static constexpr std::array kStarts = {"vous "sv,    "votre "sv, "si "sv,     "en cas"sv,
                                         "pour "sv,    "avant "sv, "depuis "sv, "à partir"sv,
                                         "lorsque "sv, "après "sv};
  std::string folded = text::fold(heading.substr(0, 40));
  if (heading.ends_with('?')) return false;
  return std::ranges::any_of(kStarts,
                             [&](std::string_view s) { return folded.starts_with(text::fold(s)); });
}

bool gives_example(std::string_view text) {
  return text::fold(text.substr(0, 40)).starts_with("par exemple");
}

bool leans_back(std::string_view text) {
  static constexpr std::array kStarts = {
      "toutefois"sv,   "cependant"sv, "par exemple"sv, "dans ce cas"sv, "sinon"sv, "par contre"sv,
      "en revanche"sv, "cette "sv,    "ces "sv,        "il "sv,         "elle "sv, "ils "sv};
  const std::string folded = text::fold(text.substr(0, 40));
  if (folded.starts_with("il faut") || folded.starts_with("il est ")) return false;
  return std::ranges::any_of(kStarts, [&](std::string_view s) { return folded.starts_with(s); });
}

std::string LeadText::first_sentences(std::string_view text) const {
  std::string some;
  for (const std::string& sentence : text::sentences(text)) {
    const std::string longer = some + (some.empty() ? "" : " ") + sentence;
    if (!fits(longer) || announces(sentence)) break;
    some = longer;
  }
  return some;
}

std::string LeadText::first_items(std::string_view text) const {
  constexpr std::size_t kLeast = 2;
  std::string some;
  std::size_t items = 0;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    while (end < text.size() && text.substr(end + 1).starts_with(' '))
      end = text.find('\n', end + 1);
    const std::string_view item = text.substr(0, std::min(end, text.size()));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const std::string longer = some + (some.empty() ? "" : "\n") + std::string(item);
    if (!fits(longer) || (!item.starts_with("- ") && items > 0)) break;
    if (item.starts_with("- ")) ++items;
    some = longer;
  }
  return items < kLeast || announces(some) ? "" : some;
}

}  // namespace parvis::answer
