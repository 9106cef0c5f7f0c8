#include "answer/whose.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "answer/phrases.hpp"

namespace parvis::answer {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kOwn = "je|j|moi|me|m";
constexpr std::string_view kOthers =
    "lui|elle|elles|eux|leur|leurs|mon copain|ma copine|mon mari|ma femme|mon conjoint|ma "
    "conjointe|"
    "mon compagnon|ma compagne|mon ami|mon amie|mon fiance|ma fiancee|mon fils|ma fille|mes "
    "enfants|"
    "mon enfant|mon bebe|mon pere|ma mere|mes parents|mon frere|ma soeur|mon epoux|mon epouse|"
    "mon cousin|ma cousine|mon neveu|ma niece|mon oncle|ma tante|mon beau|ma belle|mon petit|"
    "ma petite|mon grand|ma grand";
// "Il" that is somebody: it does, has or is what people do.
constexpr std::string_view kHe =
    "il doit|il peut|il veut|il a|il est|il habite|il vit|il travaille|il fournit|il demande|"
    "ils doivent|ils peuvent|ils ont|ils sont|ils habitent|ils vivent";
constexpr std::string_view kNobody = "il est possible|il est obligatoire|il a fallu|il a lieu";

// People one meets, and for whom one does not ask.
constexpr std::string_view kOpposite =
    "voisin|voisine|voisins|voisines|proprietaire|proprietaires|proprio|bailleur|locataire|"
    "locataires|colocataire|colocataires|employeur|patron|patronne|chef|ex|artisan|garagiste|"
    "vendeur|syndic|agence|jeunes|gens|quelquun";
constexpr std::string_view kPronoun = "il|elle|ils|elles";
constexpr std::string_view kOwnSubject = "je|j|on|nous|moi";
// Before a person, these say that somebody else does it: "vivre chez mon voisin".
constexpr std::string_view kWith =
    "a|au|aux|avec|chez|contre|de|du|des|d|entre|par|pour|sans|sur|vers|etre|suis|sommes";
constexpr std::string_view kDeterminer = "mon|ma|mes|le|la|les|l|notre|nos|un|une|cet|cette|ces";

// A text in parts that tell of one person each: at stops, and where "et" goes over to the other.
std::vector<Words> parts(std::string_view text) {
  std::vector<Words> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(".,;:!?()\n"), text.size());
    Words part;
    const Words words = folded_words(text.substr(0, end));
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool joins = words[i] == "et" || words[i] == "mais";
      const Words next(words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), i + 3)));
      if (joins && !part.empty() &&
          starts_with_phrase(next, "moi|je|j|lui|elle|il|mon|ma|mes|pour moi|pour lui|pour elle")) {
        out.push_back(std::move(part));
        part.clear();
      }
      part.push_back(words[i]);
    }
    if (!part.empty()) out.push_back(std::move(part));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Whose whose(const Words& words) {
  const bool own = has_phrase(words, kOwn);
  const bool others =
      has_phrase(words, kOthers) || (has_phrase(words, kHe) && !has_phrase(words, kNobody));
  if (own == others) return Whose::unsaid;
  return own ? Whose::own : Whose::others;
}

std::string joined(const Words& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

bool is(const std::string& word, std::string_view alternatives) {
  return has_phrase({word}, alternatives);
}

// Somebody who is told of begins at this word, as the one who does what follows.
bool begins_with_another(const Words& words, std::size_t at, bool known) {
  if (known && is(words[at], kPronoun)) return true;
  if (!is(words[at], kOpposite)) return false;
  while (at > 0 && is(words[at - 1], kDeterminer)) --at;
  return at == 0 || !is(words[at - 1], kWith);
}

}  // namespace

Whose whose(std::string_view text) { return whose(folded_words(text)); }

Described described_for(Whose person, std::string_view text) {
  Described out = describe(text);
  if (person == Whose::unsaid) return out;
  std::vector<Trait> wanted, unwanted;
  for (const Words& part : parts(text)) {
    const Whose of = whose(part);
    if (of == Whose::unsaid) continue;
    for (Trait& trait : describe(joined(part)).traits)
      (of == person ? wanted : unwanted).push_back(std::move(trait));
  }
  const auto tells = [](const std::vector<Trait>& all, const Trait& trait, bool the_same) {
    return std::ranges::any_of(all, [&](const Trait& each) {
      return each.family == trait.family && (!the_same || each.name == trait.name);
    });
  };
  std::erase_if(out.traits, [&](const Trait& trait) {
    return tells(unwanted, trait, true) && tells(wanted, trait, false) &&
           !tells(wanted, trait, true);
  });
  return out;
}

std::string done_by_others(std::string_view text) {
  Words out;
  bool known = false;
  for (const Words& part : parts(text)) {
    bool another = false;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (begins_with_another(part, i, known)) {
        known = another = true;
      } else if (is(part[i], kOwnSubject)) {
        another = false;
      } else if (another) {
        out.push_back(part[i]);
      }
    }
  }
  return joined(out);
}

bool speaks_to_the_doer(std::string_view heading) {
  return starts_with_phrase(folded_words(heading), "vous|si vous|lorsque vous|quand vous");
}

}  // namespace parvis::answer
