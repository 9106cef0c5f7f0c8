#include "retrieval/learn.hpp"

#include <gmock/gmock.h>

#include <random>

namespace parvis::retrieval {
namespace {

Candidate with(double lexical, double title) {
  Candidate out;
  out.x[static_cast<std::size_t>(Feature::lexical)] = lexical;
  out.x[static_cast<std::size_t>(Feature::title_cosine)] = title;
  return out;
}

TEST(LearnRank, finds_the_feature_that_tells_right_from_wrong) {
  std::mt19937 random(1);  // NOLINT: the same every time
  std::uniform_real_distribution<double> noise(0, 1);
  std::vector<Lesson> lessons;
  for (int i = 0; i < 200; ++i) {
    Lesson& lesson = lessons.emplace_back();
    for (int c = 0; c < 20; ++c) {
      lesson.candidates.push_back(with(noise(random), c == 0 ? 0 : -1 - noise(random)));
      lesson.right.push_back(c == 0);
    }
  }
  std::vector<const Lesson*> all;
  for (const Lesson& lesson : lessons) all.push_back(&lesson);
  const auto weights = learn_rank(all, 1);
  EXPECT_GT(weights[static_cast<std::size_t>(Feature::title_cosine)], 2);
  EXPECT_LT(std::abs(weights[static_cast<std::size_t>(Feature::lexical)]), 1);
  EXPECT_EQ(weights[static_cast<std::size_t>(Feature::theme)], 0);
}

TEST(LearnChoice, weighs_what_speaks_for_the_right_option_whatever_their_number) {
  std::vector<Choice> choices;
  for (int i = 0; i < 30; ++i) {
    const double noise = i % 3;
    choices.push_back({{{1, noise}, {0, 1}}, {true, false}});
    choices.push_back({{{0, 2}, {1, noise}, {0, 0}}, {false, true, false}});
  }
  std::vector<const Choice*> all;
  for (const Choice& choice : choices) all.push_back(&choice);
  const std::vector<double> weights = learn_choice(all, 1);
  ASSERT_EQ(weights.size(), 2U);
  EXPECT_GT(weights[0], 1);
  EXPECT_LT(std::abs(weights[1]), weights[0] / 2);
  EXPECT_TRUE(learn_choice({}, 1).empty());
}

TEST(LearnRank, learns_nothing_from_questions_without_a_right_candidate) {
  Lesson lesson{.candidates = {with(1, 0), with(0, 1)}, .right = {false, false}};
  const std::vector<const Lesson*> all = {&lesson};
  EXPECT_THAT(learn_rank(all, 1), testing::Each(0));
  EXPECT_THAT(learn_rank({}, 1), testing::Each(0));
}

TEST(LearnConfidence, is_calibrated_where_the_sign_is_informative) {
  std::mt19937 random(2);  // NOLINT: the same every time
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<Outcome> outcomes;
  for (int i = 0; i < 4000; ++i) {
    Outcome& one = outcomes.emplace_back();
    one.signs[static_cast<std::size_t>(Sign::constant)] = 1;
    const double chance = uniform(random) * 4 - 2;
    one.signs[static_cast<std::size_t>(Sign::chance)] = chance;
    one.right = uniform(random) < 1 / (1 + std::exp(-chance));
  }
  const auto weights = learn_confidence(outcomes, 1);
  EXPECT_NEAR(weights[static_cast<std::size_t>(Sign::chance)], 1, 0.1);
  EXPECT_NEAR(weights[static_cast<std::size_t>(Sign::constant)], 0, 0.1);
}

}  // namespace
}  // namespace parvis::retrieval
