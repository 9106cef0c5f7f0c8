#include "danger/alarm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "danger/alarm_fit.hpp"

namespace parvis::danger {
namespace {

// Sentences of three dimensions: the first tells danger, the second which.
std::vector<Lesson> lessons() {
  std::vector<Lesson> out;
  for (int i = 0; i < 40; ++i) {
    const auto little = static_cast<float>(i % 5) / 50;
    for (std::size_t k = 0; k < kKinds; ++k)
      out.push_back({{k == 0 ? -1.0F : 1.0F, static_cast<float>(k) - 4 + little, little},
                     static_cast<Kind>(k)});
  }
  return out;
}

TEST(Alarm, LearnsWhatTellsOfDangerAndStaysCalmOtherwise) {
  const auto all = lessons();
  const AlarmFit fit = fit_alarm(all, "model", 0);
  EXPECT_EQ(fit.dangers, 280U);
  EXPECT_GT(fit.heard, 270U);
  EXPECT_EQ(fit.raised, 0U);
  const Heard calm = fit.alarm.hears(std::vector{-1.0F, -4.0F, 0.0F});
  EXPECT_TRUE(calm.kind == Kind::calm || calm.doubtful);
  EXPECT_EQ(fit.alarm.hears(std::vector{1.0F, 3.0F, 0.0F}), (Heard{Kind::homeless, false}));
  EXPECT_EQ(fit.alarm.hears(std::vector{1.0F, 3.0F}), Heard()) << "of another model";
  const auto chances = fit.alarm.chances(std::vector{1.0F, 0.0F, 0.0F});
  EXPECT_NEAR(std::accumulate(chances.begin(), chances.end(), 0.0), 1, 1e-9);
}

TEST(Alarm, DoubtsBetweenHalfTheThresholdAndIt) {
  // Calm against suicide by the one number there is; the other kinds are far.
  std::vector<std::vector<float>> weights(kKinds, {0, -50});
  weights[0] = {0, 0};
  weights[1] = {1, 0};
  const Alarm alarm("model", weights, 0.8);
  const auto hears = [&](float danger) {
    return alarm.hears(std::vector{std::log(danger / (1 - danger))});
  };
  EXPECT_EQ(hears(0.35F), Heard());
  EXPECT_EQ(hears(0.45F), (Heard{Kind::suicide, true}));
  EXPECT_EQ(hears(0.85F), (Heard{Kind::suicide, false}));
}

TEST(Alarm, IsReadAsItIsWritten) {
  const Alarm alarm = fit_alarm(lessons(), "model").alarm;
  const auto read = Alarm::from_json(alarm.to_json());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to_json(), alarm.to_json());
  EXPECT_EQ(read->model(), "model");
  EXPECT_EQ(read->dimension(), 3U);
}

TEST(Alarm, AWrongFileIsToldWithWhatToDo) {
  for (const char* text : {"", "[]", "{}", R"({"model":"m","threshold":1,"weights":{"calm":[1]}})",
                           R"({"model":"m","threshold":1,"weights":{"calm":["a",1]}})"}) {
    const auto read = Alarm::from_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().what.find("parvis fit alarm"), std::string::npos) << text;
  }
}

TEST(Alarm, EachKindIsToBeLearnt) {
  auto some = lessons();
  std::erase_if(some, [](const Lesson& lesson) { return lesson.kind == Kind::fire; });
  EXPECT_THROW(fit_alarm(some, "model"), Error);
}

TEST(Alarm, TheBuiltInOneIsSound) {
  EXPECT_EQ(Alarm::built_in().dimension(), 384U);
  EXPECT_GT(Alarm::built_in().threshold(), 0.5);
  for (std::size_t k = 0; k < kKinds; ++k)
    EXPECT_EQ(kind_named(name(static_cast<Kind>(k))), static_cast<Kind>(k));
  EXPECT_FALSE(kind_named("joie"));
}

}  // namespace
}  // namespace parvis::danger
