#include "procedure/items.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "procedure/follow.hpp"
#include "procedure/form.hpp"
#include "procedure/schema.hpp"
#include "procedure/values.hpp"

namespace parvis::procedure {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHead = R"~(id: essai
title: Essai
summary: Pour voir.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 months, basis: Une déclaration.}
)~";
constexpr std::string_view kPages = R"~(steps:
  - title: Un
    pages:
      - id: enfants
        title: Vos enfants
        fields:
          - id: enfants
            type: repeat
            label: Vos enfants
            name: Enfant
            max: 3
            fields:
              - {id: nom, type: text, label: Nom}
              - {id: carnet, type: file, label: Carnet de santé, name: Carnet, count: 2}
              - {id: sante, type: block, label: Santé, fields: [{id: avis, type: file, label: Avis, optional: true}, {id: medecin, type: text, label: Médecin, optional: true}]}
          - {id: lots, type: repeat, label: Lots, optional: true, fields: [{id: nom, type: text, label: Nom}]}
)~";

Definition definition(std::string_view pages = kPages, int version = 1) {
  auto read = read_definition(std::string(kHead) + "version: " + std::to_string(version) + "\n" +
                              std::string(pages));
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().front().what);
  return read ? std::move(*read) : Definition{};
}
Moment moment() {
  return {LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h, {}};
}
json::object object(std::string_view text) { return parse_json(text)->as_object(); }
std::vector<std::string> faults(const std::vector<Fault>& all) {
  std::vector<std::string> out;
  for (const Fault& fault : all) out.push_back(fault.path + ": " + fault.message);
  return out;
}

TEST(Items, ThoseOfABlockWithFilesHaveNames) {
  const Definition d = definition();
  EXPECT_TRUE(has_named_items(*d.field("enfants")));
  EXPECT_FALSE(has_named_items(*d.field("lots")));
  json::object answers =
      object(R"({"enfants":[{"nom":"A"},{"nom":"B","_id":"n1"},{"_id":"n1"},{"_id":"B!"}],
                 "lots":[{"nom":"x"}]})");
  name_items(d, answers);
  EXPECT_EQ(answers, object(R"({"enfants":[{"nom":"A","_id":"n2"},{"nom":"B","_id":"n1"},
                                {"_id":"n3"},{"_id":"n4"}],"lots":[{"nom":"x"}]})"));
  const json::object named = answers;
  name_items(d, answers);
  EXPECT_EQ(answers, named) << "a name stays";
}

TEST(Items, OneThatIsWrittenAgainWithoutItsNameHasThatOfItsPlace) {
  const Definition d = definition();
  const json::object before = object(R"({"enfants":[{"_id":"ka"},{"_id":"kb"}]})");
  json::object answers = object(R"({"enfants":[{"nom":"A"},{"nom":"B"},{"nom":"C"}]})");
  name_items(d, answers, &before);
  EXPECT_EQ(answers, object(R"({"enfants":[{"nom":"A","_id":"ka"},{"nom":"B","_id":"kb"},
                                {"nom":"C","_id":"n3"}]})"));
  answers = object(R"({"enfants":[{"nom":"C"},{"nom":"A","_id":"ka"}]})");
  name_items(d, answers, &before);
  EXPECT_EQ(answers, object(R"({"enfants":[{"nom":"C","_id":"n1"},{"nom":"A","_id":"ka"}]})"))
      << "never that of another";
}

TEST(Items, APathGoesFromPlaceToNameAndBack) {
  const json::object answers = object(R"({"enfants":[{"_id":"ka"},{"_id":"kb"}]})");
  EXPECT_EQ(by_name(answers, "enfants[1].carnet"), "enfants[kb].carnet");
  EXPECT_EQ(by_name(answers, "enfants[ka].sante.avis"), "enfants[ka].sante.avis");
  EXPECT_EQ(by_place(answers, "enfants[kb].carnet"), "enfants[1].carnet");
  EXPECT_EQ(by_place(answers, "photo"), "photo");
  EXPECT_EQ(by_name(answers, "bloc.photo"), "bloc.photo");
  for (const char* odd : {"enfants[2].carnet", "enfants[kc].carnet", "enfants[99999999].carnet",
                          "enfants[-1].carnet", "autres[0].carnet", "enfants[].carnet"})
    EXPECT_EQ(by_name(answers, odd), std::nullopt) << odd;
  EXPECT_EQ(by_place(answers, "enfants[kc].carnet"), std::nullopt);
  EXPECT_EQ(without_items("enfants[kb].sante.avis"), "enfants.sante.avis");
  for (const char* odd : {"a[b][c]", "a[b]c", "a]b[", "a[b].c[d]", "a"})
    EXPECT_FALSE(item_path(odd)) << odd;
  for (const char* name : {"k1", "a", "zzzzzzzzzzzzzzzz"}) EXPECT_TRUE(item_id_like(name));
  for (const char* name : {"", "1", "1a", "A", "k-1", "zzzzzzzzzzzzzzzzz"})
    EXPECT_FALSE(item_id_like(name)) << name;
}

TEST(Items, WhatIsMissingSaysOfWhichItem) {
  const Definition d = definition();
  const json::object draft = object(
      R"({"enfants":[{"_id":"ka","nom":"Léa","carnet":[{"id":"1","name":"a.pdf","type":"application/pdf"}]},
                     {"_id":"kb","nom":"Tom"}]})");
  const Form form = evaluate(d, draft, moment());
  EXPECT_THAT(
      faults(form.pages.at(0).faults),
      ElementsAre("enfants[1].carnet: Joignez le document\u00a0: Carnet (Enfant, n°\u00a02)."));
  EXPECT_EQ(form.answers.at("enfants").at(0).at("_id"), "ka") << "the deposit has them too";
  EXPECT_EQ(told_apart(d, draft, "enfants[kb].carnet"), "Carnet (Enfant, n°\u00a02)");
  EXPECT_EQ(told_apart(d, draft, "enfants[kz].carnet"), "Carnet");
  EXPECT_EQ(told_apart(d, draft, "autre"), "");
}

TEST(Items, APageThatIsSentKeepsTheFilesOfItsItems) {
  const Definition d = definition();
  const json::object draft = object(
      R"({"enfants":[{"_id":"ka","nom":"Léa","carnet":[{"id":"1","name":"a.pdf","type":"application/pdf"}]},
                     {"_id":"kb","nom":"Tom","carnet":[{"id":"2","name":"b.pdf","type":"application/pdf"}],
                      "sante":{"medecin":"X","avis":[{"id":"3","name":"c.pdf","type":"application/pdf"}]}}]})");
  // The first is taken away: the second one is the first now, with what is its own.
  const Filled filled = fill(d, *d.page("enfants"), draft,
                             {{"enfants[]._id", "ka"},
                              {"enfants[0]._id", "kb"},
                              {"enfants[0].nom", "Tom"},
                              {"enfants[0].sante.medecin", "Y"},
                              {"enfants[0].carnet", "forged"},
                              {"enfants[1]._id", "K!"},
                              {"lots[0]._id", "kz"}},
                             moment());
  EXPECT_EQ(filled.answers, object(
                                R"({"enfants":[{"_id":"kb","nom":"Tom","sante":{"medecin":"Y",
                      "avis":[{"id":"3","name":"c.pdf","type":"application/pdf"}]},
                      "carnet":[{"id":"2","name":"b.pdf","type":"application/pdf"}]}]})"));
  EXPECT_THAT(filled.faults, ::testing::IsEmpty());
}

TEST(Items, ADraftFollowsWithItsFiles) {
  const json::object draft = object(
      R"({"enfants":[{"_id":"ka","nom":"Léa","carnet":[{"id":"1","name":"a.pdf","type":"application/pdf"}]}]})");
  const Definition older = definition();
  const auto with = [](std::string_view from, std::string_view to) {
    std::string pages(kPages);
    return definition(pages.replace(pages.find(from), from.size(), to), 2);
  };
  EXPECT_TRUE(follows(older, with("label: Nom", "label: Prénom"), draft, moment()));
  EXPECT_FALSE(
      follows(older, with("id: carnet, type: file", "id: livret, type: file"), draft, moment()))
      << "a file has its question";
  EXPECT_FALSE(
      follows(older,
              with("id: carnet, type: file, label: Carnet de santé, name: Carnet, count: 2",
                   "id: carnet, type: file, label: Carnet, accept: [image/png]"),
              draft, moment()));
  // The block takes files since: its items get their names when the draft is opened.
  const Definition plain =
      with("- {id: carnet, type: file, label: Carnet de santé, name: Carnet, count: 2}",
           "- {id: note, type: text, label: Note, optional: true}");
  EXPECT_TRUE(
      follows(plain, definition(kPages, 3), object(R"({"enfants":[{"nom":"Léa"}]})"), moment()));
}

TEST(Items, TheSchemaTellsTheirName) {
  const json::object schema = schema_of(definition());
  const json::object& item =
      schema.at("properties").at("enfants").at("items").at("properties").as_object();
  EXPECT_EQ(item.at("_id").at("pattern"), "^[a-z][a-z0-9]{0,15}$");
  EXPECT_EQ(item.at("carnet").at("maxItems").to_number<int>(), 2);
  EXPECT_FALSE(
      schema.at("properties").at("lots").at("items").at("properties").as_object().contains("_id"));
}

TEST(Items, TheyAreShownWithTheirFilesAndWithoutTheirName) {
  const Definition d = definition();
  EXPECT_EQ(shown(*d.field("enfants"),
                  *parse_json(R"([{"_id":"ka","nom":"Léa","carnet":[{"id":"1","name":"a.pdf"}]},
                            {"_id":"kb","nom":"Tom"}])")),
            "Léa, a.pdf\nTom");
}

}  // namespace
}  // namespace parvis::procedure
