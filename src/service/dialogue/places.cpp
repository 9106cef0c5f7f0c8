#include "dialogue/places.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "answer/phrases.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view text) {
  Words out = answer::folded_words(text);
  for (std::string& word : out)
    if (word == "st" || word == "ste") word = word == "st" ? "saint" : "sainte";
  return out;
}

std::string phrase_of(const Words& words, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append(out.empty() ? "" : " ").append(words[i]);
  return out;
}

// "saint aubin" of "saint aubin sur orle": what stands before the first small word.
std::string short_name(const Words& name) {
  constexpr std::array<std::string_view, 11> kSmall = {"sur", "sous", "le", "la",  "les", "lez",
                                                       "en",  "de",   "du", "des", "d"};
  for (std::size_t i = 1; i < name.size(); ++i)
    if (std::ranges::find(kSmall, name[i]) != kSmall.end()) return phrase_of(name, i);
  return "";
}

// A department ("dans le 93") or a postcode that is not the commune's.
bool of_another(const tenancy::Commune& commune, const Words& words) {
  const auto digits = [](const std::string& word) {
    return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!digits(word)) continue;
    const bool department = word.size() == 2 && i > 0 && words[i - 1] == "le";
    if (!department && word.size() != 5) continue;
    if (std::ranges::none_of(commune.postcodes,
                             [&](const std::string& code) { return code.starts_with(word); }))
      return true;
  }
  return false;
}

bool names_short(const Words& words, const std::string& name) {
  if (name.empty()) return false;
  if (phrase_of(words, words.size()) == name) return true;
  std::string placed;
  for (const std::string_view before :
       {"a", "de", "sur", "vers", "habite", "mairie", "commune", "pour", "ville"})
    placed.append(placed.empty() ? "" : "|").append(before).append(" ").append(name);
  return answer::has_phrase(words, placed);
}

// Where a byte of fold(text) comes from; nothing inside of a letter.
std::optional<std::size_t> unfolded(std::string_view text, std::size_t at) {
  for (std::size_t i = 0; i <= text.size(); ++i)
    if (text::utf8_prefix(text, i).size() == i && text::fold(text.substr(0, i)).size() == at)
      return i;
  return std::nullopt;
}

// Where the words of a name stand in the text, "St Aubin" for "saint aubin": its begin and length.
std::optional<std::pair<std::size_t, std::size_t>> place_of(std::string_view text,
                                                            const std::string& name) {
  const std::vector<text::Word> words = text::words(text);
  const auto count = static_cast<std::size_t>(std::ranges::count(name, ' ')) + 1;
  for (std::size_t i = 0; i + count <= words.size(); ++i) {
    Words said;
    for (std::size_t n = i; n < i + count; ++n) {
      const std::string& word = words[n].folded;
      said.push_back(word == "st" ? "saint" : word == "ste" ? "sainte" : word);
    }
    if (phrase_of(said, count) != name) continue;
    const auto begin = unfolded(text, words[i].begin);
    const auto end = unfolded(text, words[i + count - 1].end);
    if (begin && end) return std::pair(*begin, *end - *begin);
  }
  return std::nullopt;
}

}  // namespace

std::string commune_named(const std::vector<tenancy::Commune>& communes, std::string_view text) {
  const Words words = words_of(text);
  for (const tenancy::Commune& commune : communes) {
    const Words name = words_of(commune.name);
    if (answer::has_phrase(words, phrase_of(name, name.size()))) return commune.insee;
    for (const std::string& code : commune.postcodes)
      if (answer::has_phrase(words, code)) return commune.insee;
  }
  for (const tenancy::Commune& commune : communes)
    if (names_short(words, short_name(words_of(commune.name))) && !of_another(commune, words))
      return commune.insee;
  return "";
}

std::string without_communes(const std::vector<tenancy::Commune>& communes, std::string_view text) {
  std::string out(text);
  for (const tenancy::Commune& commune : communes) {
    const std::string folded = text::fold(out);
    const std::string name = text::fold(commune.name);
    const std::size_t at = folded.find(name);
    if (at == std::string::npos || name.empty()) continue;
    const auto begin = unfolded(out, at), end = unfolded(out, at + name.size());
    if (begin && end) out.erase(*begin, *end - *begin);
  }
  for (const tenancy::Commune& commune : communes) {
    const std::string name = short_name(words_of(commune.name));
    if (!names_short(words_of(out), name)) continue;
    if (const auto place = place_of(out, name)) out.erase(place->first, place->second);
  }
  return text::terms(out).empty() ? std::string(text) : out;
}

std::string without_name(std::string_view text, std::string_view commune) {
  const Words name = words_of(commune);
  std::string out(text);
  if (const auto place = place_of(out, phrase_of(name, name.size())))
    out.erase(place->first, place->second);
  return text::terms(out).empty() ? std::string(text) : out;
}

bool comes_from(std::string_view text, std::string_view commune) {
  const Words name = words_of(commune);
  std::string said;
  for (const std::string_view before :
       {"arrive* de", "arrivons de", "quitte", "quittons", "quitte *", "demenage* de", "avant a",
        "etais a", "etait a", "etions a", "habitai* a", "habitions a", "vivai* a", "vivions a",
        "emmenage* de", "mute* a", "pas a", "plus a"})
    said.append(said.empty() ? "" : "|")
        .append(before)
        .append(" ")
        .append(phrase_of(name, name.size()));
  return answer::has_phrase(words_of(text), said);
}

bool is_commune(const std::vector<tenancy::Commune>& communes, std::string_view text) {
  Words words = words_of(text);
  constexpr std::string_view kBefore =
      "a|de|celle de|est a|est celle de|pour|mairie de|habite a|habite|et a|chez moi a|et chez moi "
      "a|"
      "et chez nous a|et moi a|et ici a|ici a";
  words.erase(words.begin(),
              words.begin() + static_cast<std::ptrdiff_t>(answer::phrase_at_start(words, kBefore)));
  const std::string all = phrase_of(words, words.size());
  return std::ranges::any_of(communes, [&](const tenancy::Commune& commune) {
    const Words name = words_of(commune.name);
    return all == phrase_of(name, name.size()) || (!all.empty() && all == short_name(name));
  });
}

bool lives_there(const std::vector<tenancy::Commune>& communes, std::string_view text) {
  return is_commune(communes, text) ||
         answer::has_phrase(words_of(text),
                            "habite|habites|habitais|habiterais|habitons|on vit|je "
                            "vis|vivons|demeurant|reside|je suis a|je "
                            "suis de|suis installe*|emmenage*");
}

bool asks_the_same(std::string_view text) {
  return answer::has_phrase(words_of(text),
                            "c est pareil|ca change|est ce pareil|et pareil|le meme prix|la meme "
                            "chose|le meme tarif|les memes horaires|les memes regles|pareil a");
}

}  // namespace parvis::dialogue
