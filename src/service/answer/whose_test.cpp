#include "answer/whose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::answer {
namespace {

std::vector<std::string_view> nationalities(Whose person, std::string_view text) {
  std::vector<std::string_view> out;
  for (const Trait& trait : described_for(person, text).traits)
    if (trait.family == Family::nationality) out.push_back(trait.name);
  return out;
}

TEST(Whose, HearsWhoIsAskedFor) {
  EXPECT_EQ(whose("quels papiers il doit fournir lui ?"), Whose::others);
  EXPECT_EQ(whose("et pour ma fille ?"), Whose::others);
  EXPECT_EQ(whose("et moi je dois apporter quoi"), Whose::own);
  EXPECT_EQ(whose("quels papiers il faut ?"), Whose::unsaid);
  EXPECT_EQ(whose("il est possible de payer en ligne ?"), Whose::unsaid);
  EXPECT_EQ(whose("je dois venir avec elle ?"), Whose::unsaid) << "both";
  EXPECT_EQ(whose(""), Whose::unsaid);
}

TEST(Whose, TakesOfTwoWhatIsToldOfTheOneAskedFor) {
  constexpr std::string_view kTwo = "on veut se pacser, mon copain est brésilien et moi française";
  EXPECT_THAT(nationalities(Whose::others, kTwo), testing::ElementsAre("foreigner"));
  EXPECT_THAT(nationalities(Whose::own, kTwo), testing::ElementsAre("french"));
  EXPECT_EQ(nationalities(Whose::unsaid, kTwo).size(), 2U);
}

TEST(Whose, KeepsWhatIsToldOfOneAlone) {
  EXPECT_THAT(nationalities(Whose::own, "mon copain est brésilien"),
              testing::ElementsAre("foreigner"))
      << "it may be meant all the same";
}

TEST(Whose, HearsWhatOthersDo) {
  EXPECT_EQ(done_by_others("mon voisin fait la fête tous les soirs j'en peux plus"),
            "fait la fete tous les soirs en peux plus")
      << "an elided word is none";
  EXPECT_EQ(done_by_others("mes voisins sont impossibles, ils font la fête"),
            "sont impossibles font la fete");
  EXPECT_EQ(done_by_others("je fais une fête et mon voisin se plaint"), "se plaint");
  EXPECT_EQ(done_by_others("je fais une fête avec mes voisins samedi"), "");
  EXPECT_EQ(done_by_others("je suis locataire et je pars"), "");
  EXPECT_EQ(done_by_others("il faut quels papiers ?"), "") << "nobody is told of";
  EXPECT_EQ(done_by_others("mon fils veut passer le permis"), "") << "it is asked for him";
  EXPECT_EQ(done_by_others(""), "");
}

TEST(Whose, HearsAHeadingThatSpeaksToTheDoer) {
  EXPECT_TRUE(speaks_to_the_doer("Vous organisez une fête"));
  EXPECT_TRUE(speaks_to_the_doer("Si vous êtes propriétaire"));
  EXPECT_FALSE(speaks_to_the_doer("Un voisin fait du bruit"));
  EXPECT_FALSE(speaks_to_the_doer("Que pouvez-vous faire ?"));
  EXPECT_FALSE(speaks_to_the_doer(""));
}

}  // namespace
}  // namespace parvis::answer
