#include "conversation/transcript.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parvis::conversation {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Instant at(std::string_view rfc3339) { return *parse_rfc3339(rfc3339); }

Message message(std::int64_t seq, Author author, std::string_view when, std::string_view payload) {
  return {.seq = seq,
          .id = author == Author::citizen ? "question-1" : "re.question-1",
          .author = author,
          .at = at(when),
          .payload = parse_payload(payload).value()};
}

constexpr std::string_view kAnswer = R"({
  "status": "answer", "text": "La carte est gratuite.",
  "more": [{"title": "Délai", "text": "- Comptez un mois.", "citation": 0},
           {"title": "Vide", "text": ""}],
  "choices": [{"label": "Je suis mineur", "value": "m"}],
  "contact": {"name": "Mairie de Lanrec", "address": "1 place de la Mairie", "email": null,
              "phones": [{"number": "01 23 45 67 89", "label": "Accueil"},
                         {"number": "15", "label": ""}],
              "hours": "Du lundi au vendredi", "open_words": "Ouvert", "note": null},
  "citations": [{"title": "Carte d’identité", "updated": "2020-09-14",
                 "url": "https://www.service-public.fr/F1342"}, {"title": "Règles locales"}],
  "notices": ["Fiche du 14 septembre 2020."]})";

TEST(Transcript, ReadsAsWhatWasSaid) {
  const Transcript transcript{
      .id = "1",
      .commune = "99001",
      .created_at = at("2026-11-24T22:30:00Z"),
      .messages = {message(1, Author::citizen, "2026-11-24T22:30:00Z",
                           R"({"text":"J’ai perdu ma carte.\nC’est combien ?","choice":"x"})"),
                   message(2, Author::virtual_agent, "2026-11-24T23:05:00Z", kAnswer)},
      .verdicts = {}};
  EXPECT_EQ(to_text(transcript, "la mairie de Lanrec", Zone::paris()),
            "Conversation du 24 novembre 2026 avec l’assistant automatique de la mairie de Lanrec\n"
            "Ces réponses sont automatiques. Elles ne remplacent pas une décision de "
            "l’administration.\n"
            "\n"
            "Vous, 23\u00a0h\u00a030\u00a0:\n"
            "J’ai perdu ma carte.\n"
            "C’est combien ?\n"
            "\n"
            "Le 25 novembre 2026\n"
            "\n"
            "Assistant automatique, 0\u00a0h\u00a005\u00a0:\n"
            "La carte est gratuite.\n"
            "\n"
            "Délai\n"
            "- Comptez un mois.\n"
            "\n"
            "Réponses proposées\u00a0:\n"
            "- Je suis mineur\n"
            "\n"
            "Contact\u00a0:\n"
            "Mairie de Lanrec\n"
            "Accueil\u00a0: 01 23 45 67 89\n"
            "15\n"
            "1 place de la Mairie\n"
            "Du lundi au vendredi\n"
            "Ouvert\n"
            "\n"
            "Sources\u00a0:\n"
            "- Carte d’identité, 14 septembre 2020, https://www.service-public.fr/F1342\n"
            "- Règles locales\n"
            "\n"
            "À noter\u00a0:\n"
            "Fiche du 14 septembre 2020.\n");
}

TEST(Transcript, LeavesOutWhatHasAnotherShape) {
  const Transcript transcript{
      .id = "1",
      .commune = "",
      .created_at = at("2026-11-24T08:00:00Z"),
      .messages = {message(1, Author::virtual_agent, "2026-11-24T08:00:00Z",
                           R"({"text":"Bonjour.","more":"x","choices":[1],"contact":[],
                               "citations":{"a":1},"notices":[{"b":2}],"procedure":null})")},
      .verdicts = {}};
  EXPECT_THAT(to_text(transcript, "la mairie", Zone::paris()),
              ::testing::EndsWith("Assistant automatique, 9\u00a0h\u00a000\u00a0:\nBonjour.\n"));
}

TEST(Transcript, WhatACitizenSentIsNotReadAsAnAnswer) {
  const Transcript transcript{.id = "1",
                              .commune = "",
                              .created_at = at("2026-11-24T08:00:00Z"),
                              .messages = {message(1, Author::citizen, "2026-11-24T08:00:00Z",
                                                   R"({"text":"a","notices":["forged"]})")},
                              .verdicts = {}};
  EXPECT_THAT(to_text(transcript, "la mairie", Zone::paris()), Not(HasSubstr("forged")));
}

TEST(Transcript, AsJsonIsWhole) {
  const Transcript transcript{
      .id = "1",
      .commune = "99001",
      .created_at = at("2026-11-24T08:00:00Z"),
      .messages = {message(1, Author::citizen, "2026-11-24T08:00:01Z", R"({"text":"a"})"),
                   message(2, Author::virtual_agent, "2026-11-24T08:00:02Z",
                           R"({"text":"b","status":"unknown"})")},
      .verdicts = {{2, Verdict::off_topic}}};
  EXPECT_EQ(json::value(to_json(transcript)), parse_json(R"({
    "id": "1", "commune": "99001", "created_at": "2026-11-24T08:00:00Z",
    "messages": [
      {"seq": 1, "id": "question-1", "author": "citizen", "at": "2026-11-24T08:00:01Z",
       "message": {"text": "a"}},
      {"seq": 2, "id": "re.question-1", "author": "virtual_agent", "at": "2026-11-24T08:00:02Z",
       "verdict": "off_topic", "message": {"text": "b", "status": "unknown"}}]})")
                                                  .value());
}

TEST(Payload, IsAnObjectWithAText) {
  EXPECT_EQ(parse_payload(R"({"text":"a","choice":1})")->size(), 2u);
  EXPECT_TRUE(parse_payload(R"({"text":""})"));
  for (const std::string& wrong : {std::string(), std::string("[]"), std::string("{}"),
                                   std::string(R"({"text":1})"), std::string(R"({"text":"a"} x)"),
                                   std::string(R"("text")"), std::string("{\"text\":\"\xff\"}"),
                                   R"({"text":")" + std::string(kPayloadMax, 'a') + R"("})"})
    EXPECT_FALSE(parse_payload(wrong)) << wrong.substr(0, 40);
}

}  // namespace
}  // namespace parvis::conversation
