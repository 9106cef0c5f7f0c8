#include "casework/decision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/decision_pdf.hpp"
#include "casework/letters.hpp"

namespace parvis::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Instant kNow = *parse_rfc3339("2026-11-28T23:30:00Z");  // the 29th in Paris

Opened opened(std::string_view texts = "") {
  const auto read = procedure::read_definition(R"(id: essai
title: Installer un échafaudage
summary: Pour voir.
service: voirie
other_ways: [Au guichet.]
clock: {silence: refuses, delay: 2 months, ground: no_text, basis: Un texte.}
steps:
  - title: Un
    pages:
      - {id: rue, type: text, label: Rue}
      - id: vous
        title: Vous
        fields:
          - {id: vous, type: person, label: Vous}
          - {id: chez, type: address, label: Adresse}
)" + std::string(texts) + "\n");
  EXPECT_TRUE(read) << (read ? "" : read.error().front().what);
  Opened out;
  out.reference = "KILU-BAFO-A";
  out.state = State::examined;
  out.definition = std::make_shared<const procedure::Definition>(*read);
  out.answers = {
      {"rue", "8 rue de la Halle"},
      {"vous", json::object{{"last_name", "Lambert"}, {"first_names", "Zoé"}}},
      {"chez",
       json::object{{"street", "3 rue Haute"}, {"postcode", "45200"}, {"city", "Montargis"}}}};
  out.deposited_at = out.saved_at = *parse_rfc3339("2026-11-24T13:32:00Z");
  out.events = {{.seq = 1, .act = Act::deposit, .at = *out.deposited_at}};
  return out;
}

Receipt receipt() {
  Receipt out;
  out.service = "Voirie";
  out.address = {"3 place du Parvis", "45200 Montargis"};
  out.phones = {{"02 61 91 24 05", ""}};
  out.email = "voirie@ville.example";
  return out;
}

Decision refusal(const Opened& of) {
  return decision_of(of, Verdict::refused, "La rue est trop étroite.\n\n Un bus y passe. ",
                     " Code de la voirie routière,  article L113-2 ", {"Claire Petit", "Agent"},
                     receipt(), Zone::paris(), kNow);
}

TEST(Decision, ARefusalHasItsMotivesInFactAndInLawAndHowToContest) {
  const Decision made = refusal(opened());
  EXPECT_THAT(made.said,
              ElementsAre("Le service a étudié votre demande.", "Elle ne peut pas être acceptée."));
  EXPECT_THAT(made.motives, ElementsAre("La rue est trop étroite.", "Un bus y passe."));
  EXPECT_EQ(made.law, "Code de la voirie routière, article L113-2");
  EXPECT_THAT(made.appeals,
              ElementsAre(HasSubstr("deux mois"), HasSubstr("Voirie, 3 place du Parvis, 45200"),
                          HasSubstr("tribunal administratif")));
  EXPECT_THAT(made.taken, HasSubstr("29 novembre 2026"));  // of the town, not of the machine
  EXPECT_THAT(made.deposited, HasSubstr("24 novembre 2026"));
  EXPECT_THAT(made.contact, Contains("02 61 91 24 05"));
}

TEST(Decision, AllThatIsGrantedHasNothingToContestAConditionHas) {
  const auto accept = [](std::string_view conditions) {
    return decision_of(opened(), Verdict::accepted, conditions, "", {"Claire Petit", ""}, receipt(),
                       Zone::paris(), kNow);
  };
  EXPECT_THAT(accept(" \n ").appeals, IsEmpty());
  EXPECT_THAT(accept("Du 1er au 5 décembre seulement.").appeals, Not(IsEmpty()));
}

TEST(Decision, TheDemarcheGivesTheLetterAndTheWaysToContest) {
  const Decision made = refusal(opened(
      "texts: {refused: Non., letter_refused: [\"Pas de travaux au {rue}.\", Cordialement.], "
      "appeals: Écrivez au préfet d’abord.}"));
  EXPECT_THAT(made.said, ElementsAre("Pas de travaux au 8 rue de la Halle.", "Cordialement."));
  EXPECT_THAT(made.appeals, ElementsAre("Écrivez au préfet d’abord."));
  EXPECT_THAT(refusal(opened("texts: {refused: Pas cette année.}")).said,
              ElementsAre("Le service a étudié votre demande.", "Pas cette année."));
}

TEST(Decision, WhatWasSignedIsKeptWhateverChangesLater) {
  Opened of = opened();
  const Decision made = refusal(of);
  of.events.push_back({.seq = 2,
                       .act = Act::refuse,
                       .by = Role::agent,
                       .author = "Claire Petit",
                       .text = "La rue est trop étroite.",
                       .more = with_letter(made),
                       .at = kNow});
  Receipt moved = receipt();
  moved.service = "Espace public";
  moved.address = {"Ailleurs"};
  const Happened* event = decision_at(of, 2);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(decision_in(of, *event, moved, Zone::paris()), made);
  EXPECT_EQ(decision_at(of, 1), nullptr);
  EXPECT_EQ(decision_at(of, 3), nullptr);
  const auto mail = letter_of(of, receipt(), of.events.back(), "https://orle.example/d/1");
  ASSERT_TRUE(mail);
  EXPECT_THAT(mail->text.read(), HasSubstr("article L113-2"));
  EXPECT_THAT(mail->text.read(), HasSubstr(made.appeals[1]));
  EXPECT_THAT(mail->text.read(),
              HasSubstr("La lettre de décision, signée, est jointe à ce message."));
}

TEST(Decision, AnActWithoutALetterIsToldFromWhatItSays) {
  Opened of = opened();
  of.events.push_back({.seq = 2,
                       .act = Act::accept,
                       .by = Role::agent,
                       .author = "Claire Petit",
                       .text = "Venez lundi.",
                       .at = kNow});
  const Decision told = decision_in(of, of.events[1], receipt(), Zone::paris());
  EXPECT_EQ(told.verdict, Verdict::accepted);
  EXPECT_EQ(told.signer.name, "Claire Petit");
  EXPECT_THAT(told.motives, ElementsAre("Venez lundi."));
}

TEST(Decision, TheRecipientIsTheFirstPersonWithTheirAddress) {
  EXPECT_THAT(recipient_of(opened()).read(),
              ElementsAre("Zoé Lambert", "3 rue Haute", "45200 Montargis"));
  Opened nobody = opened();
  nobody.answers = {{"rue", "x"}};
  EXPECT_THAT(recipient_of(nobody).read(), IsEmpty());
}

TEST(Decision, ThePdfHasAllOfTheLetterAndIsTheSameEachTime) {
  const Opened of = opened();
  const Decision made = refusal(of);
  const pdf::Document document =
      to_document(made, recipient_of(of), "Agglomération du Val", "#0b5563", kNow);
  std::string all;
  for (const pdf::Section& section : document.sections)
    for (const pdf::Block& block : section.blocks) {
      if (const auto* p = std::get_if<pdf::Paragraph>(&block))
        for (const pdf::Run& run : p->words) all += run.text + "\n";
      if (const auto* list = std::get_if<pdf::List>(&block))
        for (const pdf::Words& item : list->items) all += item.front().text + "\n";
      if (const auto* fact = std::get_if<pdf::Fact>(&block)) all += fact->value.front().text + "\n";
      if (const auto* heading = std::get_if<pdf::Heading>(&block)) all += heading->text + "\n";
    }
  for (const std::string& wanted :
       {std::string("KILU-BAFO-A"), std::string("Zoé Lambert, 3 rue Haute, 45200 Montargis"),
        std::string("Votre demande est refusée"), made.motives[1], made.law, made.appeals[2],
        std::string("Claire Petit"), std::string("Agent, Voirie")})
    EXPECT_THAT(all, HasSubstr(wanted));
  EXPECT_EQ(document.footer, "KILU-BAFO-A");
  const pdf::Fonts fonts(std::string(PARVIS_SOURCE_DIR) + "/web/assets/fonts");
  const std::string bytes = pdf::render(document, fonts);
  EXPECT_TRUE(bytes.starts_with("%PDF-"));
  EXPECT_EQ(bytes, pdf::render(document, fonts));
}

}  // namespace
}  // namespace parvis::casework
