#include "answer/traits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "answer/phrases.hpp"
#include "text/normalise.hpp"
#include "text/tokens.hpp"

// The words that name a situation are few and stable in administrative French; each trait lists how
// citizens and titles say it, as phrases (phrases.hpp: "à l'étranger" is "a etranger"). Everything
// a trait does not name is matched by the stems of the title itself.

namespace parvis::answer {
namespace {

using namespace std::string_view_literals;

struct Pattern {
  Family family;
  std::string_view name;
  std::string_view words;
};

constexpr std::array kPatterns = {
    Pattern{Family::age, "minor",
            "mineur*|mon fils|ma fille|mon enfant|mes enfants|son enfant|notre enfant|bebe|"
            "nourrisson|nouveau ne|mon ado*|pour enfant"},
    Pattern{Family::age, "adult", "majeur*|adulte*|pour moi|et moi|moi aussi"},
    Pattern{
        Family::place, "abroad",
        "a etranger|depuis etranger|expatrie*|hors de france|consulat*|ambassade*|dans autre pays|"
        "dans un autre pays|francais de etranger"},
    Pattern{Family::place, "europe", "en europe|pays europeen|etat europeen"},
    Pattern{Family::place, "france", "en france|dans hexagone|sur territoire francais"},
    Pattern{
        Family::nationality, "french",
        "etes francais*|suis _ francais*|sommes francais*|nationalite francaise|parent francais|"
        "conjoint francais|enfant francais|mari francais|femme francaise|epoux francais|"
        "pour un francais|pour une francaise|pour les francais"},
    Pattern{Family::nationality, "european",
            "europeen|europeenne|europeens|citoyen ue|ressortissant ue|citoyen europeen"},
    Pattern{Family::nationality, "foreigner",
            "etes etranger*|suis _ etranger*|sommes etranger*|nationalite etrangere|ressortissant "
            "etranger|pour un etranger|pour une etrangere|pour les etrangers|"
            "non europeen|algerien*|marocain*|tunisien*|titre de sejour|carte de sejour"},
    Pattern{Family::couple, "married",
            "marie|mariee|maries|mariees|mon mari|ma femme|"
            "mon epouse|mon epoux|couple marie"},
    Pattern{Family::couple, "pacs", "pacs|pacse|pacsee|pacses|pacsees"},
    Pattern{Family::couple, "cohabiting",
            "concubin*|concubinage|union libre|mon compagnon|ma compagne"},
    Pattern{Family::couple, "single", "celibataire*|vis seul*|vivez seul*|parent isole|mere seule"},
    Pattern{Family::couple, "divorced", "divorce|divorcee|divorces"},
    Pattern{Family::couple, "widowed", "veuf|veuve|veuvage"},
    Pattern{Family::housing, "tenant",
            "locataire*|mon proprietaire|mon bailleur|je loue|mon loyer|vous louez"},
    Pattern{Family::housing, "owner",
            "proprietaire|proprietaires|mon locataire|bailleur|je suis bailleur"},
    Pattern{Family::work, "civil servant",
            "fonctionnaire*|fonction publique|agent public|titulaire de la fonction publique"},
    Pattern{Family::work, "contract agent", "contractuel*|agent contractuel"},
    Pattern{Family::work, "employee",
            "salarie|salariee|salaries|secteur prive|mon patron|mon employeur"},
    Pattern{Family::work, "self-employed",
            "auto entrepreneur*|autoentrepreneur*|micro entrepreneur*|independant*|artisan*|"
            "profession liberale|travailleur non salarie|commercant*"},
    Pattern{Family::work, "jobseeker",
            "demandeur emploi|au chomage|chomeur*|inscrit a pole emploi|sans emploi"},
    Pattern{Family::work, "student", "etudiant*"},
    Pattern{Family::work, "retired", "retraite|retraitee|retraites"},
    Pattern{Family::employer, "state", "fpe|fonction publique etat|ministere*"},
    Pattern{Family::employer, "territorial",
            "fpt|territorial*|collectivite*|agent de mairie|travaille a mairie|agent communal"},
    Pattern{Family::employer, "hospital", "fph|hospitalier*|hopital|hopitaux|infirmier*"},
    Pattern{Family::occasion, "first", "premiere demande|premiere fois|1re demande|1ere demande"},
    Pattern{Family::occasion, "renewal", "renouvel*"},
    Pattern{Family::occasion, "loss", "perdu*|perte|egare*"},
    Pattern{Family::occasion, "theft", "vol|vole|volee|voles|volees|derobe*"},
    Pattern{Family::occasion, "damage",
            "abime*|deteriore*|deterioration|casse|cassee|casses|cassees|brule*|detruit*"},
    Pattern{Family::validity, "expired", "perime*|expire|expiree|expires|depasse|plus valable"},
    Pattern{Family::validity, "valid", "valide|valides|en cours de validite|encore valable"},
    Pattern{Family::channel, "online", "en ligne|sur internet|par internet|teleservice"},
    Pattern{Family::channel, "post", "par courrier|par correspondance|par voie postale|par poste"},
    Pattern{Family::channel, "on site", "sur place|au guichet|a guichet"},
    Pattern{Family::channel, "phone", "par telephone"},
    Pattern{Family::life, "birth", "naissance|ne en|nee en|nes en"},
    Pattern{Family::life, "marriage", "mariage"},
    Pattern{Family::life, "death",
            "deces|decede*|est morte|sont morts|pere est mort|mari est mort|fils est mort|frere "
            "est mort|oncle est mort"},
    Pattern{Family::scene, "home",
            "a domicile|a son domicile|a la maison|a maison|chez lui|chez elle|chez moi|chez nous|"
            "chez eux|dans son lit"},
    Pattern{Family::scene, "institution",
            "a la maison de retraite|en maison de retraite|maison de retraite|hopital|hopitaux|"
            "clinique|ehpad|en etablissement"},
    Pattern{Family::scene, "street", "sur la voie publique|voie publique|dans la rue"},
};

constexpr std::array kNegations = {"pas"sv,    "sans"sv, "aucun"sv, "aucune"sv,
                                   "jamais"sv, "ni"sv,   "hors"sv,  "non"sv};
constexpr std::size_t kNegationReach = 4;  // words after the negation that it denies

constexpr std::string_view kHas = "est|sont|suis|es|etes|ai|a|as|ont|avons|avez|etait";

// Before a number of years: it is a length of time, no age.
constexpr std::array kElapsed = {
    "depuis"sv,     "pendant"sv, "expiration"sv, "perime"sv,      "perimee"sv,  "validite"sv,
    "anciennete"sv, "duree"sv,   "valable"sv,    "service"sv,     "services"sv, "apres"sv,
    "contrat"sv,    "bail"sv,    "vehicule"sv,   "date"sv,        "mariage"sv,  "mariee"sv,
    "marie"sv,      "permis"sv,  "logement"sv,   "construction"sv};
constexpr std::size_t kElapsedReach = 5;

// "Né en Algérie", "nous vivons au Maroc": abroad. A trip there is not.
constexpr std::string_view kDwells =
    "ne|nee|nes|nees|vis|vit|vivons|vivent|habite|habitent|habitons|reside|residons|residant|"
    "installe|installee|installes|domicilie|domiciliee|expatrie|naissance|mariage celebre";
constexpr std::string_view kEurope =
    "portugal|espagne|italie|belgique|suisse|allemagne|angleterre|royaume uni|luxembourg|pologne|"
    "roumanie|irlande|pays bas|grece|autriche|danemark|suede|norvege|finlande|hongrie|bulgarie|"
    "londres|bruxelles|geneve|lisbonne|porto|madrid|barcelone|rome|milan|berlin";
constexpr std::string_view kCountries =
    "algerie|maroc|tunisie|senegal|mali|cote d ivoire|cote ivoire|cameroun|congo|canada|quebec|"
    "etats unis|usa|chine|turquie|bresil|vietnam|russie|ukraine|madagascar|guinee|benin|togo|gabon|"
    "haiti|inde|liban|syrie|egypte|japon|australie|mauritanie|comores|niger|tchad|afghanistan|"
    "mexique|thailande|israel|serbie|kosovo|albanie|alger|oran|constantine|casablanca|rabat|tunis|"
    "dakar|bamako|abidjan|yaounde|douala|kinshasa|istanbul|ankara|beyrouth|pekin|montreal|new york";

using Words = std::vector<std::string>;

// "Au Maroc" from this word on: "abroad"; "en Espagne": "europe".
std::string_view in_country(const Words& words, std::size_t i) {
  if (i + 1 >= words.size()) return "";
  const std::string_view in = words[i];
  if (in != "en" && in != "au" && in != "aux" && in != "a") return "";
  const Words place(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
  return starts_with_phrase(place, kEurope)      ? "europe"
         : starts_with_phrase(place, kCountries) ? "abroad"
                                                 : "";
}

// Before a word of a country that says what somebody is: "mon copain est brésilien". A restaurant
// or a car is of one too.
constexpr std::string_view kSomebodyIs =
    "suis|es|est|etes|sommes|sont|etre|etait|moi|lui|elle|nationalite|citoyen*|ressortissant*|mari|"
    "femme|epoux|epouse|conjoint*|compagnon|compagne|copain|copine|ami|amie|fiance*|mere|pere|"
    "parents|fils|fille|etudiant*";
constexpr std::string_view kFrench = "francais|francaise|francaises";
// Of the European Union, the European Economic Area and Switzerland.
constexpr std::string_view kEuropeans =
    "allemand*|autrichien*|belge*|bulgare*|chypriote*|croate*|danois*|espagnol*|estonien*|"
    "finlandais*|grec|grecs|grecque*|hongrois*|irlandais*|islandais*|italien*|letton*|lituanien*|"
    "luxembourgeois*|maltais*|neerlandais*|hollandais*|norvegien*|polonais*|portugais*|roumain*|"
    "slovaque*|slovene*|suedois*|suisse*|tcheque*";
constexpr std::string_view kForeigners =
    "afghan*|albanais*|algerien*|americain*|anglais*|angolais*|argentin*|armenien*|australien*|"
    "azerbaidjanais*|bangladais*|beninois*|bielorusse*|bolivien*|bresilien*|britannique*|burkinabe*"
    "|"
    "cambodgien*|camerounais*|canadien*|capverdien*|centrafricain*|chilien*|chinois*|colombien*|"
    "comorien*|congolais*|coreen*|cubain*|djiboutien*|dominicain*|egyptien*|equatorien*|erythreen*|"
    "ethiopien*|gabonais*|georgien*|ghaneen*|guineen*|haitien*|indien*|indonesien*|irakien*|"
    "iranien*|israelien*|ivoirien*|japonais*|kosovar*|libanais*|libyen*|malgache*|malien*|"
    "marocain*|mauricien*|mauritanien*|mexicain*|moldave*|mongol*|nepalais*|nigerian*|nigerien*|"
    "pakistanais*|palestinien*|peruvien*|philippin*|russe*|rwandais*|senegalais*|serbe*|"
    "somalien*|soudanais*|srilankais*|syrien*|tchadien*|thailandais*|togolais*|tunisien*|turc|"
    "turcs|"
    "turque*|ukrainien*|uruguayen*|venezuelien*|vietnamien*";

// What somebody is said to be: each of those that are named. stems: empty where a word tells
// nothing.
void read_nationalities(const Words& words, const std::vector<bool>& denied,
                        const std::vector<std::string>& stems, std::vector<Trait>& out) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kAll = {
      {{kFrench, "french"}, {kEuropeans, "european"}, {kForeigners, "foreigner"}}};
  constexpr std::string_view kBetween = "pas|aussi|tous|toutes|deux|plus|toujours|devenu*";
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::size_t before = i - 1;
    while (before > 0 && starts_with_phrase({words[before]}, kBetween)) --before;
    if (!starts_with_phrase({words[before]}, kSomebodyIs)) continue;
    for (const auto& [called, name] : kAll)
      if (starts_with_phrase({words[i]}, called) &&
          std::ranges::none_of(out, [&](const Trait& trait) {
            return trait.family == Family::nationality && trait.name == name;
          }))
        out.push_back({Family::nationality, name, denied[i],
                       stems[i].empty() ? std::vector<std::string>{} : std::vector{stems[i]}});
  }
}

bool dwells_abroad(const Words& words) {
  for (std::size_t i = 0; i + 2 < words.size(); ++i)
    if (starts_with_phrase({words[i]}, kDwells) && !in_country(words, i + 1).empty()) return true;
  return false;
}

std::optional<double> number(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

constexpr double kNoLimit = 1e9;

// Before an age: "j'ai 16 ans", "de 8 ans", "mon fils, 12 ans". Other years are a length of time.
constexpr std::string_view kOfAge =
    "ai|a|as|ont|avait|aura|avoir|eu|de|des|age*|environ|bientot|presque|plus|moins|apres|avant|"
    "jusqu|fils*|fille*|enfant*|bebe|petit*|garcon|ado|jeune|frere|soeur|pere|mere|papa|maman|mari|"
    "femme|homme|dame|personne|neveu|niece|mineur*|majeur*";

void read_quantities(const Words& words, std::vector<Quantity>& out) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto first = number(words[i]);
    if (!first) continue;
    Quantity q{*first, *first, "", false};
    std::size_t at = i + 1;
    if ((words[at] == "et" || words[at] == "a") && at + 2 < words.size() && number(words[at + 1])) {
      q.high = *number(words[at + 1]);
      at += 2;
    }
    if (at >= words.size() || words[at].size() < 2) continue;
    q.unit = text::stem(words[at]);
    auto before = [&](std::size_t n) { return i >= n ? std::string_view(words[i - n]) : ""sv; };
    if (q.low == q.high) {
      const bool after_plus =
          at + 2 < words.size() && words[at + 1] == "et" && words[at + 2] == "plus";
      if (before(1) == "avant" || (before(1) == "de" && before(2) == "moins")) {
        q.low = 0;
        q.high -= 0.001;
      } else if ((before(1) == "de" &&
                  (before(2) == "plus" || before(2) == "partir" || before(2) == "dela")) ||
                 before(1) == "des" || before(1) == "apres" || after_plus) {
        q.low += before(2) == "plus" ? 0.001 : 0;
        q.high = kNoLimit;
      } else if (before(1) == "de" && i == 1) {  // "+ de 5 ans": the sign is no word
        q.low += 0.001;
        q.high = kNoLimit;
      } else if (before(1) == "jusqu" || (before(1) == "a" && before(2) == "jusqu")) {
        q.low = 0;
      }
    }
    for (std::size_t n = 1; n <= kElapsedReach && n <= i; ++n)
      if (std::ranges::find(kElapsed, before(n)) != kElapsed.end()) q.elapsed = true;
    if (i >= 2 && before(1) == "a" && before(2) == "y") q.elapsed = true;  // "il y a 3 ans"
    if (at + 1 < words.size() && words[at + 1] == "apres")
      q.elapsed = true;  // "2 ans après l'achat"
    if (i > 0 && q.low == q.high && !starts_with_phrase({words[i - 1]}, kOfAge)) q.elapsed = true;
    out.push_back(q);
    i = at;
  }
}

// "1er", "2e", "troisième": which one it is of several.
std::optional<double> rank(const std::string& word) {
  constexpr std::array kRanks = {"premier"sv,   "deuxieme"sv,  "troisieme"sv,
                                 "quatrieme"sv, "cinquieme"sv, "sixieme"sv};
  const auto digits = std::ranges::find_if(word, [](char c) { return c < '0' || c > '9'; });
  const std::string_view ending(digits, word.end());
  if (digits != word.begin() &&
      (ending == "e" || ending == "er" || ending == "ere" || ending == "re" || ending == "eme"))
    return number({word.begin(), digits});
  if (word == "premiere") return 1;
  if (word == "second" || word == "seconde") return 2;
  const auto at = std::ranges::find(kRanks, std::string_view(word));
  return at == kRanks.end() ? std::nullopt
                            : std::optional(1.0 + static_cast<double>(at - kRanks.begin()));
}

// Of "mon 2e enfant", "du 1er, 2e ou 3e changement": all of them in one. A day ("le 1er mai") is
// none.
void read_ranks(const Words& words, std::vector<Quantity>& out) {
  constexpr std::string_view kBefore =
      "le|la|du|un|une|mon|ma|mes|son|sa|notre|votre|leur|est|c|et|a|de|au";
  constexpr std::string_view kNoMatter =
      "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|fois|"
      "demande|etage|temps|ou|et|arrondissement|classe";
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const auto first = rank(words[i]);
    if (!first || !starts_with_phrase({words[i - 1]}, kBefore)) continue;
    Quantity q{*first, *first, std::string(kRank), false};
    for (; i + 2 < words.size(); ++i) {
      const std::size_t next = i + (words[i + 1] == "ou" || words[i + 1] == "et" ? 2 : 1);
      const auto more = next < words.size() ? rank(words[next]) : std::nullopt;
      if (!more) break;
      q.high = std::max(q.high, *more);
      q.low = std::min(q.low, *more);
      i = next - 1;
    }
    if (!starts_with_phrase({words[i + 1]}, kNoMatter)) out.push_back(q);
  }
}

// AB-123-CD since 2009, 123 AB 45 before.
std::string_view plate(const Words& words, std::size_t i) {
  std::string all, shape;
  for (std::size_t n = i; n < std::min(words.size(), i + 3); ++n) {
    all.append(words[n]);
    shape.clear();
    for (const char c : all) shape.push_back(c >= '0' && c <= '9' ? '9' : 'a');
    if (shape == "aa999aa") return "new";
    const std::size_t letters = shape.find('a');
    const std::size_t digits = letters == std::string::npos ? letters : shape.find('9', letters);
    if (digits == std::string::npos || shape.find('a', digits) != std::string::npos) continue;
    const std::size_t in_between = digits - letters;
    if (letters >= 2 && letters <= 4 && in_between >= 2 && in_between <= 3 &&
        shape.size() - digits == 2)
      return "old";
  }
  return "";
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

bool has_trait(const Described& text, Family family, std::string_view name) {
  return std::ranges::any_of(text.traits, [&](const Trait& trait) {
    return trait.family == family && trait.name == name && !trait.denied;
  });
}

// The title has traits of a family of which only other ones are said.
template <typename Counts>
bool contradicts_in(const Described& title, const Described& said, Counts counts) {
  const auto affirmed = [](const Described& text, Family family, auto matches) {
    return std::ranges::any_of(text.traits, [&](const Trait& trait) {
      return trait.family == family && !trait.denied && matches(trait);
    });
  };
  return std::ranges::any_of(title.traits, [&](const Trait& trait) {
    if (trait.denied || !counts(trait.family)) return false;
    const auto any = [](const Trait&) { return true; };
    const auto in_title = [&](const Trait& other) {
      return affirmed(title, trait.family,
                      [&](const Trait& own) { return own.name == other.name; });
    };
    return affirmed(said, trait.family, any) && !affirmed(said, trait.family, in_title);
  });
}

// Of a short title that names several things, one of which is enough.
std::vector<std::vector<std::string>> alternatives_of(std::string_view text) {
  constexpr std::size_t kTitle = 80, kOfOne = 2;  // bytes; stems
  const std::string folded = text::fold(text);
  if (folded.size() > kTitle || (!folded.contains(" ou ") && !folded.contains(", "))) return {};
  std::vector<std::vector<std::string>> out;
  for (std::string_view rest = folded; !rest.empty();) {
    const std::size_t comma = rest.find(", "), ou = rest.find(" ou ");
    const std::size_t end = std::min({comma, ou, rest.size()});
    out.push_back(text::terms(rest.substr(0, end)));
    if (out.back().empty() || out.back().size() > kOfOne) return {};
    rest.remove_prefix(std::min(rest.size(), end + (ou < comma ? 4 : 2)));
  }
  return out.size() > 1 ? out : std::vector<std::vector<std::string>>{};
}

// The same in the unit of the other: 14 months for "moins de 2 ans". Ages are said in years.
std::optional<Quantity> in_unit_of(const Quantity& range, Quantity said) {
  if (said.elapsed != range.elapsed) return std::nullopt;
  if (said.unit == range.unit) return said;
  const auto months = [](std::string_view unit) {
    return unit == "an" ? 12.0 : unit == "mois" ? 1 : 0;
  };
  const double of = months(said.unit), into = months(range.unit);
  if (!said.elapsed || of == 0 || into == 0) return std::nullopt;
  said.low *= of / into;
  said.high *= of / into;
  return said;
}

bool is_age(const Quantity& quantity) { return quantity.unit == "an" && !quantity.elapsed; }

bool happens(const Described& text) {
  return has_trait(text, Family::occasion, "loss") || has_trait(text, Family::occasion, "theft");
}

}  // namespace

Described describe(std::string_view text) {
  Described out;
  const Words words = folded_words(text);
  out.words = words.size();
  std::vector<bool> denied(words.size(), false);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (std::ranges::find(kNegations, std::string_view(words[i])) != kNegations.end())
      for (std::size_t j = i + 1; j < std::min(words.size(), i + 1 + kNegationReach); ++j)
        denied[j] = true;
  // "N'est plus valide"; but "plus de trois ans" denies nothing.
  for (std::size_t i = 1; i + 1 < words.size(); ++i)
    if (words[i] == "plus" && starts_with_phrase({words[i - 1]}, kHas) && words[i + 1] != "de")
      denied[i + 1] = true;
  std::vector<std::string> stems(words.size());  // empty where a word tells nothing
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (text::is_stop_word(words[i])) continue;
    std::string stem = text::stem(words[i]);
    if (stem == "franc") continue;  // France and French: a trait tells them apart
    stems[i] = denied[i] ? "!" + stem : stem;
    out.stems.push_back(stems[i]);
  }
  out.alternatives = alternatives_of(text);
  std::vector<Place> places;
  for (const Pattern& pattern : kPatterns) {
    const auto place = find_phrase(words, pattern.words);
    if (!place) continue;
    // "Mon propriétaire" is what a tenant says: the longer phrase is heard.
    bool inside = false;
    for (std::size_t i = 0; i < out.traits.size(); ++i)
      inside = inside || (out.traits[i].family == pattern.family &&
                          places[i].begin <= place->begin && place->end <= places[i].end);
    if (inside) continue;
    for (std::size_t i = out.traits.size(); i-- > 0;)
      if (out.traits[i].family == pattern.family && place->begin <= places[i].begin &&
          places[i].end <= place->end) {
        out.traits.erase(out.traits.begin() + static_cast<std::ptrdiff_t>(i));
        places.erase(places.begin() + static_cast<std::ptrdiff_t>(i));
      }
    places.push_back(*place);
    Trait trait{pattern.family, pattern.name, denied[place->begin], {}};
    for (std::size_t i = place->begin; i < place->end; ++i)
      if (!stems[i].empty()) trait.stems.push_back(stems[i]);
    out.traits.push_back(std::move(trait));
  }
  read_nationalities(words, denied, stems, out.traits);
  if (dwells_abroad(words)) {
    std::erase_if(out.traits, [](const Trait& t) { return t.family == Family::place; });
    out.traits.push_back({Family::place, "abroad"sv, false, {}});
  }
  // Who leaves for it on Tuesday was not there yet.
  constexpr std::string_view kLeaves =
      "pars|part|partons|partir|vais|va|allons|aller|irai|irons|voyage|vol|avion";
  for (std::size_t i = 0; i < words.size() && out.in_country.empty(); ++i)
    if (i == 0 || !starts_with_phrase({words[i - 1]}, kLeaves))
      out.in_country = in_country(words, i);
  // Abroad in a country that is named: a branch for Europe is nearer than one for elsewhere.
  if (has_trait(out, Family::place, "abroad") && has_phrase(words, kEurope))
    out.traits.push_back({Family::place, "europe"sv, false, {}});
  read_quantities(words, out.quantities);
  read_ranks(words, out.quantities);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (const std::string_view form = plate(words, i); !form.empty()) {
      out.traits.push_back({Family::plate, form, false, {}});
      break;
    }
  for (const Quantity& q : out.quantities) {  // an age says minor or adult
    if (!is_age(q) || q.low != q.high || q.low > 120) continue;
    std::erase_if(out.traits, [](const Trait& t) { return t.family == Family::age; });
    out.traits.push_back({Family::age, q.low < 18 ? "minor"sv : "adult"sv, false, {}});
  }
  return out;
}

void complete_with(Described& to, const Described& other) {
  const std::vector<Trait> own = to.traits;
  for (const Trait& trait : other.traits)
    if (std::ranges::none_of(own, [&](const Trait& t) { return t.family == trait.family; }))
      to.traits.push_back(trait);
  const bool aged =
      std::ranges::any_of(own, [](const Trait& trait) { return trait.family == Family::age; });
  if (!to.quantities.empty()) return;
  for (const Quantity& quantity : other.quantities)
    if (!aged || !is_age(quantity)) to.quantities.push_back(quantity);
}

bool of_another_age(const Described& title, const Described& said) {
  for (const Quantity& range : title.quantities)
    for (const Quantity& age : said.quantities)
      if (is_age(range) && is_age(age) && (age.low < range.low || age.high > range.high))
        return true;
  return contradicts_in(title, said, [](Family family) { return family == Family::age; });
}

bool of_another_occasion(const Described& title, const Described& said) {
  return contradicts_in(title, said, [](Family family) { return family == Family::occasion; });
}

bool contradicts(const Described& title, const Described& said) {
  return of_another_age(title, said) || contradicts_in(title, said, [](Family) { return true; });
}

double agreement(const Described& asked, const Described& title,
                 const std::vector<std::string>& common) {
  constexpr double kTrait = 3, kConflict = -4, kInside = 4, kOutside = -6, kWords = 2.5;
  constexpr double kNearer = 1;  // Europe rather than abroad
  constexpr double kInARow = 2;  // the title itself is said
  double score = 0;
  std::vector<Quantity> quantities = asked.quantities;
  if (has_trait(asked, Family::age, "adult") && std::ranges::none_of(quantities, is_age))
    quantities.push_back({18, kNoLimit, "an", false});
  for (const Quantity& range : title.quantities)
    for (const Quantity& each : quantities)
      if (const auto said = in_unit_of(range, each))
        score += said->low >= range.low && said->high <= range.high ? kInside : kOutside;
  std::vector<std::string> said_by_traits;
  double traits = 0;
  for (const Trait& trait : title.traits) {
    if (!trait.stems.empty() &&
        std::ranges::all_of(trait.stems, [&](const auto& stem) { return has(common, stem); }))
      continue;
    bool same = false, other = false, opposite = false;
    // What happened on a trip happened abroad; who lives there is another matter.
    if (trait.family == Family::place && !asked.in_country.empty() && happens(title))
      (trait.name == asked.in_country || trait.name == "abroad" ? same : other) = true;
    for (const Trait& said : asked.traits) {
      if (said.family != trait.family) continue;
      if (said.name != trait.name)
        other = other || !said.denied;
      else if (said.denied == trait.denied)
        same = true;
      else
        opposite = true;
    }
    if (same) said_by_traits.insert(said_by_traits.end(), trait.stems.begin(), trait.stems.end());
    if (same)
      traits += kTrait + (trait.name == "europe" ? kNearer : 0);
    else if (opposite || other)
      score += kConflict;
  }
  // "Je suis étranger" does not say "à l'étranger": a word of a trait is not said by another one.
  const auto of_another = [&](const std::string& stem) {
    const auto says = [&](const Trait& trait) { return has(trait.stems, stem); };
    const auto of_title = std::ranges::find_if(title.traits, says);
    return of_title != title.traits.end() &&
           std::ranges::any_of(asked.traits, [&](const Trait& said) {
             return says(said) && said.family != of_title->family;
           });
  };
  const auto says = [&](const std::string& stem) {
    return std::ranges::any_of(asked.stems,
                               [&](const std::string& said) { return text::akin(said, stem); });
  };
  std::size_t own = 0, found = 0, against = 0, untold = 0;
  for (const std::string& stem : title.stems) {
    if (has(common, stem)) continue;
    ++own;
    const bool by_trait = has(said_by_traits, stem);
    if (by_trait || (says(stem) && !of_another(stem)))
      ++found;
    else if (has(asked.stems, stem.starts_with('!') ? stem.substr(1) : "!" + stem))
      ++against;
    if (!by_trait && !says(stem) && title.quantities.empty()) ++untold;
  }
  // "Salarié" is told by a trait; of "salarié à temps très partiel" it tells a part only.
  score += traits * (untold == 0 ? 1.0 : 1.0 / (1.0 + static_cast<double>(untold)));
  if (own > 0) {
    const double covered = static_cast<double>(found) / static_cast<double>(own);
    // Among the many words of a story, a few of a title's meet by chance.
    const double needed = asked.words > 30 ? 0.99 : 0.5;
    const bool names_one = std::ranges::any_of(title.alternatives, [&](const auto& stems) {
      return std::ranges::all_of(
          stems, [&](const std::string& stem) { return says(stem) && !has(common, stem); });
    });
    if (names_one)
      score += kWords;
    else if (covered >= needed)
      score += kWords * covered;
    if (title.stems.size() > 1 && !std::ranges::search(asked.stems, title.stems).empty())
      score += kInARow;
    score -= 2.0 * static_cast<double>(against);
  }
  return score;
}

}  // namespace parvis::answer
