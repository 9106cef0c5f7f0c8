#include "tenancy/names.hpp"

#include <gtest/gtest.h>

namespace parvis::tenancy {
namespace {

TEST(Names, TakeTheArticleOfTheirFirstWord) {
  EXPECT_EQ(with_article("Agglomération du Val d’Orle"), "l’Agglomération du Val d’Orle");
  EXPECT_EQ(with_article("Ville de Bourg"), "la Ville de Bourg");
  EXPECT_EQ(with_article("Bourg"), "Bourg");
  EXPECT_EQ(with_article(""), "");
}

}  // namespace
}  // namespace parvis::tenancy
