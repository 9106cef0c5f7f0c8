#include "answer/said.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::answer {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kPrice = "Le passeport d'un adulte coûte 86 € en timbre fiscal.";
constexpr std::string_view kPlace = "La demande se fait au guichet d'une mairie équipée.";

TEST(Said, KeepsSentencesAndItemsAndNoLabels) {
  const std::string text = std::string("Coût :\n") + std::string(kPrice) + " " +
                           std::string(kPlace) +
                           "\n- une copie de l'acte de naissance de moins de 3 mois";
  EXPECT_THAT(said_in(text), SizeIs(3));
  EXPECT_THAT(said_in("Oui.\nCoût :"), IsEmpty());
}

TEST(Said, KnowsABeginning) {
  const Said said = said_in(kPrice);
  EXPECT_TRUE(was_said(said, std::string(kPrice) + " " + std::string(kPlace)));
  EXPECT_FALSE(was_said(said, std::string(kPlace) + " " + std::string(kPrice)));
  EXPECT_FALSE(was_said(said, "Coût :")) << "a label says nothing";
  EXPECT_FALSE(was_said({}, kPrice));
}

TEST(Said, CountsByLength) {
  const Said said = said_in(kPrice);
  EXPECT_DOUBLE_EQ(share_said(said, kPrice), 1);
  EXPECT_DOUBLE_EQ(share_said(said, kPlace), 0);
  EXPECT_NEAR(share_said(said, std::string(kPrice) + " " + std::string(kPlace)), .5, .05);
  EXPECT_DOUBLE_EQ(share_said(said, "Oui."), 0);
}

}  // namespace
}  // namespace parvis::answer
