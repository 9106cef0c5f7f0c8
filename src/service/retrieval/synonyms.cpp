#include "retrieval/synonyms.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

struct Entry {
  std::string_view said, official;
};

// Acronyms of the administration, and words of everyday life that official pages do not use. One
// way: from what is said to what is written; the pages' own words need no entry.
constexpr std::array kEntries = {
    Entry{"cni", "carte nationale d'identité"},
    Entry{"carte identité", "carte nationale d'identité"},
    Entry{"papiers identité", "carte nationale d'identité passeport"},
    Entry{"portefeuille", "tous papiers"},
    Entry{"porte-monnaie", "tous papiers"},
    Entry{"porte-feuille", "tous papiers"},
    Entry{"sac à main", "tous papiers"},
    Entry{"carte grise", "certificat d'immatriculation"},
    Entry{"vignette", "assurance véhicule"},
    Entry{"crit'air", "certificat qualité de l'air"},
    Entry{"apl", "aide personnalisée au logement"},
    Entry{"als", "allocation de logement sociale"},
    Entry{"alf", "allocation de logement familiale"},
    Entry{"hlm", "logement social"},
    Entry{"dalo", "droit au logement opposable"},
    Entry{"fsl", "fonds de solidarité pour le logement"},
    Entry{"rsa", "revenu de solidarité active"},
    Entry{"rmi", "revenu de solidarité active"},
    Entry{"aah", "allocation aux adultes handicapés"},
    Entry{"aeeh", "allocation d'éducation de l'enfant handicapé"},
    Entry{"ass", "allocation de solidarité spécifique"},
    Entry{"are", "allocation d'aide au retour à l'emploi"},
    Entry{"aspa", "allocation de solidarité aux personnes âgées"},
    Entry{"minimum vieillesse", "allocation de solidarité aux personnes âgées"},
    Entry{"apa", "allocation personnalisée d'autonomie"},
    Entry{"pch", "prestation de compensation du handicap"},
    Entry{"mdph", "maison départementale des personnes handicapées"},
    Entry{"rqth", "reconnaissance qualité de travailleur handicapé"},
    Entry{"cmu", "complémentaire santé solidaire"},
    Entry{"css", "complémentaire santé solidaire"},
    Entry{"ame", "aide médicale de l'état"},
    Entry{"alsh", "accueil de loisirs"},
    Entry{"centre aéré", "accueil de loisirs"},
    Entry{"nounou", "assistante maternelle"},
    Entry{"cesu", "chèque emploi service universel"},
    Entry{"ars", "allocation de rentrée scolaire"},
    Entry{"asf", "allocation de soutien familial"},
    Entry{"paje", "prestation d'accueil du jeune enfant"},
    Entry{"pacs", "pacte civil de solidarité"},
    Entry{"pacser", "pacte civil de solidarité"},
    Entry{"jdc", "journée défense et citoyenneté"},
    Entry{"japd", "journée défense et citoyenneté"},
    Entry{"service militaire", "recensement citoyen journée défense et citoyenneté"},
    Entry{"plu", "plan local d'urbanisme"},
    Entry{"dp", "déclaration préalable de travaux"},
    Entry{"cdd", "contrat à durée déterminée"},
    Entry{"cdi", "contrat à durée indéterminée"},
    Entry{"smic", "salaire minimum de croissance"},
    Entry{"cpf", "compte personnel de formation"},
    Entry{"dif", "compte personnel de formation"},
    Entry{"vae", "validation des acquis de l'expérience"},
    Entry{"csp", "contrat de sécurisation professionnelle"},
    Entry{"rtt", "réduction du temps de travail"},
    Entry{"boulot", "emploi travail"},
    Entry{"patron", "employeur"},
    Entry{"arrêt maladie", "arrêt de travail pour maladie"},
    Entry{"chômage", "allocation d'aide au retour à l'emploi demandeur d'emploi"},
    Entry{"pôle emploi", "demandeur d'emploi"},
    Entry{"sécu", "sécurité sociale assurance maladie"},
    Entry{"carte bleue", "carte bancaire"},
    Entry{"pv", "amende contravention procès-verbal"},
    Entry{"prune", "amende contravention"},
    Entry{"contredanse", "amende contravention"},
    Entry{"avocat gratuit", "aide juridictionnelle"},
    Entry{"sdf", "domiciliation sans domicile"},
    Entry{"proprio", "propriétaire bailleur"},
    Entry{"caution", "dépôt de garantie"},
    Entry{"nid poule", "voirie chaussée"},
    Entry{"coloc", "colocation"},
    Entry{"appart", "logement"},
    Entry{"voiture", "véhicule"},
    Entry{"bagnole", "véhicule"},
    Entry{"moto", "véhicule deux-roues"},
    Entry{"mamie", "personne âgée"},
    Entry{"maison de retraite", "établissement pour personnes âgées ehpad"},
    Entry{"enterrement", "obsèques"},
    Entry{"vivre ensemble", "concubinage"},
    Entry{"copain", "concubin"},
    Entry{"copine", "concubin"},
    Entry{"bac", "baccalauréat"},
    Entry{"fac", "université"},
    Entry{"prof", "enseignant"},
    Entry{"cantine", "restauration scolaire"},
    Entry{"poubelle", "déchets ordures ménagères"},
    Entry{"encombrants", "déchets"},
    Entry{"canapé", "encombrants"},
    Entry{"matelas", "encombrants"},
    Entry{"vieux meubles", "encombrants"},
    Entry{"sommier", "encombrants"},
    Entry{"disparu", "perte vol"},
    Entry{"disparue", "perte vol"},
    Entry{"piqué", "vol"},
    Entry{"arraché", "vol"},
    Entry{"iban", "relevé d'identité bancaire"},
    Entry{"rib", "relevé d'identité bancaire"},
    Entry{"oqtf", "obligation de quitter le territoire français"},
    Entry{"vls ts", "visa de long séjour valant titre de séjour"},
    Entry{"papiers français", "titre de séjour nationalité française"},
    Entry{"être français", "nationalité française"},
};

// A citizen says what they did, a page is titled by what it is called: verbs whose noun has another
// stem, in each form that has a stem of its own.
constexpr std::array kNouns = {
    Entry{"perdre perdu égarer égaré égarée", "perte"},
    Entry{"décéder décédé décédée mourir mort", "décès"},
    Entry{"inscrire inscrit", "inscription"},
    Entry{"vendre vendu", "vente"},
    Entry{"acheter", "achat"},
    Entry{"louer loué louée", "location"},
    Entry{"naître née", "naissance"},
    Entry{"marier épouser", "mariage"},
    Entry{"partir", "départ"},
    Entry{"construire construit", "construction"},
    Entry{"démissionner", "démission"},
    Entry{"licencié licenciée virer viré virée", "licenciement"},
    Entry{"conduire", "conduite"},
    Entry{"suspendre suspendu", "suspension"},
    Entry{"détruire détruit", "destruction"},
    Entry{"céder", "cession"},
    Entry{"reconnaître reconnu", "reconnaissance"},
    Entry{"retirer retiré retirée", "retrait"},
    Entry{"signer", "signature"},
    Entry{"rompre rompu", "rupture"},
    Entry{"hériter", "héritage"},
    Entry{"obtenir obtenu", "obtention"},
    Entry{"travailler", "travail"},
    Entry{"étudier", "études"},
    Entry{"soigner", "soins"},
    Entry{"élire élu", "élection"},
    Entry{"enterrer", "inhumation"},
    Entry{"incinérer", "crémation"},
};

struct Rule {
  std::vector<std::string> said, official;
};

const std::unordered_map<std::string, std::vector<Rule>>& rules() {
  static const auto all = [] {
    std::unordered_map<std::string, std::vector<Rule>> out;  // by the first stem of what is said
    for (const Entry& entry : kEntries) {
      Rule rule{text::terms(entry.said), text::terms(entry.official)};
      if (rule.said.empty()) continue;
      out[rule.said[0]].push_back(std::move(rule));
    }
    return out;
  }();
  return all;
}

}  // namespace

std::string noun_of(const std::string& stem) {
  static const auto all = [] {
    std::unordered_map<std::string, std::string> out;
    for (const Entry& entry : kNouns)
      for (const std::string& verb : text::terms(entry.said))
        out.emplace(verb, text::terms(entry.official)[0]);
    return out;
  }();
  const auto at = all.find(stem);
  return at == all.end() ? "" : at->second;
}

std::vector<std::string> synonyms(std::span<const std::string> stems) {
  std::vector<std::string> out;
  auto absent = [&](const std::string& stem) {
    return std::ranges::find(stems, stem) == stems.end() &&
           std::ranges::find(out, stem) == out.end();
  };
  for (std::size_t i = 0; i < stems.size(); ++i) {
    if (std::string noun = noun_of(stems[i]); !noun.empty() && absent(noun))
      out.push_back(std::move(noun));
    const auto at = rules().find(stems[i]);
    if (at == rules().end()) continue;
    for (const Rule& rule : at->second) {
      if (rule.said.size() > stems.size() - i) continue;
      if (!std::ranges::equal(stems.subspan(i, rule.said.size()), rule.said)) continue;
      for (const std::string& stem : rule.official)
        if (absent(stem)) out.push_back(stem);
    }
  }
  return out;
}

}  // namespace parvis::retrieval
