#include "answer/facts.hpp"

#include <gtest/gtest.h>

#include "answer/verify.hpp"

namespace parvis::answer {
namespace {

bool has(const Facts& facts, Fact::Kind kind, const std::string& value) {
  return facts.contains(Fact{kind, value});
}

TEST(Facts, AmountsRatesAndDelaysCarryTheirUnit) {
  const Facts facts = hard_facts(
      "Le passeport coûte 86 €, soit 1\u202F539,42\u00A0€ ou 45,50 euros. Un taux de 12,5 % "
      "s'applique pendant 3 mois et 10 jours.");
  EXPECT_TRUE(has(facts, Fact::Kind::amount, "86"));
  EXPECT_TRUE(has(facts, Fact::Kind::amount, "1539.42"));
  EXPECT_TRUE(has(facts, Fact::Kind::amount, "45.5"));
  EXPECT_TRUE(has(facts, Fact::Kind::percent, "12.5"));
  EXPECT_TRUE(has(facts, Fact::Kind::duration, "3 mois"));
  EXPECT_TRUE(has(facts, Fact::Kind::duration, "10 jour"));
  EXPECT_EQ(facts.size(), 6U);
}

TEST(Facts, DatesPhonesLinksAndMails) {
  const Facts facts = hard_facts(
      "Avant le 1er mars 2019, appelez le 09 70 83 07 07 ou le 3919, voyez "
      "(https://www.ants.gouv.fr/A-b?c=12). Écrivez à accueil@mairie.fr.");
  EXPECT_TRUE(has(facts, Fact::Kind::date, "2019-03-01"));
  EXPECT_TRUE(has(facts, Fact::Kind::number, "0970830707"));
  EXPECT_TRUE(has(facts, Fact::Kind::number, "3919"));
  EXPECT_TRUE(has(facts, Fact::Kind::link, "https://www.ants.gouv.fr/A-b?c=12"));
  EXPECT_TRUE(has(facts, Fact::Kind::email, "accueil@mairie.fr"));
  EXPECT_EQ(facts.size(), 5U);
}

TEST(Facts, SpacesAndGroupingDoNotCount) {
  EXPECT_EQ(hard_facts("12\u202F580 €"), hard_facts("12580 euros"));
  EXPECT_EQ(hard_facts("10\u00A0mois"), hard_facts("10 mois"));
  EXPECT_NE(hard_facts("10 mois"), hard_facts("10 ans"));
  EXPECT_NE(hard_facts("86 €"), hard_facts("86"));
}

TEST(Facts, ANumberEndsWithItsLine) {
  EXPECT_EQ(hard_facts("BP 12\n98600 Mata Utu"),
            (Facts{{Fact::Kind::number, "12"}, {Fact::Kind::number, "98600"}}));
}

TEST(Facts, HostileTextIsRead) {
  EXPECT_TRUE(hard_facts("").empty());
  EXPECT_TRUE(hard_facts("@ @@ :// 　").size() <= 2);
  EXPECT_EQ(hard_facts(std::string(5000, '9')).size(), 1U);
}

TEST(Facts, WordsAreCountedAsRead) {
  EXPECT_EQ(word_count("Quel coût\u00A0: 86\u202F€\n- oui"), 7U);
  EXPECT_EQ(word_count("  \n "), 0U);
}

TEST(Verify, DropsWhatThePassageDoesNotState) {
  Answer answer;
  answer.citations.push_back({});
  answer.citations[0].passage = "La carte est gratuite. Elle vaut 10 ans.";
  answer.text = "La carte est gratuite. Elle vaut 15 ans.";
  answer.more.push_back({"Durée", "- Elle vaut 10 ans.\n- Elle coûte 25 €.", 0});
  EXPECT_EQ(verify(answer), 2U);
  EXPECT_EQ(answer.text, "La carte est gratuite.");
  EXPECT_EQ(answer.more[0].text, "- Elle vaut 10 ans.");
}

TEST(Verify, LeavesAStatedAnswerAlone) {
  Answer answer;
  answer.citations.push_back({});
  answer.citations[0].passage = "Coût\nLe passeport coûte 86\u202F€.";
  answer.text = "Le passeport coûte 86 €.";
  EXPECT_EQ(verify(answer), 0U);
  EXPECT_EQ(answer.text, "Le passeport coûte 86 €.");
}

TEST(Verify, SeesFlaws) {
  Answer answer;
  answer.text = "Vous devez fournir :";
  EXPECT_NE(flaw(answer), "");
  answer.text = "Vous devez fournir :\n- une photo";
  EXPECT_EQ(flaw(answer), "");
  for (int i = 0; i < 130; ++i) answer.text.append(" mot");
  EXPECT_EQ(flaw(answer), "long");
}

}  // namespace
}  // namespace parvis::answer
