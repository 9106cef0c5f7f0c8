#include "portal/repeats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "portal/conditions.hpp"
#include "procedure/definition.hpp"

namespace parvis::portal {
namespace {

using procedure::Definition;
using procedure::Sent;
using ::testing::ElementsAre;

constexpr std::string_view kYaml = R"~(id: essai
title: Essai
summary: Pour voir.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
steps:
  - title: Un
    pages:
      - {id: motif, type: choice, label: Motif, options: [{value: vol, label: Un vol}, {value: don, label: Un don}]}
      - {id: seul, type: yes_no, label: Seul}
      - {id: naissance, type: date, label: Né le, latest: today}
      - id: tous
        title: Tous
        fields:
          - {id: enfants, type: repeat, label: Enfants, optional: true, fields: [{id: nom, type: text, label: Nom}]}
          - {id: lots, type: repeat, label: Lots, fields: [{id: nom, type: text, label: Nom}]}
)~";

Definition definition() {
  auto read = procedure::read_definition(kYaml);
  EXPECT_TRUE(read.has_value());
  return read ? std::move(*read) : Definition{};
}

std::vector<std::string> names(const std::vector<Sent>& sent) {
  std::vector<std::string> out;
  for (const Sent& each : sent) out.push_back(each.name + "=" + each.value);
  return out;
}

TEST(Repeats, AnItemTakenAwayMovesThoseAfterIt) {
  const Definition whole = definition();
  std::vector<Sent> sent = {{"enfants[0].nom", "a"},
                            {"enfants[1].nom", "b"},
                            {"lots[1].nom", "x"},
                            {"enfants[2].nom", "c"}};
  const auto changed = change_items(*whole.page("tous"), "", "enfants[1]", sent);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->block, "enfants");
  EXPECT_EQ(changed->items, 2u);
  EXPECT_THAT(names(sent), ElementsAre("enfants[0].nom=a", "lots[1].nom=x", "enfants[1].nom=c"));
}

TEST(Repeats, OfNamedItemsWhatBecameOfThemIsLeft) {
  const Definition whole = definition();
  const std::vector<Sent> all = {{"lots[0]._id", "ka"}, {"lots[0].nom", "a"},
                                 {"lots[1]._id", "kb"}, {"lots[1].nom", " "},
                                 {"lots[2]._id", "kc"}, {"lots[2].nom", ""}};
  std::vector<Sent> sent = all;
  change_items(*whole.page("tous"), "", "lots[0]", sent);
  EXPECT_THAT(names(sent), ElementsAre("lots[]._id=ka", "lots[0]._id=kb",
                                       "lots[0].nom= ", "lots[1]._id=kc", "lots[1].nom="));
  sent = all;
  drop_blank_items(*whole.page("tous"), sent, {"lots[kc].photo", "enfants[kb].photo", "autre"});
  EXPECT_THAT(names(sent), ElementsAre("lots[0]._id=ka", "lots[0].nom=a", "lots[]._blank=kb",
                                       "lots[1]._id=kc", "lots[1].nom="));
}

TEST(Repeats, AnItemAddedIsOneMoreUpToTheMost) {
  const Definition whole = definition();
  std::vector<Sent> sent = {{"enfants[0].nom", ""}};
  EXPECT_EQ(change_items(*whole.page("tous"), "enfants", "", sent)->items, 2u);
  EXPECT_EQ(change_items(*whole.page("tous"), "enfants", "", sent)->target, "q-enfants-1");
  sent = {{"enfants[4000000000].nom", ""}};
  EXPECT_EQ(change_items(*whole.page("tous"), "enfants", "", sent)->items, procedure::kRepeatMax);
}

TEST(Repeats, WhatIsNoneOfThePagesIsNothing) {
  const Definition whole = definition();
  std::vector<Sent> sent = {{"enfants[0].nom", "a"}};
  for (const char* odd : {"", "motif", "autre", "enfants[", "[", "]"})
    EXPECT_FALSE(change_items(*whole.page("tous"), odd, odd, sent)) << odd;
  for (const char* odd : {"enfants", "enfants[x]", "enfants[-1]", "enfants[1", "motif[0]"})
    EXPECT_FALSE(change_items(*whole.page("tous"), "", odd, sent)) << odd;
  EXPECT_THAT(names(sent), ElementsAre("enfants[0].nom=a"));
}

TEST(Repeats, BlankItemsAreNoneButTheOneThatIsNeeded) {
  const Definition whole = definition();
  std::vector<Sent> sent = {
      {"enfants[0].nom", " "}, {"enfants[1].nom", "b"}, {"lots[0].nom", ""}, {"lots[1].nom", ""}};
  drop_blank_items(*whole.page("tous"), sent);
  EXPECT_THAT(names(sent), ElementsAre("enfants[0].nom=b", "lots[0].nom="));
}

std::string said(const std::string& text) {
  const auto expression = procedure::read_expression(text);
  EXPECT_TRUE(expression) << text;
  return condition_words(definition(), *expression, [](std::string_view path) -> std::string {
    return path == "motif" ? "à la question 1" : path == "seul" ? "à la question 2" : "";
  });
}

TEST(Conditions, AreSaidByTheAnswersTheyDependOn) {
  EXPECT_EQ(said("motif == 'vol'"), "si vous répondez «\u00a0Un vol\u00a0» à la question 1");
  EXPECT_EQ(said("motif != 'vol'"), "si vous ne répondez pas «\u00a0Un vol\u00a0» à la question 1");
  EXPECT_EQ(said("seul"), "si vous répondez «\u00a0Oui\u00a0» à la question 2");
  EXPECT_EQ(said("not seul and motif in ['vol', 'don']"),
            "si vous répondez «\u00a0Non\u00a0» à la question 2 et vous répondez «\u00a0Un "
            "vol\u00a0» ou «\u00a0Un don\u00a0» à la question 1");
  EXPECT_EQ(said("age(naissance) < 18"), "si la personne a moins de 18 ans");
  EXPECT_EQ(said("(age(naissance) >= 18)"), "si la personne a 18 ans ou plus");
  EXPECT_EQ(said("given(motif) or seul"),
            "si vous répondez à la question 1, ou si vous répondez «\u00a0Oui\u00a0» à la "
            "question 2");
}

TEST(Conditions, WhatIsTooIntricateIsLeftToTheReader) {
  for (const char* odd :
       {"days(naissance, today) > 3", "motif == 'autre'", "not (seul)", "naissance == today",
        "motif == 'vol' and age(naissance) > 3 * 6", "seul == (motif == 'vol')", "given(naissance)",
        "'vol' == motif", "not given(motif)"})
    EXPECT_EQ(said(odd), "si cela vous concerne") << odd;
  EXPECT_EQ(condition_words(definition(), {}, {}), "");
}

}  // namespace
}  // namespace parvis::portal
