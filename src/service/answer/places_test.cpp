#include "answer/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

Section section(std::vector<std::string> path, std::string text) {
  Section out;
  out.own_facets = path.empty() ? std::vector<Facet>{} : facets_of_heading(path.back());
  out.facets = out.own_facets;
  out.path = std::move(path);
  out.pieces.push_back({.text = std::move(text), .words = 9, .block = nullptr});
  return out;
}

class Places : public testing::Test {
 protected:
  std::vector<SheetPlace> of(const std::string& message, const Said& said = {},
                             double animals_near = 0) {
    Words words;
    const std::vector<AskedTerm> asked =
        asked_terms(text::terms(message), text::terms("Bail d'habitation"));
    std::vector<Relevance> relevance = parvis::answer::relevance(all_, asked, words);
    relevance[2].nearness = animals_near;
    return places(all_, relevance, asked, facets_of_question(message), said);
  }
  static std::vector<LikelyPlace> likely(const std::vector<SheetPlace>& all) {
    return by_likelihood(all, place_weights(true));
  }
  static double sign(const SheetPlace& place, PlaceSign which) {
    return place.signs[static_cast<std::size_t>(which)];
  }

  std::vector<Section> all_ = {
      section({}, "Le bail fixe les droits du locataire et du bailleur."),
      section({"Coût"}, "Le loyer est de 600 € par mois, et il est révisé une fois par an."),
      section({"Animaux"}, "Le bailleur ne peut pas interdire un chien au locataire.")};
};

TEST_F(Places, AreTheSectionsThatCanBeSaidAndNowhere) {
  all_[1].warning = true;
  const auto all = of("et mon chien ?");
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_THAT(all[0].section, Optional(Eq(0)));
  EXPECT_THAT(all[1].section, Optional(Eq(2)));
  EXPECT_FALSE(all[2].section);
  EXPECT_EQ(sign(all[2], PlaceSign::nowhere), 1);
  EXPECT_EQ(sign(all[0], PlaceSign::nowhere), 0);
}

TEST_F(Places, BearWhatSpeaksForThem) {
  const auto all = of("combien coûte le chien du locataire ?", said_in(all_[0].pieces[0].text), .7);
  EXPECT_EQ(sign(all[0], PlaceSign::first), 1);
  EXPECT_EQ(sign(all[0], PlaceSign::said), 1);
  EXPECT_EQ(sign(all[1], PlaceSign::facet), 1) << "its heading announces the cost";
  EXPECT_EQ(sign(all[2], PlaceSign::facet), 0);
  EXPECT_EQ(sign(all[2], PlaceSign::near), .7);
  EXPECT_GT(sign(all[2], PlaceSign::nearest), .9) << "none other is near";
  EXPECT_EQ(sign(of("et mon chien ?")[2], PlaceSign::nearest), 0) << "by words alone";
  EXPECT_EQ(sign(all[1], PlaceSign::most), 1) << "no other has as much of the words";
  EXPECT_EQ(sign(all[3], PlaceSign::named), 1);
}

TEST_F(Places, TheLikeliestHasTheWordsAndANearnessMakesItLikelier) {
  const auto by_words = likely(of("et mon chien, il a le droit ?"));
  const auto and_near = likely(of("et mon chien, il a le droit ?", {}, 1));
  ASSERT_THAT(by_words, SizeIs(3));
  EXPECT_EQ(by_words[0].section, 2u);
  EXPECT_EQ(and_near.at(0).section, 2u);
  EXPECT_GT(and_near[0].chance, by_words[0].chance);
  EXPECT_GE(and_near[1].chance, and_near[2].chance);
  EXPECT_LT(and_near[0].chance + and_near[1].chance + and_near[2].chance, 1) << "it may be nowhere";
}

TEST_F(Places, NoneIsLikelyForWordsOfSomethingElse) {
  const auto chien = likely(of("et mon chien, il a le droit ?", {}, 1));
  const auto other = likely(of("et les horaires de la piscine samedi ?"));
  EXPECT_LT(other.at(0).chance, chien.at(0).chance / 2);
}

TEST_F(Places, OfASheetThatCannotBeSaidThereIsNone) {
  EXPECT_THAT(likely(places({}, {}, {}, {}, {})), IsEmpty());
}

}  // namespace
}  // namespace parvis::answer
