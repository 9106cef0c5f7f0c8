#include "territory/communes.hpp"

#include <gmock/gmock.h>

namespace parvis::territory {
namespace {

std::string named(std::string_view text) {
  const auto found = commune_in(text);
  return found ? std::string(found->insee) : "";
}

TEST(Communes, are_those_of_today_with_their_postcodes) {
  EXPECT_GT(communes().size(), 34'000U);
  const auto orleans = commune_in("la mairie d'Orléans");
  ASSERT_TRUE(orleans);
  EXPECT_EQ(orleans->insee, "45234");
  EXPECT_EQ(orleans->name, "Orléans");
  EXPECT_THAT(std::string(orleans->postcodes), testing::HasSubstr("45000"));
  EXPECT_GT(orleans->population, 100'000U);
}

TEST(Communes, are_named_after_a_word_of_place) {
  EXPECT_EQ(named("j'habite a lyon et je veux un passeport"), "69123");
  EXPECT_EQ(named("horaires mairie de montreuil"), "93048");
  EXPECT_EQ(named("je vis à Saint-Denis"), "97411");  // the most populous of several
  EXPECT_EQ(named("habite St Denis"), "97411");
  EXPECT_EQ(named("la piscine à La Rochelle"), "17300");
  EXPECT_EQ(named("je suis à Aix-en-Provence"), "13001");
}

TEST(Communes, are_named_by_a_postcode) {
  EXPECT_EQ(named("je suis au 29200"), "29019");
  EXPECT_EQ(named("75011"), "75056");
  EXPECT_TRUE(at_postcode("99999").empty());
  EXPECT_TRUE(at_postcode("abc").empty());
}

TEST(Communes, whose_names_are_words_are_not_seen_everywhere) {
  for (const char* text : {"rue à sens unique",
                           "voir la mer",
                           "vivre à part",
                           "Paris mon fils",
                           "le 12 mars",
                           "une carte orange",
                           "nice to meet you",
                           "je travaille à temps partiel",
                           "pacte à vie",
                           "on habite le quartier de la Halle",
                           "j'habite place de la Halle",
                           "inscrire mon enfant à la crèche",
                           "elle est obligée de venir ? elle a cours",
                           "un courrier de la mairie à son nom",
                           "la mairie fait quoi",
                           "rendez-vous à l'hôpital dans une heure",
                           "on mange à la terrasse",
                           "apte à conduire",
                           "contrat à terme",
                           "location à la semaine",
                           ""})
    EXPECT_EQ(named(text), "") << text;
  EXPECT_EQ(named("la mairie de Sens"), "89387");
  EXPECT_EQ(named("je vis à Nice"), "06088");
}

}  // namespace
}  // namespace parvis::territory
