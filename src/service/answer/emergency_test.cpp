#include "answer/emergency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/json.hpp"
#include "text/normalise.hpp"

namespace parvis::answer {
namespace {

std::string first_number(std::string_view question) {
  const auto answer = emergency(text::clean(question));
  if (!answer) return "";
  EXPECT_EQ(answer->status, Status::emergency);
  return answer->contact.value().phones.at(0).number;
}

TEST(Emergency, HearsDangerInClumsyWords) {
  EXPECT_EQ(first_number("au secours il me frappe"), "17");
  EXPECT_EQ(first_number("mon mari me frape devant les enfants"), "17");
  EXPECT_EQ(first_number("j'en peux plus de vivre"), "3114");
  EXPECT_EQ(first_number("J’ai envie de mourrir"), "3114");
  EXPECT_EQ(first_number("ma voisine, 86 ans, n'ouvre pas depuis hier matin"), "15");
  EXPECT_EQ(first_number("ses volets sont fermés depuis hier, ma voisine a 88 ans"), "15");
  EXPECT_EQ(first_number("on dort ou ce soir jsui a la rue avc mon bb de 8 mois"), "115");
  EXPECT_EQ(first_number("je sers a rien personne verrait la difference si j etais plus la"),
            "3114");
  EXPECT_EQ(first_number("mon mari est décédé, je suis fatiguée de vivre"), "3114");
  EXPECT_EQ(first_number("ma fille ne respire plus!!"), "15");
  EXPECT_EQ(first_number("il y a un incendie chez moi"), "18");
  EXPECT_EQ(first_number("je dors dehors ce soir avec mon fils"), "115");
  EXPECT_EQ(first_number("mon voisin frappe ses enfants"), "119");
  EXPECT_EQ(first_number("ya le feu dans ma cuisine"), "18");
  EXPECT_EQ(first_number("quelqu'un essaye d'entrer chez moi"), "17");
  EXPECT_EQ(first_number("j'ai peur de mon mari"), "17");
  EXPECT_EQ(first_number("mon copain m'a frappée cette nuit"), "17");
  EXPECT_EQ(first_number("mon fils a avalé de la javel"), "15");
  EXPECT_EQ(first_number("nul part ou dormir cette nuit"), "115");
  EXPECT_EQ(first_number("je vai me tué"), "3114");
  EXPECT_EQ(first_number("au secours"), "112");
  EXPECT_EQ(first_number("au secours venez vite"), "112");
  EXPECT_EQ(first_number("il n'arrête pas de me frapper quand il boit"), "17");
  EXPECT_EQ(first_number("depuis la séparation je pense à mourir tous les soirs"), "3114");
  EXPECT_EQ(first_number("ça sent vraiment fort le gaz dans la cage d'escalier"), "18");
  EXPECT_EQ(first_number("mon voisin est par terre, il ne répond plus"), "15");
  EXPECT_EQ(first_number("je viens de me faire violer"), "17");
  EXPECT_EQ(first_number("mon mari me fait peur"), "17");
  EXPECT_EQ(first_number("j'ai pris trop de médicaments"), "15");
  EXPECT_EQ(first_number("accident au rond-point, y a des blessés"), "18");
  EXPECT_EQ(first_number("mon fils n'est pas rentré de l'école"), "17");
  EXPECT_EQ(first_number("ma fille a disparu depuis ce matin"), "17");
}

TEST(Emergency, HearsWhoSeesNoReasonToGoOn) {
  EXPECT_EQ(first_number("le chômage, les dettes, je vois plus à quoi ça sert de continuer"),
            "3114");
  EXPECT_EQ(first_number("à quoi ça sert de continuer à cotiser ?"), "");
  EXPECT_EQ(first_number("мій чоловік б'є мене"), "17");
}

TEST(Emergency, HearsARiskOfDeathAndNoOtherRisk) {
  EXPECT_EQ(first_number("ma voisine est en danger de mort"), "17");
  EXPECT_EQ(first_number("ma fille est en danger de redoubler son CE1"), "");
  EXPECT_EQ(first_number("je suis en danger de me faire expulser"), "");
  EXPECT_EQ(without_what_looks_dangerous("Ma fille est en danger de redoubler son CE1"),
            "ma fille est son ce1");
  EXPECT_EQ(without_what_looks_dangerous("Elle est en danger de mort"),
            "Elle est en danger de mort");
}

TEST(Emergency, KnowsDangerByItsSigns) {
  EXPECT_EQ(first_number("mon père a le sourire tout tordu et il comprend plus ce qu'on lui dit"),
            "15");
  EXPECT_EQ(first_number("ma tante sent plus sa jambe d'un seul coup"), "15");
  EXPECT_EQ(first_number("depuis ce matin maman parle bizarrement"), "15");
  EXPECT_EQ(first_number("j'ai la poitrine comme dans un étau"), "15");
  EXPECT_EQ(first_number("piqué par une guêpe, sa langue enfle"), "15");
  EXPECT_EQ(first_number("la petite a bu du déboucheur"), "15");
  EXPECT_EQ(first_number("on a tous des maux de tête depuis qu'on a rallumé le poêle"), "18");
  EXPECT_EQ(first_number("l'appareil à monoxyde sonne"), "18");
  EXPECT_EQ(first_number("ma grand-mère alzheimer n'est pas rentrée"), "17");
  for (const char* question :
       {"aide pour changer ma chaudière", "mon bras est cassé, arrêt maladie combien de jours",
        "visage masqué sur la photo d'identité", "aide alzheimer à domicile",
        "prime poêle à granulés", "détecteur de monoxyde obligatoire dans un logement loué ?",
        "j'ai mal à la tête avec tous ces papiers pour le chauffage au bail"})
    EXPECT_EQ(first_number(question), "") << question;
}

TEST(Emergency, WhatIsHeardByMeaningHasItsNumbersAndMayBeDenied) {
  for (std::size_t k = 0; k < intent::kKinds; ++k) {
    const auto kind = static_cast<intent::Kind>(k);
    const auto heard = emergency(kind);
    ASSERT_EQ(heard.has_value(), intent::is_danger(kind)) << k;
    if (!heard) continue;
    EXPECT_EQ(heard->status, Status::emergency);
    ASSERT_TRUE(heard->contact);
    EXPECT_FALSE(heard->contact->phones.empty());
    EXPECT_NE(heard->text.find("dites-le avec d’autres mots"), std::string::npos);
  }
  EXPECT_EQ(emergency(intent::Kind::suicide)->contact->phones[0].number, "3114");
  EXPECT_EQ(emergency(intent::Kind::child)->contact->phones[0].number, "119");
}

TEST(Emergency, TellsWhatElseToDoWhenANumberOfHelpDoesNotAnswer) {
  const auto text = [](std::string_view said) {
    const auto answer = emergency(said);
    return answer ? answer->text : std::string();
  };
  for (const char* said :
       {"j'appelle le 115 ça répond pas", "le 115 personne ne répond",
        "le 115 personne ne décroche", "la ligne du 115 est occupée", "le 115 est toujours saturé",
        "le 115 ne décroche jamais et j'ai mes deux enfants",
        "le 115 répond pas, je suis dehors avec mon chien", "impossible de joindre le 115"})
    EXPECT_THAT(text(said), testing::StartsWith("Rappelez le 115")) << said;
  EXPECT_THAT(text("je veux mourir, le 3114 répond pas"), testing::HasSubstr("Rappelez le 3114"));
  EXPECT_THAT(text("le 3919 sonne dans le vide"), testing::HasSubstr("un autre numéro"));
  for (const char* said :
       {"la police municipale ne répond pas au téléphone", "vous ne répondez pas au téléphone",
        "j'attends une réponse pour le 18 et personne ne répond",
        "J'habite 115 rue de Paris et mon bailleur ne répond plus",
        "le local du 115 rue Pasteur est occupé par des squatteurs",
        "l'appartement du 115 est occupé", "le bus 119 est saturé le matin",
        "j'ai payé 112 euros et le vendeur est injoignable"})
    EXPECT_FALSE(emergency(said)) << said;
}

TEST(Emergency, OnlyACallIsInVain) {
  for (const char* said : {"la police répond pas", "j'ai fait le 17 ça ne répond pas",
                           "ils répondent pas", "les pompiers ne répondent pas"})
    EXPECT_TRUE(nobody_answers(said)) << said;
  for (const char* said :
       {"il répond plus, on fait quoi ?", "elle répond pas, ça fait 10 minutes", "il est parti",
        "ça répond pas à ma question", "ça fait 15 jours que la CAF répond pas",
        "la mairie répond pas, on fait quoi pour le passeport ?"})
    EXPECT_FALSE(nobody_answers(said)) << said;
  const auto fallen =
      emergency("ma mère est tombée dans la douche, elle ne répond plus, j'attends le samu");
  ASSERT_TRUE(fallen);
  EXPECT_THAT(fallen->text, testing::HasSubstr("Restez auprès de la personne"));
}

TEST(Emergency, DoesNotSeizeOnAWord) {
  for (const char* question :
       {"permis de chasse perdu",
        "urgence administrative",
        "la caf ne répond plus à mes courriers",
        "mon téléphone est tombé dans l'eau, comment faire jouer l'assurance",
        "quel est le numéro d'urgence ?",
        "assurance incendie de mon logement",
        "plainte pour violences conjugales procédure",
        "où acheter un détecteur de fumée",
        "mon père est mort, quelle démarche ?",
        "congé pour le suicide d'un proche",
        "la rue devant chez moi est abîmée",
        "j'ai porté plainte pour violences il y a 2 ans, où en est mon dossier",
        "mon logement a pris feu l'an dernier, que rembourse l'assurance",
        "je ne veux plus vivre avec mon mari, comment divorcer",
        "feu tricolore grillé amende",
        "arrêt de travail après un infarctus",
        "menace de mort par sms, comment porter plainte",
        "comment obtenir un hébergement d'urgence",
        "ce qui me frappe c'est le prix",
        "mon père est sans domicile fixe, peut-il voter",
        "devenir pompier volontaire",
        "les volets du voisin sont restés ouverts",
        "on habite a la rue des Tanneurs",
        "ma sœur est décédée avant-hier, elle a fait un malaise, comment la rapatrier",
        "le chat du voisin dort dans mon jardin",
        "mon fils est rentré de l'étranger, comment l'inscrire",
        "l'acte de ma fille a disparu du livret de famille",
        "mon fils n'est pas rentré en sixième cette année",
        "les accidentés et blessés de guerre ont droit à quelle pension",
        "horaires des pompiers pour les calendriers",
        "au secours je me noie sous la paperasse de la caf",
        "au secours, je comprends rien à ce formulaire",
        "au secours le site de la préfecture ne marche pas",
        "au secours j'ai cliqué sur un sms et donné ma carte bancaire",
        "s'il y a le feu et pas de détecteur, l'assurance paie ?",
        ""})
    EXPECT_EQ(first_number(question), "") << question;
}

// Every emergency raised on real queries is printed, to be read.
TEST(Emergency, StaysCalmOnRealQueries) {
  const std::filesystem::path data = std::filesystem::path(PARVIS_SOURCE_DIR) / "../shared/data";
  std::size_t read = 0, raised = 0;
  for (const char* file :
       {"queries/unlabelled_fr.jsonl", "intents/cdtn_requetes.jsonl", "retrieval/dev.jsonl",
        "retrieval/dev_citizens.jsonl", "retrieval/dev_labour_variants.jsonl"}) {
    std::ifstream lines(data / file);
    for (std::string line; std::getline(lines, line);) {
      const auto value = parse_json(line);
      ASSERT_TRUE(value.has_value() && value->is_object());
      const auto& object = value->get_object();
      const auto question = string_at(object, "question");
      const std::string asked(question ? *question : string_at(object, "text").value_or(""));
      ++read;
      if (first_number(asked).empty()) continue;
      std::cout << "emergency: " << asked << '\n';
      ++raised;
    }
  }
  if (read == 0) std::cout << "real queries not read: ../shared/data is absent\n";
  EXPECT_LE(raised, 4U);
}

}  // namespace
}  // namespace parvis::answer
