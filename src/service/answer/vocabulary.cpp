#include "answer/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

constexpr double kOther = 0.7;  // what another word of the same thing counts for

// Each line: words that a citizen and a sheet use for one thing.
constexpr std::array<std::string_view, 30> kSame = {
    "epoux epouse conjoint mari femme marie",
    "enfant fils fille",
    "concubin compagnon compagne",
    "vivre habiter resider residence",
    "demenager demenagement adresse",
    "voiture vehicule automobile",
    "grise immatriculation",
    "amende contravention pv",
    "salaire paie remuneration",
    "travail emploi boulot job",
    "patron employeur",
    "perdre perdu perte egare",
    "vol vole derobe",
    "papier document piece",
    "deces decede mort mourir",
    "renvoyer licencier licenciement vire",
    "prix tarif cout",
    "toucher percevoir verser versement",
    "louer location loyer bail",
    "bailleur proprietaire",
    "remplacer renouveler renouvellement refaire",
    "ecole scolaire scolarite",
    "annuler resilier resiliation",
    "casse destruction detruire",
    "refus refuser",
    "heriter succession heritage",
    "separer separation divorce",
    "avocat defenseur",
    "internet ligne teleservice",
    "etranger etrangere",
};

// Stems that every sheet has: they tell nothing of what is asked.
constexpr std::array<std::string_view, 10> kEverywhere = {
    "franc", "demand", "demarch", "dossi", "inform", "servic", "person", "cas", "chang", "modif"};

std::unordered_map<std::string, std::vector<std::string>> same_words() {
  std::unordered_map<std::string, std::vector<std::string>> out;
  for (const std::string_view line : kSame) {
    std::vector<std::string> stems;
    for (std::string& stem : text::terms(line))
      if (std::ranges::find(stems, stem) == stems.end()) stems.push_back(std::move(stem));
    for (const std::string& stem : stems)
      for (const std::string& other : stems)
        if (other != stem) out[stem].push_back(other);
  }
  return out;
}

}  // namespace

std::vector<AskedTerm> asked_terms(const std::vector<std::string>& question_terms,
                                   const std::vector<std::string>& title_terms) {
  static const auto kOthers = same_words();
  auto known = [&](const std::string& term) {
    return std::ranges::find(kEverywhere, term) != kEverywhere.end() ||
           std::ranges::find(title_terms, term) != title_terms.end();
  };
  std::vector<AskedTerm> out;
  auto has = [&](const std::string& term) {
    return std::ranges::any_of(out, [&](const AskedTerm& one) { return one.term == term; });
  };
  std::size_t word = 0;
  for (const std::string& term : question_terms)
    if (!has(term)) out.push_back({term, word++, 1, known(term)});
  const std::size_t own = out.size();
  for (std::size_t i = 0; i < own; ++i)
    if (const auto others = kOthers.find(out[i].term); others != kOthers.end())
      for (const std::string& other : others->second)
        if (!has(other)) out.push_back({other, out[i].word, kOther, out[i].known || known(other)});
  return out;
}

}  // namespace parvis::answer
