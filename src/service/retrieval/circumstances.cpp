#include "retrieval/circumstances.hpp"

#include <array>
#include <string_view>

#include "text/tokens.hpp"

namespace parvis::retrieval {
namespace {

struct Words {
  std::string_view named, said;
};

constexpr std::array kWords = std::to_array<Words>({
    // who is concerned
    {"mineur enfant", "fils fille bébé ado adolescent gamin gosse petit nourrisson naissance ans"},
    {"étranger étrangère", "nationalité pays séjour visa Europe UE"},
    {"européen algérien britannique", "nationalité pays Europe UE Algérie Brexit"},
    {"fonctionnaire fonction publique agent", "titulaire contractuel administration enseignant"},
    {"militaire", "armée soldat gendarme marine"},
    {"apprenti apprentissage alternance", "CFA maître"},
    {"étudiant", "études fac université école bourse Crous"},
    {"demandeur chômeur chômage", "emploi inscrit licencié travail allocation ARE"},
    {"retraité retraite", "pension carrière trimestre"},
    {"handicapé handicap", "invalide invalidité MDPH AAH fauteuil"},
    {"âgé", "vieux vieille vieillesse senior dépendance EHPAD mère père grand"},
    {"agriculteur agricole", "exploitation ferme MSA"},
    {"artisan commerçant", "boutique magasin indépendant auto entrepreneur"},
    {"entreprise employeur société", "patron boîte salarié embaucher SARL"},
    {"association associatif", "bénévole asso club"},
    {"veuf veuve survivant", "mort décès décédé mari femme conjoint"},
    {"élu", "maire conseiller mandat"},
    {"tutelle curatelle", "tuteur curateur protégé incapable habilitation"},
    {"détenu", "prison incarcéré libération"},
    {"locataire colocation colocataire", "louer loyer bail proprio logement appartement"},
    {"copropriété copropriétaire", "syndic immeuble charges"},
    // what happened
    {"vol", "volé voler voleur piqué pris cambriolé agression"},
    {"perte", "perdu perdre égaré paumé disparu"},
    {"retrouver", "retrouvé trouvé trouver"},
    {"décès", "mort décédé mourir enterrement obsèques"},
    {"divorce séparation", "divorcé divorcer séparé séparer ex"},
    {"grossesse maternité", "enceinte accouchement accoucher bébé"},
    {"maladie", "malade arrêt médecin"},
    {"férié", "fête Noël Pâques toussaint armistice ascension pentecôte"},
    // where
    {"étranger", "hors expatrié consulat ambassade pays"},
    {"Paris", "parisien arrondissement"},
    {"Mayotte Réunion Guadeloupe Martinique Guyane", "outre mer"},
    {"Alsace Moselle", "Strasbourg Metz Colmar Mulhouse concordat"},
});

std::vector<std::string> stems(std::string_view words) {
  std::vector<std::string> out;
  for (const text::Word& word : text::words(words)) out.push_back(text::stem(word.folded));
  return out;
}

}  // namespace

std::span<const Circumstance> circumstances() {
  static const std::vector<Circumstance> all = [] {
    std::vector<Circumstance> out;
    for (const Words& words : kWords) out.push_back({stems(words.named), stems(words.said)});
    return out;
  }();
  return all;
}

}  // namespace parvis::retrieval
