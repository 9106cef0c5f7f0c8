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

}  // namespace
}  // namespace parvis::answer
