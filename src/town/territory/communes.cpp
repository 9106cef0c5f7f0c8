#include "territory/communes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <unordered_map>

#include "text/tokens.hpp"

// Lines "insee;name;postcodes;population", as bin/setup makes them.
__asm__(
    ".section .rodata\n"
    "parvis_communes: .incbin \"" PARVIS_COMMUNES
    "\"\nparvis_communes_end: .byte 0\n"
    ".global parvis_communes, parvis_communes_end\n"
    ".previous\n");
extern "C" const char parvis_communes[], parvis_communes_end[];

namespace parvis::territory {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kNameWords = 7;
constexpr unsigned kWellKnown = 30'000;  // inhabitants
constexpr unsigned kKnown = 2000;  // inhabitants: a smaller one is named with "mairie de" or alike

std::string_view next(std::string_view& rest, char end) {
  const std::size_t at = std::min(rest.find(end), rest.size());
  const std::string_view out = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return out;
}

std::vector<Commune> read() {
  std::vector<Commune> out;
  std::string_view all(parvis_communes, parvis_communes_end);
  while (!all.empty()) {
    std::string_view line = next(all, '\n');
    Commune commune;
    commune.insee = next(line, ';');
    commune.name = next(line, ';');
    commune.postcodes = next(line, ';');
    std::from_chars(line.data(), line.data() + line.size(), commune.population);
    if (!commune.name.empty()) out.push_back(commune);
  }
  return out;
}

// A name as it is compared: "saint aubin sur orle". Elided articles go, as text::words cuts them.
std::string comparable(std::string_view name) {
  std::string out;
  for (const text::Word& word : text::words(name)) {
    std::string_view folded = word.folded;
    if (folded == "st") folded = "saint";
    if (folded == "ste") folded = "sainte";
    out.append(out.empty() ? "" : " ").append(folded);
  }
  return out;
}

const std::unordered_map<std::string, Commune>& by_name() {
  static const auto all = [] {
    std::unordered_map<std::string, Commune> out;
    for (const Commune& commune : communes()) {
      const auto [at, fresh] = out.emplace(comparable(commune.name), commune);
      if (!fresh && at->second.population < commune.population) at->second = commune;
    }
    return out;
  }();
  return all;
}

// Names that are words of everyday French, or first names: those of one word that the official
// pages or messages of citizens have without a capital, and a few more.
constexpr std::array kWords = {
    "sens"sv,        "mer"sv,           "die"sv,         "bourg"sv,       "lens"sv,
    "orange"sv,      "vire"sv,          "tours"sv,       "albert"sv,      "roman"sv,
    "vie"sv,         "part"sv,          "mode"sv,        "lure"sv,        "ham"sv,
    "apt"sv,         "gap"sv,           "eu"sv,          "uzes"sv,        "aime"sv,
    "rue"sv,         "poix"sv,          "laval"sv,       "condom"sv,      "marche"sv,
    "marches"sv,     "salon"sv,         "cantal"sv,      "nord"sv,        "france"sv,
    "paix"sv,        "port"sv,          "ville"sv,       "maison"sv,      "saint"sv,
    "temple"sv,      "charge"sv,        "place"sv,       "grand"sv,       "le mans"sv,
    "la creche"sv,   "la garde"sv,      "le port"sv,     "la tour"sv,     "la roche"sv,
    "la chapelle"sv, "terme"sv,         "nice"sv,        "hyeres"sv,      "bron"sv,
    "givors"sv,      "romain"sv,        "vienne"sv,      "corps"sv,       "fait"sv,
    "y"sv,           "lit"sv,           "faux"sv,        "bon"sv,         "pont"sv,
    "moins"sv,       "louer"sv,         "venir"sv,       "titre"sv,       "charges"sv,
    "change"sv,      "son"sv,           "cours"sv,       "frais"sv,       "ligne"sv,
    "contre"sv,      "celle"sv,         "moyen"sv,       "simple"sv,      "aucun"sv,
    "parent"sv,      "celles"sv,        "lies"sv,        "mars"sv,        "vue"sv,
    "plan"sv,        "long"sv,          "mere"sv,        "ecole"sv,       "relevant"sv,
    "pere"sv,        "avril"sv,         "vers"sv,        "force"sv,       "marie"sv,
    "maire"sv,       "hommes"sv,        "loue"sv,        "serez"sv,       "cesse"sv,
    "bonne"sv,       "seuil"sv,         "centres"sv,     "creances"sv,    "appelle"sv,
    "degre"sv,       "tierce"sv,        "courant"sv,     "signes"sv,      "portes"sv,
    "servant"sv,     "fins"sv,          "parce"sv,       "armes"sv,       "don"sv,
    "urs"sv,         "issus"sv,         "francs"sv,      "ur"sv,          "suisse"sv,
    "murs"sv,        "termes"sv,        "jardin"sv,      "routier"sv,     "publier"sv,
    "salles"sv,      "plaisance"sv,     "linge"sv,       "jure"sv,        "confort"sv,
    "maisons"sv,     "bois"sv,          "lourde"sv,      "monnaie"sv,     "villes"sv,
    "jury"sv,        "marques"sv,       "bonnes"sv,      "bus"sv,         "avion"sv,
    "barre"sv,       "plats"sv,         "feux"sv,        "engins"sv,      "combles"sv,
    "branches"sv,    "campagne"sv,      "rouge"sv,       "routes"sv,      "bar"sv,
    "aire"sv,        "precieux"sv,      "fille"sv,       "lacs"sv,        "viviez"sv,
    "rang"sv,        "montagne"sv,      "bains"sv,       "talon"sv,       "lutter"sv,
    "collegien"sv,   "nuits"sv,         "caves"sv,       "chemin"sv,      "lance"sv,
    "choisies"sv,    "teneur"sv,        "dangers"sv,     "poissons"sv,    "courtes"sv,
    "borne"sv,       "rivieres"sv,      "vert"sv,        "servies"sv,     "gras"sv,
    "vieux"sv,       "monte"sv,         "vitre"sv,       "beaux"sv,       "champs"sv,
    "brusque"sv,     "epargnes"sv,      "poses"sv,       "pierres"sv,     "cultures"sv,
    "croix"sv,       "recourt"sv,       "poisson"sv,     "serres"sv,      "doux"sv,
    "bars"sv,        "cars"sv,          "colonne"sv,     "lue"sv,         "ponts"sv,
    "sure"sv,        "cuve"sv,          "fosses"sv,      "chapeau"sv,     "aiguilles"sv,
    "pure"sv,        "lentilles"sv,     "couture"sv,     "mouton"sv,      "puits"sv,
    "four"sv,        "bans"sv,          "pelouse"sv,     "planches"sv,    "jumeaux"sv,
    "marin"sv,       "citerne"sv,       "marines"sv,     "ramasse"sv,     "romans"sv,
    "gars"sv,        "bidon"sv,         "fosse"sv,       "etais"sv,       "bu"sv,
    "riviere"sv,     "sache"sv,         "peintre"sv,     "marre"sv,       "job"sv,
    "boulot"sv,      "chateau"sv,       "bras"sv,        "viens"sv,       "hopital"sv,
    "union"sv,       "la machine"sv,    "la montagne"sv, "la force"sv,    "la planche"sv,
    "la terrasse"sv, "la possession"sv, "la couture"sv,  "la couronne"sv, "la flotte"sv,
    "la riche"sv};
// Large enough to be meant after "à" although the name is a word.
constexpr std::array kAfterA = {"nice"sv, "tours"sv,  "lens"sv,   "laval"sv,  "le mans"sv, "gap"sv,
                                "bron"sv, "hyeres"sv, "vienne"sv, "givors"sv, "albert"sv};

constexpr std::array kSure = {"mairie"sv,     "commune"sv,    "mairie de"sv,   "ville de"sv,
                              "commune de"sv, "habite"sv,     "habite a"sv,    "habitons"sv,
                              "habitons a"sv, "vis a"sv,      "domicilie a"sv, "domiciliee a"sv,
                              "reside a"sv,   "residant a"sv, "installe a"sv,  "mairie a"sv};
constexpr std::array kLives = {"habite"sv, "habitons"sv};
constexpr std::array kNoProof = {"mairie"sv, "commune"sv, "mairie a"sv};  // before a word
constexpr std::array kPlace = {"a"sv, "sur"sv, "pres de"sv, "vers"sv};

bool holds(const auto& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

bool preceded(const std::vector<std::string>& words, std::size_t at, const auto& phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    const std::size_t count = 1 + static_cast<std::size_t>(std::ranges::count(phrase, ' '));
    if (count > at) return false;
    std::string before;
    for (std::size_t i = at - count; i < at; ++i)
      before.append(before.empty() ? "" : " ").append(words[i]);
    return before == phrase;
  });
}

bool postcode(std::string_view word) {
  return word.size() == 5 && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const std::vector<Commune>& communes() {
  static const std::vector<Commune> all = read();
  return all;
}

std::vector<Commune> at_postcode(std::string_view code) {
  std::vector<Commune> out;
  if (!postcode(code)) return out;
  for (const Commune& commune : communes())
    if (commune.postcodes.contains(code)) out.push_back(commune);
  return out;
}

std::optional<Commune> commune_in(std::string_view text) {
  std::vector<std::string> words;
  for (text::Word& word : text::words(text)) words.push_back(std::move(word.folded));
  for (std::string& word : words)
    if (word == "st" || word == "ste") word = word == "st" ? "saint" : "sainte";
  const auto& names = by_name();
  for (std::size_t at = 1; at < words.size(); ++at) {
    const bool sure = preceded(words, at, kSure);
    const bool of = words[at - 1] == "de";  // "la piscine de Rennes", of a town that is well known
    if (!sure && !of && !preceded(words, at, kPlace)) continue;
    std::string name;
    std::optional<Commune> longest;
    for (std::size_t i = at; i < words.size() && i < at + kNameWords; ++i) {
      name.append(name.empty() ? "" : " ").append(words[i]);
      const auto found = names.find(name);
      if (found == names.end()) continue;
      const bool word = holds(kWords, name);
      // "On habite le quartier", "j'habite place de la Halle": in a town one lives "à" or "au".
      const bool article = words[at] == "le" || words[at] == "la" || words[at] == "les";
      if ((article || word) && preceded(words, at, kLives) && found->second.population < kWellKnown)
        continue;
      // "Un courrier de la mairie à son nom" is of no town.
      if (word && preceded(words, at, kNoProof) && found->second.population < kWellKnown) continue;
      if (sure || (found->second.population >= (of ? kWellKnown : kKnown) &&
                   (!word || (!of && holds(kAfterA, name)))))
        longest = found->second;
    }
    if (longest) return longest;
  }
  for (const std::string& word : words) {
    const std::vector<Commune> there = at_postcode(word);
    if (!there.empty())
      return *std::ranges::max_element(there, {}, [](const Commune& c) { return c.population; });
  }
  return std::nullopt;
}

}  // namespace parvis::territory
