#include "dialogue/going_on.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dialogue/hear.hpp"
#include "text/tokens.hpp"

namespace parvis::dialogue {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::Field;

double sign(const Option& option, Sign which) {
  return option.signs[static_cast<std::size_t>(which)];
}

Found found(std::initializer_list<std::pair<const char*, double>> pages) {
  Found out;
  double sum = 0;
  for (const auto& [id, share] : pages) sum += share;
  for (const auto& [id, share] : pages) out.shares.push_back({id, std::log(share / sum)});
  return out;
}

class GoingOn : public testing::Test {
 protected:
  std::vector<Option> of(const std::string& message) const {
    return options(hear(message), {alone_, joined_, titled_}, subject_);
  }
  std::string likeliest(const std::string& message) const {
    const std::vector<Option> all = of(message);
    const std::vector<double> likely = chances(all, sign_weights(Reading::other_model));
    return all[static_cast<std::size_t>(std::ranges::max_element(likely) - likely.begin())].id;
  }
  // Of a stolen card.
  Subject subject_ = {.id = "theft",
                      .words = text::terms("vol de la carte, déclaration, photo, guichet"),
                      .filed = {},
                      .links = {}};
  Found alone_ = found({{"bank", 9}, {"photo", 1}});
  Found joined_ = found({{"theft", 6}, {"bank", 4}});
  Found titled_ = found({{"theft", 6}, {"bank", 4}});
};

TEST_F(GoingOn, weighs_the_page_talked_about_and_those_found_three_ways) {
  const std::vector<Option> all = of("et ma banque ?");
  EXPECT_THAT(all, ElementsAre(Field(&Option::id, "theft"), Field(&Option::id, "bank"),
                               Field(&Option::id, "photo")));
  EXPECT_THAT(sign(all[1], Sign::alone), DoubleEq(std::log(.9)));
  EXPECT_THAT(sign(all[0], Sign::alone), DoubleEq(-7)) << "not found";
  EXPECT_EQ(sign(all[0], Sign::stays), 1);
  EXPECT_EQ(sign(all[0], Sign::goes_on), 1);
  EXPECT_EQ(sign(all[0], Sign::turns), 0);
  EXPECT_EQ(sign(all[0], Sign::words), .25);
  EXPECT_EQ(sign(all[0], Sign::speaks), 0);
  EXPECT_EQ(sign(all[1], Sign::stays), 0);
  EXPECT_EQ(sign(of("la photo de ma carte au guichet")[0], Sign::speaks), 1);
}

TEST_F(GoingOn, hears_whether_the_model_reads_that_it_stays) {
  EXPECT_EQ(sign(of("et ma banque ?")[0], Sign::likely), 0) << "not read: as is usual";
  subject_.odds = 3;
  EXPECT_EQ(sign(of("et ma banque ?")[0], Sign::likely), 1);
  EXPECT_EQ(sign(of("et ma banque ?")[1], Sign::likely), 0);
  subject_.odds = 1e9;
  EXPECT_EQ(sign(of("et ma banque ?")[0], Sign::likely), 4) << "no more than the most";
  subject_.odds = 4;
  const double likely = chances(of("et ma banque ?"), sign_weights(Reading::model))[0];
  subject_.odds = -2;
  EXPECT_LT(chances(of("et ma banque ?"), sign_weights(Reading::model))[0], likely);
}

TEST_F(GoingOn, tells_how_others_are_filed_beside_the_page_talked_about) {
  subject_.filed = {1, 2, 3};
  subject_.links = {"photo"};
  alone_.shares[0].filed = {1, 2, 4};  // the bank's
  const std::vector<Option> all = of("et ma banque ?");
  EXPECT_EQ(sign(all[1], Sign::theme), 1);
  EXPECT_EQ(sign(all[1], Sign::subtheme), 1);
  EXPECT_EQ(sign(all[1], Sign::dossier), 0);
  EXPECT_EQ(sign(all[1], Sign::linked), 0);
  EXPECT_EQ(sign(all[1], Sign::own), 0);
  EXPECT_EQ(sign(all[2], Sign::linked), 1);
  EXPECT_EQ(sign(all[2], Sign::own), 1) << "the town's: filed under nothing";
  EXPECT_EQ(sign(all[0], Sign::theme), 0) << "the page itself";
  subject_.filed = {};
  EXPECT_EQ(sign(of("et ma banque ?")[1], Sign::theme), .5) << "beside the town's, unknown";
}

TEST_F(GoingOn, the_chances_add_up_to_one) {
  const std::vector<double> likely = chances(of("et ma banque ?"), sign_weights(Reading::words));
  EXPECT_NEAR(likely[0] + likely[1] + likely[2], 1, 1e-9);
  EXPECT_TRUE(chances({}, sign_weights(Reading::words)).empty());
}

TEST_F(GoingOn, stays_with_what_the_page_speaks_of_and_leaves_it_for_another_thing) {
  EXPECT_EQ(likeliest("la photo je la fais où"), "theft");
  EXPECT_EQ(likeliest("c'est combien ?"), "theft") << "names nothing";
  EXPECT_EQ(likeliest("et ma banque ?"), "bank");
  EXPECT_EQ(likeliest("autre chose, je cherche une banque"), "bank");
}

}  // namespace
}  // namespace parvis::dialogue
