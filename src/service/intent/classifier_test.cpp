#include "intent/classifier.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "intent/classifier_fit.hpp"

namespace parvis::intent {
namespace {

// Messages of three dimensions: the first tells questions from the rest, the second which it is.
std::vector<Lesson> lessons() {
  std::vector<Lesson> out;
  for (int i = 0; i < 40; ++i) {
    const auto little = static_cast<float>(i % 5) / 50;
    for (std::size_t k = 0; k < kKinds; ++k)
      out.push_back({{k == 0 ? -1.0F : 1.0F, static_cast<float>(k) - 5 + little, little},
                     static_cast<Kind>(k)});
  }
  return out;
}

TEST(Classifier, LearnsWhatTellsOfDangerOrIsAnActAndTakesTheRestForQuestions) {
  const ClassifierFit fit = fit_classifier(lessons(), "model", {});
  EXPECT_EQ(fit.groups[0].all, 280U);
  EXPECT_GT(fit.groups[0].heard, 270U);
  EXPECT_GE(fit.groups[0].heard, fit.groups[0].named);
  for (const Judged& group : fit.groups) EXPECT_EQ(group.raised, 0U);
  EXPECT_EQ(fit.questions, 40U);
  const Heard calm = fit.classifier.hears(std::vector{-1.0F, -5.0F, 0.0F});
  EXPECT_TRUE(calm.kind == Kind::question || calm.doubtful);
  EXPECT_EQ(fit.classifier.hears(std::vector{1.0F, -4.0F, 0.0F}), (Heard{Kind::suicide, false}));
  EXPECT_EQ(fit.classifier.hears(std::vector{1.0F, 5.0F, 0.0F}), (Heard{Kind::outside, false}));
  EXPECT_EQ(fit.classifier.hears(std::vector{1.0F, 5.0F}), Heard()) << "of another model";
  const Chances chances = fit.classifier.chances(std::vector{1.0F, 0.0F, 0.0F});
  EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), 1, 1e-9);
}

// Each kind against the others by one number of its own; what is not said is far.
Classifier by_hand(const Thresholds& thresholds) {
  std::vector<std::vector<float>> weights(kKinds, {0, 0, -50});
  weights[0] = {0, 0, 0};
  weights[1] = {1, 0, 0};
  weights[static_cast<std::size_t>(Kind::unsafe)] = {0, 1, 0};
  return Classifier("model", weights, thresholds);
}

TEST(Classifier, DoubtsADangerBetweenHalfTheThresholdAndIt) {
  const Classifier classifier = by_hand({0.8, 1, 1, 1});
  const auto hears = [&](float danger) {
    return classifier.hears(std::vector{std::log(danger / (1 - danger)), -50.0F});
  };
  EXPECT_EQ(hears(0.35F), Heard());
  EXPECT_EQ(hears(0.45F), (Heard{Kind::suicide, true}));
  EXPECT_EQ(hears(0.85F), (Heard{Kind::suicide, false}));
}

TEST(Classifier, ADangerThatIsNotFarComesBeforeAnAct) {
  const Classifier classifier = by_hand({0.6, 1, 0.3, 1});
  EXPECT_EQ(classifier.hears(std::vector{-50.0F, 0.0F}), (Heard{Kind::unsafe, false}));
  EXPECT_EQ(classifier.hears(std::vector{0.0F, 0.0F}), (Heard{Kind::suicide, true}))
      << "a third each";
}

TEST(Classifier, IsReadAsItIsWritten) {
  const Classifier classifier = fit_classifier(lessons(), "model").classifier;
  const auto read = Classifier::from_json(classifier.to_json());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->model(), "model");
  EXPECT_EQ(read->dimension(), 3U);
  // To the last digits but one: that is how numbers are read.
  for (std::size_t g = 0; g < kGroups; ++g)
    EXPECT_DOUBLE_EQ(read->thresholds()[g], classifier.thresholds()[g]);
  for (const float y : {-5.0F, -1.0F, 0.0F, 1.0F, 5.0F}) {
    const std::vector<float> message = {1.0F, y, 0.0F};
    EXPECT_EQ(read->hears(message), classifier.hears(message)) << y;
  }
}

TEST(Classifier, AWrongFileIsToldWithWhatToDo) {
  for (
      const char* text :
      {"", "[]", "{}", R"({"model":"m","thresholds":{},"weights":{"question":[1,1]}})",
       R"({"model":"m","thresholds":{"danger":1,"person":1,"unsafe":1,"outside":1},"weights":{"question":[1]}})",
       R"({"model":"m","thresholds":{"danger":1,"person":1,"unsafe":1,"outside":1},"weights":{"question":["a",1]}})"}) {
    const auto read = Classifier::from_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().what.find("parvis fit intents"), std::string::npos) << text;
  }
}

TEST(Classifier, EachKindIsToBeLearnt) {
  auto some = lessons();
  std::erase_if(some, [](const Lesson& lesson) { return lesson.kind == Kind::fire; });
  EXPECT_THROW(fit_classifier(some, "model"), Error);
}

TEST(Classifier, TheBuiltInOneIsSound) {
  EXPECT_EQ(Classifier::built_in().dimension(), 384U);
  EXPECT_GT(Classifier::built_in().thresholds()[0], 0.5);
  for (std::size_t k = 0; k < kKinds; ++k)
    EXPECT_EQ(kind_named(name(static_cast<Kind>(k))), static_cast<Kind>(k));
  EXPECT_FALSE(kind_named("joie"));
}

}  // namespace
}  // namespace parvis::intent
