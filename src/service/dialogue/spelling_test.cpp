#include "dialogue/spelling.hpp"

#include <gtest/gtest.h>

namespace parvis::dialogue {
namespace {

TEST(Spelling, short_forms_of_messages_are_spelled_out) {
  EXPECT_EQ(spelled_out("slt g perdu ma carte jfé koi ?"),
            "slt j'ai perdu ma carte je fais quoi ?");
  EXPECT_EQ(spelled_out("c combien et pa 2 voiture"), "c'est combien et pas de voiture");
  EXPECT_EQ(spelled_out("Komen faire, pk ?"), "comment faire, pourquoi ?");
  EXPECT_EQ(spelled_out("ma cb jfais koi"), "ma carte bancaire je fais quoi");
  EXPECT_EQ(spelled_out("ma carte cb, payer par cb"),
            "ma carte bancaire, payer par carte bancaire");
  EXPECT_EQ(spelled_out("ça coute cb ?"), "ça coûte combien ?");
}

TEST(Spelling, what_is_written_otherwise_stays) {
  for (const char* text : {"une lettre de 20 g", "le permis c", "j'ai 2 enfants", "  deux  mots ",
                           "Quelle est l'adresse de la mairie ?", ""})
    EXPECT_EQ(spelled_out(text), text);
}

TEST(Spelling, a_thing_is_searched_with_its_kind) {
  EXPECT_EQ(with_kind("j'ai vendu ma clio"), "j'ai vendu ma voiture");
  EXPECT_EQ(with_kind("vendre ma Renault Clio, vite"), "vendre ma voiture vite");
  EXPECT_EQ(with_kind("un nid de poule rue Haute"),
            "un nid de poule rue Haute trou dans la chaussée");
  EXPECT_EQ(with_kind("un nid de guêpes"), "un nid de guêpes");
}

TEST(Spelling, a_day_that_only_tells_when_is_not_searched) {
  EXPECT_EQ(without_bare_days("mon mari est mort dimanche, que faire"),
            "mon mari est mort que faire");
  EXPECT_EQ(without_bare_days("peut-on se marier un dimanche ?"),
            "peut-on se marier un dimanche ?");
  EXPECT_EQ(without_bare_days("la collecte du jeudi"), "la collecte du jeudi");
  EXPECT_EQ(without_bare_days("dimanche ?"), "dimanche ?") << "when nothing else is said";
}

}  // namespace
}  // namespace parvis::dialogue
