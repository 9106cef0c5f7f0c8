#include "dialogue/places.hpp"

#include <gtest/gtest.h>

namespace parvis::dialogue {
namespace {

const std::vector<tenancy::Commune>& town() {
  static const std::vector<tenancy::Commune> all = {
      {.insee = "99001", .slug = {}, .name = "Saint-Aubin-sur-Orle", .postcodes = {"00100"}},
      {.insee = "99002", .slug = {}, .name = "Montreuil-le-Gué", .postcodes = {"00110"}}};
  return all;
}

TEST(Places, a_commune_is_named_by_its_name_its_postcode_or_its_first_words) {
  EXPECT_EQ(commune_named(town(), "et si j'habitais à Montreuil-le-Gué"), "99002");
  EXPECT_EQ(commune_named(town(), "je suis dans le 00100"), "99001");
  EXPECT_EQ(commune_named(town(), "la mairie de st aubin est ouverte ?"), "99001");
  EXPECT_EQ(commune_named(town(), "Montreuil"), "99002");
}

TEST(Places, another_one_of_that_name_is_not_it) {
  EXPECT_EQ(commune_named(town(), "j'habite à Montreuil dans le 93"), "");
  EXPECT_EQ(commune_named(town(), "j'habite à Montreuil 93100"), "");
  EXPECT_EQ(commune_named(town(), "la rue Montreuil est sale"), "");
  EXPECT_EQ(commune_named(town(), "je suis à Lyon"), "");
}

TEST(Places, who_lives_there_says_so) {
  EXPECT_TRUE(lives_there(town(), "j'habite à Saint-Aubin"));
  EXPECT_TRUE(lives_there(town(), "Saint-Aubin"));
  EXPECT_FALSE(lives_there(town(), "la piscine de Saint-Aubin"));
  EXPECT_TRUE(is_commune(town(), "à Saint-Aubin"));
  EXPECT_FALSE(is_commune(town(), "la piscine à Saint-Aubin"));
}

TEST(Places, their_names_are_no_matter_to_search_for) {
  EXPECT_EQ(without_communes(town(), "la poubelle à Montreuil-le-Gué le lundi"),
            "la poubelle à  le lundi");
  EXPECT_EQ(without_communes(town(), "une fête à SAINT-AUBIN-SUR-ORLE"), "une fête à ");
  EXPECT_EQ(without_communes(town(), "Montreuil-le-Gué"), "Montreuil-le-Gué");
  EXPECT_EQ(without_communes(town(), "changer de prénom, j'habite St Aubin"),
            "changer de prénom, j'habite ");
  EXPECT_EQ(without_communes(town(), "la rue Montreuil est sale"), "la rue Montreuil est sale");
}

TEST(Places, what_was_asked_of_elsewhere_is_kept_without_it) {
  EXPECT_EQ(without_name("enlever des encombrants à Saint-Étienne", "Saint-Étienne"),
            "enlever des encombrants à ");
  EXPECT_EQ(without_name("à Rennes", "Rennes"), "à Rennes");
  EXPECT_TRUE(is_commune(town(), "et chez moi à Saint-Aubin ?"));
}

TEST(Places, the_same_is_asked_of_another_place) {
  EXPECT_TRUE(asks_the_same("c'est pareil à Montreuil ?"));
  EXPECT_TRUE(asks_the_same("sa maison est à Montreuil, c'est le même prix ?"));
  EXPECT_FALSE(asks_the_same("la piscine à Montreuil"));
}

TEST(Places, where_somebody_comes_from_is_not_where_the_matter_is) {
  EXPECT_TRUE(comes_from("on vient d'arriver de Nantes, à qui demander un bac", "Nantes"));
  EXPECT_TRUE(comes_from("avant à Caen, je suis ici depuis hier", "Caen"));
  EXPECT_TRUE(comes_from("on est pas à Nantes ici", "Nantes"));
  EXPECT_TRUE(comes_from("je viens d'emménager, avant j'étais à Nantes", "Nantes"));
  EXPECT_FALSE(comes_from("la piscine de Nantes", "Nantes"));
  EXPECT_FALSE(comes_from("je viens de Nantes", "Nantes"));
  EXPECT_FALSE(comes_from("j'habite à Nantes", "Nantes"));
}

}  // namespace
}  // namespace parvis::dialogue
