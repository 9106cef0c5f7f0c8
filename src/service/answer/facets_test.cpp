#include "answer/facets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "answer/phrases.hpp"
#include "answer/scope.hpp"

namespace parvis::answer {
namespace {

bool asks(std::string_view question, Facet facet) {
  const auto all = facets_of_question(question);
  return !all.empty() && all.front() == facet;
}

bool announced(std::string_view heading, Facet facet) {
  const auto all = facets_of_heading(heading);
  return std::ranges::find(all, facet) != all.end();
}

TEST(Facets, ClumsyQuestionsAreUnderstood) {
  EXPECT_TRUE(asks("c combien un passeport", Facet::cost));
  EXPECT_TRUE(asks("sa coute combien la carte grise", Facet::cost));
  EXPECT_TRUE(asks("le pacs c gratuit ?", Facet::cost));
  EXPECT_TRUE(asks("c'est cher à faire enlever ?", Facet::cost));
  EXPECT_TRUE(asks("et la salle des fêtes on la paye ?", Facet::cost));
  EXPECT_TRUE(asks("faut payer", Facet::cost));
  EXPECT_FALSE(asks("je peux payer en ligne ?", Facet::cost));
  EXPECT_FALSE(asks("qui paye l'enterrement", Facet::cost));
  EXPECT_FALSE(asks("mon fils ne paye plus son loyer", Facet::cost));
  EXPECT_TRUE(asks("combien vais-je toucher au chômage", Facet::amount));
  EXPECT_TRUE(asks("au bout de combien de temps on recoit la carte", Facet::delay));
  EXPECT_TRUE(asks("quels papiers pour se marier", Facet::documents));
  EXPECT_TRUE(asks("quelles pièces faut-il fournir", Facet::documents));
  EXPECT_TRUE(asks("ou aller pour un passeport", Facet::where));
  EXPECT_TRUE(asks("j'ai droit au RSA ?", Facet::who));
  EXPECT_TRUE(asks("peut on le faire en ligne", Facet::online));
  EXPECT_TRUE(asks("c'est valable combien de temps", Facet::validity));
  EXPECT_TRUE(asks("quel article de loi", Facet::legal));
  EXPECT_TRUE(asks("comment faire une procuration", Facet::steps));
}

TEST(Facets, ANumberToCallIsAskedForAndToldFromOtherNumbers) {
  EXPECT_TRUE(asks("ya un numero a appeler pour ca ?", Facet::phone));
  EXPECT_TRUE(asks("on peut le faire par téléphone ?", Facet::phone));
  EXPECT_FALSE(asks("où trouver mon numéro fiscal", Facet::phone));
  EXPECT_TRUE(asks("j'appelle qui ?", Facet::phone));
  const Piece place{.kind = Piece::Kind::place, .text = "- SOS loyers : 0 805 160 075"};
  EXPECT_TRUE(states(Facet::phone, place));
  EXPECT_TRUE(states(Facet::phone, {.text = "Appelez le 3919."}));
  EXPECT_FALSE(states(Facet::phone, {.text = "Le plafond est de 3919 €."}));
  EXPECT_FALSE(states(Facet::phone, {.text = "Parcelle 3919."}));
}

TEST(Facets, AStoryIsReadWhereItAsks) {
  EXPECT_TRUE(facets_of_question("J'ai payé 86 € de timbre fiscal le mois dernier pour mon "
                                 "passeport. Je suis ensuite parti au Portugal trois semaines avec "
                                 "mes deux enfants. La mairie ne me répond plus, est-ce normal ?")
                  .empty());
}

TEST(Facets, WhetherOneMayDoAThingIsNoQuestionOfConditions) {
  EXPECT_TRUE(facets_of_question("puis-je conserver mon ancien passeport").empty());
  EXPECT_TRUE(facets_of_question("on m'a volé mes papiers avec mon timbre fiscal").empty());
  EXPECT_TRUE(asks("qui peut demander la carte", Facet::who));
}

TEST(Facets, LostPapersAreNoDocumentsToGive) {
  EXPECT_FALSE(asks("papiers perdus", Facet::documents));
  EXPECT_FALSE(asks("vol de papiers à l'étranger", Facet::documents));
  EXPECT_FALSE(asks("j'ai perdu tous mes papiers", Facet::documents));
  EXPECT_TRUE(asks("papiers pour passeport", Facet::documents));
  EXPECT_TRUE(asks("quels papiers pour refaire mes papiers volés", Facet::documents));
}

TEST(Facets, APriceIsThatOfTheThingNotOfACallToAsk) {
  EXPECT_TRUE(
      states(Facet::cost, {.text = "Vous payez par carte bancaire le nouveau titre (25 €)."}));
  const Piece place{.kind = Piece::Kind::place,
                    .text = "Par téléphone : 34 00. Coût d'un appel local"};
  EXPECT_FALSE(states(Facet::cost, place));
  EXPECT_TRUE(states(Facet::where, place));
}

TEST(Facets, ADateAnswersWhen) {
  EXPECT_TRUE(states(Facet::delay, {.text = "Avant le 31 décembre 2026."}));
  EXPECT_FALSE(states(Facet::online, {.text = "Outil en ligne : calculer la durée."}));
  EXPECT_TRUE(states(Facet::online, {.text = "- Service en ligne : demander un visa"}));
}

TEST(Facets, APriceMayBeAChequeToSend) {
  EXPECT_TRUE(states(Facet::cost, {.text = "Un chèque de 30 € à l'ordre de l'agent comptable"}));
}

TEST(Facets, AGiftIsNoCost) {
  EXPECT_TRUE(facets_of_question("céder gratuitement un véhicule").empty());
}

TEST(Facets, HeadingsAnnounce) {
  EXPECT_TRUE(announced("Pièces à fournir", Facet::documents));
  EXPECT_TRUE(announced("Coût", Facet::cost));
  EXPECT_TRUE(announced("Délai de fabrication", Facet::delay));
  EXPECT_TRUE(announced("Durée de validité", Facet::validity));
  EXPECT_FALSE(announced("Durée de validité", Facet::delay));
  EXPECT_TRUE(announced("Où et comment faire la demande ?", Facet::where));
  EXPECT_TRUE(announced("Qui peut faire la demande ?", Facet::who));
  EXPECT_FALSE(announced("Retrait de la carte", Facet::cost));
}

TEST(Phrases, MatchWithSlipsAndGaps) {
  const auto words = folded_words("Mon mari me frape souvent");
  EXPECT_FALSE(has_phrase(words, "me frappe"));
  EXPECT_TRUE(has_phrase(words, "me frappe", Spelling::forgiving));
  EXPECT_TRUE(has_phrase(words, "mari _ frape"));
  EXPECT_TRUE(has_phrase(words, "mar* me"));
  EXPECT_FALSE(has_phrase(words, "mari frape"));
  EXPECT_FALSE(has_phrase({}, "mari"));
}

TEST(Scope, OnlyWhatIsClearlyOutside) {
  for (const char* question :
       {"quelle est la météo demain", "une recette de crêpes", "pour qui voter ?",
        "pour qui il faut voter aux prochaines", "tu penses quoi de macron",
        "le maire il est de quel bord", "écris un code python", "raconte une blague",
        "vous le trouvez comment le maire, honnête ?", "raconte-moi une bonne blague"})
    EXPECT_TRUE(out_of_scope(question).has_value()) << question;
  for (const char* question :
       {"chômage intempéries météo", "où voter par procuration", "recettes fiscales impôts",
        "passeport pour la coupe du monde visa", "carte d'identité", "", "formation python"})
    EXPECT_FALSE(out_of_scope(question).has_value()) << question;
}

TEST(Scope, TheTownsOwnLifeIsNoRight) {
  for (const char* question :
       {"qui a sculpté la statue du rond-point", "quelle heure pour le feu d'artifice ?",
        "combien d'arbres la commune a plantés en 2025", "quand est la brocante"})
    EXPECT_TRUE(of_the_towns_life(question)) << question;
  for (const char* question :
       {"comment vendre à la brocante", "combien d'arbres puis-je planter",
        "faut-il une autorisation pour un concert",
        "la commune a refusé mon permis, quand répondre",
        "la commune n'a pas été reconnue sinistrée, suis-je quand même indemnisé ?",
        "quand a lieu le vote", "combien coûte un passeport"})
    EXPECT_FALSE(of_the_towns_life(question)) << question;
}

TEST(Scope, HoursAndPhonesOfAPlace) {
  EXPECT_EQ(asks_for_contact("horaires de la mairie"), "mairie");
  EXPECT_EQ(asks_for_contact("la decheterie est ouverte le samedi ?"), "decheterie est ouverte le");
  EXPECT_TRUE(asks_for_contact("numéro de téléphone du ccas").has_value());
  EXPECT_TRUE(asks_for_contact("l'état civil c'est jusqu'à quelle heure").has_value());
  EXPECT_FALSE(asks_for_contact("le marché ouvre à quelle heure").has_value());
  EXPECT_EQ(asks_for_contact("internet j'y comprends rien, quelqu'un peut m'aider ?"),
            "aide numérique france services");
  EXPECT_TRUE(asks_for_contact("je peux passer au ccas cet après-midi ?").has_value());
  EXPECT_FALSE(asks_for_contact("quels papiers pour la mairie").has_value());
  EXPECT_FALSE(asks_for_contact("changement d'adresse à la préfecture").has_value());
}

}  // namespace
}  // namespace parvis::answer
