#include "conversation/transcript.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation/transcript_pdf.hpp"

namespace parvis::conversation {
namespace {

using ::testing::ElementsAre;
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

// A document's blocks in few words: what a reader is told, and by what.
std::string told(const pdf::Words& words) {
  std::string out;
  for (const pdf::Run& run : words)
    out += run.url.empty() ? run.text : "[" + run.text + "](" + run.url + "|" + run.about + ")";
  return out;
}
struct Teller {
  std::string operator()(const pdf::Heading& it) const {
    return "h" + std::to_string(it.level) + " " + it.text +
           (it.aside.empty() ? "" : "/" + it.aside);
  }
  std::string operator()(const pdf::Paragraph& it) const {
    const bool notice = it.tone == pdf::Tone::notice, danger = it.tone == pdf::Tone::danger;
    return (notice ? "! " : danger ? "!! " : "p ") + told(it.words);
  }
  std::string operator()(const pdf::List& it) const {
    std::string out = it.from > 0 ? std::to_string(it.from) + "." : "-";
    for (const pdf::Words& words : it.items) out += " <" + told(words) + ">";
    return out;
  }
  std::string operator()(const pdf::Fact& it) const { return it.label + "= " + told(it.value); }
  std::string operator()(const pdf::Code& it) const { return "code " + it.text; }
  std::string operator()(const pdf::Blank& it) const { return "blank " + std::to_string(it.lines); }
};
std::vector<std::string> told(const pdf::Section& section) {
  std::vector<std::string> out;
  out.reserve(section.blocks.size());
  for (const pdf::Block& block : section.blocks) out.push_back(std::visit(Teller{}, block));
  return out;
}

constexpr Letterhead kHead{.town = "Lanrec", .with = "la mairie de Lanrec", .accent = "#123456"};

TEST(TranscriptPdf, HoldsWhatTheTextHolds) {
  const Transcript transcript{
      .id = "1",
      .commune = "99001",
      .created_at = at("2026-11-24T22:30:00Z"),
      .messages = {message(1, Author::citizen, "2026-11-24T22:30:00Z",
                           R"({"text":"J’ai perdu ma carte."})"),
                   message(2, Author::virtual_agent, "2026-11-24T23:05:00Z", kAnswer)},
      .verdicts = {}};
  const pdf::Document document =
      to_document(transcript, kHead, Zone::paris(), at("2026-11-26T08:00:00Z"));
  EXPECT_EQ(document.title, "Conversation du 24 novembre 2026");
  EXPECT_EQ(document.language, "fr");
  EXPECT_EQ(document.author, "Lanrec");
  EXPECT_EQ(document.accent, "#123456");
  EXPECT_EQ(document.created, at("2026-11-26T08:00:00Z"));
  ASSERT_THAT(document.sections, ::testing::SizeIs(3));
  EXPECT_THAT(told(document.sections[0]),
              ElementsAre("p Avec l’assistant automatique de la mairie de Lanrec. Ces réponses "
                          "sont automatiques. Elles ne remplacent pas une décision de "
                          "l’administration."));
  EXPECT_THAT(told(document.sections[1]),
              ElementsAre("h2 Vous/23\u00a0h\u00a030", "p J’ai perdu ma carte."));
  EXPECT_THAT(
      told(document.sections[2]),
      ElementsAre("h2 Assistant automatique/le 25 novembre 2026 à 0\u00a0h\u00a005",
                  "p La carte est gratuite.", "h3 Délai", "- <Comptez un mois.>",
                  "h3 Réponses proposées", "- <Je suis mineur>", "h3 Contact", "p Mairie de Lanrec",
                  "Accueil= [01 23 45 67 89](tel:0123456789|)", "p 15", "p 1 place de la Mairie",
                  "p Du lundi au vendredi", "p Ouvert", "h3 Sources",
                  "- <[Carte d’identité](https://www.service-public.fr/F1342|Carte d’identité, "
                  "service-public.fr), 14 septembre 2020 (service-public.fr)> <Règles locales>",
                  "! À noter\u00a0: Fiche du 14 septembre 2020."));
  const std::string bytes = to_pdf(transcript, kHead, Zone::paris(), at("2026-11-26T08:00:00Z"),
                                   pdf::Fonts(PARVIS_SOURCE_DIR "/web/assets/fonts"));
  EXPECT_THAT(bytes, ::testing::StartsWith("%PDF-"));
}

TEST(TranscriptPdf, LinesAreListsStepsAndParagraphs) {
  const auto blocks = [&](std::string_view payload) {
    const Transcript transcript{
        .id = "1",
        .commune = "",
        .created_at = at("2026-11-24T08:00:00Z"),
        .messages = {message(1, Author::virtual_agent, "2026-11-24T08:00:00Z", payload)},
        .verdicts = {}};
    auto all = told(to_document(transcript, kHead, Zone::paris(), {}).sections.at(1));
    all.erase(all.begin());
    return all;
  };
  EXPECT_THAT(
      blocks(R"({"text":"Un\n\n - a\n- b\n1. c\n2. d\n7. e\nDeux\n- f\n2026. g"})"),
      ElementsAre("p Un", "- <a> <b>", "1. <c> <d>", "7. <e>", "p Deux", "- <f>", "p 2026. g"));
  EXPECT_THAT(blocks(R"({"text":"Appelez le 15.","status":"emergency"})"),
              ElementsAre("!! Appelez le 15."));
  EXPECT_THAT(blocks(R"({"text":"Bonjour.","more":"x","choices":[1],"contact":[],
                         "citations":{"a":1},"notices":[{"b":2},""]})"),
              ElementsAre("p Bonjour."));
}

TEST(TranscriptPdf, WhatIsSaidInAnotherLanguageSaysSo) {
  const auto language = [&](std::string_view text, Author author = Author::citizen) {
    const Transcript transcript{
        .id = "1",
        .commune = "",
        .created_at = at("2026-11-24T08:00:00Z"),
        .messages = {message(1, author, "2026-11-24T08:00:00Z",
                             json::serialize(json::object{{"text", text}, {"language", "pt"}}))},
        .verdicts = {}};
    const pdf::Section section = to_document(transcript, kHead, Zone::paris(), {}).sections.at(1);
    return std::get<pdf::Paragraph>(section.blocks.at(1)).language;
  };
  EXPECT_EQ(language("كم تكلفة جواز السفر؟"), "ar");
  EXPECT_EQ(language("How much does a passport cost?"), "en");
  EXPECT_EQ(language("Quel est le prix du passeport ?"), "");
  EXPECT_EQ(language("Olá", Author::virtual_agent), "pt");
}

TEST(TranscriptPdf, AddressesAndNumbersAreLinks) {
  for (const auto& [line, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"Voir https://a.fr/x?y=1. Fin", "Voir [https://a.fr/x?y=1](https://a.fr/x?y=1|). Fin"},
           {"(http://a.fr)", "([http://a.fr](http://a.fr|))"},
           {"« https://a.fr\u00a0»", "« [https://a.fr](https://a.fr|)\u00a0»"},
           {"à mairie@a-b.fr, ou", "à [mairie@a-b.fr](mailto:mairie@a-b.fr|), ou"},
           {"01 23 45 67 89", "[01 23 45 67 89](tel:0123456789|)"},
           {"01\u00a023.45\u202f6789.", "[01\u00a023.45\u202f6789](tel:0123456789|)."},
           {"0123456789 0", "[0123456789](tel:0123456789|) 0"},
           {"F01 23 45 67 89", "F01 23 45 67 89"},
           {"01 23 45 67 891", "01 23 45 67 891"},
           {"00 23 45 67 89", "00 23 45 67 89"},
           {"https://", "https://"},
           {"xhttps://a.fr", "xhttps://a.fr"},
           {"a@b, @, @a.fr, a@", "a@b, @, @a.fr, a@"},
           {"", ""}})
    EXPECT_EQ(told(linked(line)), wanted);
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
