#include "procedure/follow.hpp"

#include <gtest/gtest.h>

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;

Definition read(int version, std::string_view pages, std::string_view more = "") {
  auto definition = read_definition(
      "id: essai\nversion: " + std::to_string(version) +
      "\ntitle: Essai\nsummary: Pour voir.\nservice: mairie\nother_ways: [Au guichet.]\n"
      "clock: {silence: none, delay: 2 months, basis: Une déclaration.}\n" +
      std::string(more) + "steps:\n  - title: Un\n    pages:\n" + std::string(pages));
  EXPECT_TRUE(definition) << (definition ? "" : definition.error().front().what);
  return definition ? std::move(*definition) : Definition{};
}

const Moment kMoment{LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})), {}, "99001"};
constexpr std::string_view kOld =
    "      - {id: motif, type: choice, label: Motif, options: [vol, perte]}\n"
    "      - {id: nom, type: text, label: Nom, max: 20}\n"
    "      - {id: foyer, type: repeat, label: Foyer, optional: true, fields: [{id: age, type: "
    "number, label: Âge}]}\n";

bool follows_with(std::string_view pages, const json::object& answers, std::string_view more = "") {
  return follows(read(1, kOld), read(2, pages, more), answers, kMoment);
}
std::string with(std::string_view from, std::string_view to) {
  std::string out(kOld);
  return out.replace(out.find(from), from.size(), to);
}

const json::object kAnswers = {
    {"motif", "perte"}, {"nom", "Élodie Roy"}, {"foyer", json::array{json::object{{"age", 7}}}}};

TEST(Follow, NewQuestionsAreAskedAndNothingIsLost) {
  EXPECT_TRUE(follows_with(kOld, kAnswers));
  EXPECT_TRUE(
      follows_with(std::string(kOld) + "      - {id: plus, type: text, label: Plus}\n", kAnswers));
  EXPECT_TRUE(follows_with(with("label: Nom", "label: Votre nom"), kAnswers));
}

TEST(Follow, AnAnswerHasItsQuestionOfTheSameType) {
  EXPECT_FALSE(follows_with(with("id: nom", "id: prenom"), kAnswers));
  EXPECT_FALSE(follows_with(
      with("id: nom, type: text, label: Nom, max: 20", "id: nom, type: long_text, label: Nom"),
      kAnswers));
  EXPECT_FALSE(follows_with(with("{id: age, type: number", "{id: age, type: date"), kAnswers));
  EXPECT_FALSE(follows_with(with("{id: age", "{id: annees"), kAnswers));
}

TEST(Follow, WhatWasRightIsRight) {
  EXPECT_FALSE(follows_with(with("[vol, perte]", "[vol, casse]"), kAnswers));
  EXPECT_FALSE(follows_with(with("max: 20", "max: 5"), kAnswers));
  EXPECT_TRUE(follows_with(with("max: 20", "max: 5"), {{"motif", "perte"}}));
  // What was wrong before keeps nobody from the newer version.
  EXPECT_TRUE(follows_with(kOld, {{"motif", "autre"}}));
}

TEST(Follow, NobodyIsBarredWhoWasNot) {
  EXPECT_FALSE(follows_with(kOld, kAnswers,
                            "who: [{must: \"motif != 'perte'\", field: motif, message: Non.}]\n"));
  EXPECT_TRUE(follows_with(kOld, {{"nom", "Roy"}},
                           "who: [{must: \"motif != 'perte'\", field: motif, message: Non.}]\n"));
  EXPECT_FALSE(follows_with(kOld, kAnswers, "communes: [\"99002\"]\n"));
}

}  // namespace
}  // namespace parvis::procedure
