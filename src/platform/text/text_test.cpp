#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/normalise.hpp"
#include "text/tokens.hpp"

namespace parvis::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> out;
  for (const Word& word : words(text)) out.push_back(word.folded);
  return out;
}

TEST(Clean, CollapsesSpacesAndDropsWhatNobodySees) {
  EXPECT_EQ(clean("  a\t\n b\u00a0c  "), "a b c");
  EXPECT_EQ(clean(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(clean("pass\u200bport \u202eabc\u202c"), "passport abc");
  EXPECT_EQ(clean("\ufeffbonjour"), "bonjour");
}

TEST(Clean, SurvivesMalformedBytes) {
  EXPECT_EQ(clean("caf\xff\xc3"), "caf");
  EXPECT_TRUE(valid_utf8(clean("\xf0\x9f\x98 \xed\xa0\x80 ok")));
  EXPECT_EQ(clean(""), "");
}

TEST(Fold, LowersAndStripsAccents) {
  EXPECT_EQ(fold("ÉTAT Œuvre ÇA"), "etat oeuvre ca");
  EXPECT_EQ(fold("l’été"), "l'ete");
  EXPECT_EQ(fold("ABC"), "abc");
}

// What French is written with takes a short way; a combining mark, which folding drops, takes the
// same text the long way.
TEST(Fold, BothWaysAgree) {
  std::vector<std::string> letters;
  for (unsigned c = 1; c < 0x80; ++c) letters.emplace_back(1, static_cast<char>(c));
  for (unsigned c = 0x80; c < 0x180; ++c)
    letters.push_back({static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))});
  for (unsigned c = 0x2010; c < 0x2040; ++c)
    letters.push_back({static_cast<char>(0xE2), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                       static_cast<char>(0x80 | (c & 0x3F))});
  for (const std::string& letter : letters)
    EXPECT_EQ(fold("é" + letter + "a"), fold("é" + letter + "a\u0301")) << letter;
}

TEST(Utf8, PrefixNeverCutsACharacter) {
  EXPECT_EQ(utf8_prefix("aé", 2), "a");
  EXPECT_EQ(utf8_prefix("aé", 3), "aé");
  EXPECT_FALSE(valid_utf8("\xc3"));
  EXPECT_TRUE(valid_utf8("été"));
}

TEST(Words, CutElisionsAndJoinInitialsAndThousands) {
  EXPECT_THAT(folded_words("l'état d’urgence aujourd'hui"),
              ElementsAre("etat", "urgence", "aujourd", "hui"));
  EXPECT_THAT(folded_words("ma C.N.I. et 12 000 € le 1er"),
              ElementsAre("ma", "cni", "et", "12000", "le", "1er"));
  EXPECT_THAT(folded_words("en 2020 300 places"), ElementsAre("en", "2020", "300", "places"));
  EXPECT_THAT(folded_words(" ?! …"), IsEmpty());
}

TEST(Terms, AreStemsWithoutStopWords) {
  EXPECT_THAT(terms("Bonjour, je voudrais renouveler ma carte d'identité"),
              ElementsAre("renouvel", "cart", "identit"));
  EXPECT_EQ(terms("demandes"), terms("demande"));
  EXPECT_EQ(terms("IDENTITÉ"), terms("identite"));
}

TEST(Terms, AreAkinWhenTheyBeginAlike) {
  const auto one = [](std::string_view word) { return terms(word).at(0); };
  EXPECT_TRUE(akin(one("renonce"), one("renonciation")));
  EXPECT_TRUE(akin(one("inscrire"), one("inscrivez")));
  EXPECT_FALSE(akin(one("marié"), one("mariage")));
  EXPECT_FALSE(akin(one("emploi"), one("employeur")));
  EXPECT_FALSE(akin(one("acceptation"), one("renonciation")));
}

TEST(Sentences, EndAtStopsButNotAtAbbreviations) {
  EXPECT_THAT(sentences("Voir art. 4 du code. Payez 12.50 euros ! Oui ?"),
              ElementsAre("Voir art. 4 du code.", "Payez 12.50 euros !", "Oui ?"));
  EXPECT_THAT(sentences("Un\nDeux"), ElementsAre("Un", "Deux"));
  EXPECT_THAT(sentences(""), IsEmpty());
}

}  // namespace
}  // namespace parvis::text
