#include "answer/lead_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

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

std::string LeadText::some_items(std::string_view text,
                                 const std::function<bool(std::string_view)>& wanted) const {
  constexpr std::size_t kLeast = 2;
  std::string before;  // the sentence that announces the list
  std::vector<std::string_view> items;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    while (end < text.size() && text.substr(end + 1).starts_with(' '))
      end = text.find('\n', end + 1);
    const std::string_view line = text.substr(0, std::min(end, text.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("- "))
      items.push_back(line);
    else if (items.empty())
      before.append(before.empty() ? "" : "\n").append(line);
    else
      break;  // what follows the list
  }
  std::vector<bool> kept(items.size());
  const auto said = [&] {
    std::string out = before;
    for (std::size_t i = 0; i < items.size(); ++i)
      if (kept[i]) out.append(out.empty() ? "" : "\n").append(items[i]);
    return out;
  };
  for (const bool first : {true, false})
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (kept[i] || wanted(items[i]) != first) continue;
      kept[i] = true;
      if (fits(said())) continue;
      kept[i] = false;
      if (!first) break;
    }
  return static_cast<std::size_t>(std::ranges::count(kept, true)) < kLeast ? "" : said();
}

}  // namespace parvis::answer
