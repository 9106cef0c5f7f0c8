#include "dialogue/choices.hpp"

#include <algorithm>
#include <array>

#include "answer/phrases.hpp"
#include "answer/traits.hpp"
#include "answer/tree.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {
namespace {

using answer::Choice;

constexpr std::array<std::string_view, 8> kPlaces = {
    "1|un|le premier|la premiere|premier|premiere|1er|1ere|option 1|le 1|la 1",
    "2|deux|le deuxieme|la deuxieme|deuxieme|le second|la seconde|second|2eme|2e|option 2|le 2",
    "3|trois|le troisieme|la troisieme|troisieme|3eme|3e|option 3|le 3",
    "4|quatre|le quatrieme|la quatrieme|quatrieme|4eme|4e|option 4|le 4",
    "5|cinq|le cinquieme|la cinquieme|cinquieme|option 5|le 5",
    "6|six|le sixieme|la sixieme|sixieme|option 6",
    "7|sept|le septieme|la septieme|septieme",
    "8|huit|le huitieme|la huitieme|huitieme"};

bool is_sheet(const Choice& choice) { return !choice.value.contains('/'); }

// A sheet of a list is named by its words. Another sheet, offered beside the answer, is meant only
// when more is said than could answer our question.
bool means_sheet(const Choice& choice, const Heard& heard) {
  const std::size_t least = text::fold(choice.label).starts_with("autre fiche") ? 2 : 1;
  const std::vector<std::string> title = text::terms(choice.label);
  return heard.own.size() >= least && std::ranges::all_of(heard.own, [&](const std::string& stem) {
           return std::ranges::find(title, stem) != title.end();
         });
}

}  // namespace

std::optional<std::size_t> choice_said(const std::vector<Choice>& offered, const Heard& heard) {
  if (offered.empty()) return std::nullopt;
  const std::vector<std::string> words = answer::folded_words(heard.text);
  const std::string folded = text::fold(heard.text);
  for (std::size_t i = 0; i < offered.size(); ++i)
    if (text::fold(offered[i].label) == folded) return i;
  for (std::size_t i = 0; i < std::min(offered.size(), kPlaces.size()); ++i)
    if (answer::phrase_at_start(words, kPlaces[i]) == words.size() && !words.empty()) return i;
  if (heard.act == Act::yes && offered.size() == 1 && answer::is_offer(offered[0].value)) return 0;
  if (heard.act == Act::yes || heard.act == Act::no) {
    const std::string_view wanted = heard.act == Act::yes ? "oui" : "non";
    for (std::size_t i = 0; i < offered.size(); ++i)
      if (answer::starts_with_phrase(answer::folded_words(offered[i].label), wanted)) return i;
    return std::nullopt;
  }
  constexpr std::size_t kShort = 12;  // words; a longer message tells more than a choice
  // So does one that asks: the sheet's branch is found for it like for any question.
  if (words.size() > kShort || heard.asks) return std::nullopt;
  // Words that every label has tell nothing.
  std::vector<answer::Described> titles;
  for (const Choice& choice : offered) titles.push_back(answer::describe(choice.label));
  std::vector<std::string> common;
  for (const std::string& stem : titles[0].stems)
    if (titles.size() > 1 && std::ranges::all_of(titles, [&](const answer::Described& title) {
          return std::ranges::find(title.stems, stem) != title.stems.end();
        }))
      common.push_back(stem);
  const answer::Described asked = answer::describe(heard.text);
  constexpr double kAgrees = 0.5, kAhead = 0.25;
  std::size_t best = 0;
  double most = 0, next = 0;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const double agrees = answer::agreement(asked, titles[i], common);
    if (agrees > most) {
      next = most;
      most = agrees;
      best = i;
    } else {
      next = std::max(next, agrees);
    }
  }
  if (most < kAgrees || most - next < kAhead) return std::nullopt;
  if (is_sheet(offered[best]) && !means_sheet(offered[best], heard)) return std::nullopt;
  return best;
}

bool asks_back(const std::vector<Choice>& offered) {
  return std::ranges::any_of(offered,
                             [](const Choice& choice) { return !answer::is_offer(choice.value); });
}

void choose(std::vector<Choice>& chosen, const Choice& fresh) {
  const std::string group = fresh.value.substr(0, fresh.value.rfind('/'));
  std::erase_if(chosen, [&](const Choice& old) {
    return old.value.starts_with(group + "/") || old.value == fresh.value;
  });
  chosen.push_back(fresh);
}

void take_back(std::vector<Choice>& chosen, std::string_view text,
               const knowledge::Document* supposed) {
  const answer::Described now = answer::describe(text);
  std::erase_if(chosen, [&](const Choice& choice) {
    const answer::Described then = answer::describe(choice.label);
    return std::ranges::any_of(then.traits, [&](const answer::Trait& old) {
      return std::ranges::any_of(now.traits, [&](const answer::Trait& fresh) {
        return fresh.family == old.family && (fresh.name != old.name || fresh.denied != old.denied);
      });
    });
  });
  if (supposed == nullptr) return;
  std::vector<std::string> values;
  for (const Choice& choice : chosen) values.push_back(choice.value);
  const std::vector<std::string> against = answer::told_against(*supposed, values, now);
  std::erase_if(chosen, [&](const Choice& choice) {
    return std::ranges::find(against, choice.value) != against.end();
  });
}

}  // namespace parvis::dialogue
