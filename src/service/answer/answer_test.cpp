#include "answer/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::answer {
namespace {

TEST(Json, HasTheMembersOfTheContract) {
  const json::object object = to_json(Answer{});
  for (const char* key :
       {"status", "text", "language", "confidence", "citations", "more", "choices", "procedure",
        "contact", "case", "appointment", "notices", "took_ms"})
    EXPECT_TRUE(object.contains(key)) << key;
}

TEST(Json, IsReadBack) {
  Answer whole;
  whole.qid = "7";
  whole.status = Status::contact;
  whole.text = "Voici.";
  whole.language = "ar";
  whole.confidence = 0.5;
  whole.citations = {{"F1", "particuliers", "Carte", "Prix", "https://a.example/", "2020-07-21",
                      "Mairie", true, "Un passage."}};
  whole.more = {{"Suite", "- un", 3}};
  whole.choices = {{"Oui", "F1/a"}};
  whole.contact = Contact{"Mairie", "1 rue", {{"15", "SAMU"}}, "a@b.example", "https://b.example/",
                          "8 h",    true,    "Ouvert",         "Sonnez"};
  whole.notices = {"À noter"};
  for (const Answer& answer : {whole, Answer{}}) {
    const std::string stored = json::serialize(to_json(answer));
    EXPECT_EQ(json::serialize(to_json(answer_from_json(parse_json(stored)->as_object()))), stored);
  }
}

TEST(Json, WhatIsOfAnotherShapeIsLeftOut) {
  const auto odd = parse_json(
      R"({"status":"?","text":3,"language":null,"confidence":"a","citations":{},"more":[1,{"text":"t",)"
      R"("citation":-1}],"choices":null,"contact":"x","notices":[1,"n"]})");
  const Answer read = answer_from_json(odd->as_object());
  EXPECT_EQ(read.status, Status::unknown);
  EXPECT_EQ(read.text, "");
  EXPECT_EQ(read.language, "fr");
  ASSERT_EQ(read.more.size(), 1u);
  EXPECT_EQ(read.more[0].text, "t");
  EXPECT_EQ(read.more[0].citation, 0u);
  EXPECT_EQ(read.notices, std::vector<std::string>{"n"});
  EXPECT_FALSE(read.contact.has_value());
}

}  // namespace
}  // namespace parvis::answer
