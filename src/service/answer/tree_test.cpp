#include "answer/tree.hpp"

#include <gtest/gtest.h>

#include "answer/sections.hpp"
#include "text/tokens.hpp"

namespace parvis::answer {
namespace {

using knowledge::Block;
using knowledge::Blocks;
using knowledge::Condition;
using knowledge::Document;
using Kind = Block::Kind;

knowledge::Spans words(std::string text) {
  return {{knowledge::Span::Kind::text, std::move(text), "", "", ""}};
}

Block block(Kind kind, std::string title, Blocks children) {
  Block out;
  out.kind = kind;
  if (!title.empty()) out.title = words(std::move(title));
  out.children = std::move(children);
  return out;
}

Block para(std::string text) {
  Block out;
  out.spans = words(std::move(text));
  return out;
}

Block item(std::string text) { return block(Kind::item, "", {para(std::move(text))}); }

Block when(Block inner, std::string variable) {
  inner.condition = Condition{Condition::Kind::is_true, std::move(variable), {}};
  return inner;
}

Document sheet(Blocks body) {
  Document out;
  out.key = {"particuliers", "F1"};
  out.title = "Carte";
  out.body = std::move(body);
  return out;
}

Document by_titles(const std::vector<std::string>& titles) {
  Blocks branches;
  for (const std::string& title : titles)
    branches.push_back(block(Kind::case_, title, {para("Texte : " + title)}));
  return sheet({block(Kind::cases, "", std::move(branches))});
}

Asked asked(std::string_view question) {
  return {describe(question),
          {},
          {},
          "",
          CivilDate{std::chrono::year(2026), std::chrono::November, std::chrono::day(24)},
          {}};
}

// The title of the branch that the question tells, "?" when it stays open.
std::string told(const std::vector<std::string>& titles, std::string_view question,
                 std::string_view earlier = "") {
  const Document document = by_titles(titles);
  Asked words = asked(question);
  if (!earlier.empty()) words.earlier.push_back(describe(earlier));
  const Reading reading(document, words);
  const Pick pick = reading.pick(document.body[0]);
  if (pick.how == Pick::How::open) return "?";
  return (pick.how == Pick::How::assumed ? "assumed: " : "") + titles[pick.branch];
}

TEST(Tree, AgesFallIntoTheirRange) {
  const std::vector<std::string> ages = {"Entre 0 et 12 ans", "Entre 12 et 13 ans",
                                         "À partir de 14 ans"};
  EXPECT_EQ(told(ages, "la carte de ma fille de 8 ans"), ages[0]);
  EXPECT_EQ(told(ages, "j'ai 16 ans"), ages[2]);
  EXPECT_EQ(told(ages, "la carte de ma fille"), "?");
  EXPECT_EQ(told({"Moins de 18 ans", "18 ans et plus"}, "mon fils a 17 ans"), "Moins de 18 ans");
  EXPECT_EQ(told({"Moins de 18 ans", "18 ans et plus"}, "il a 18 ans"), "18 ans et plus");
}

TEST(Tree, WhoAsksForThemselvesIsAdultWhateverWasSaidOfOthers) {
  const std::vector<std::string> ages = {"Avant 15 ans", "Entre 15 et 17 ans",
                                         "À partir de 18 ans"};
  Described me = describe("et pour moi");
  complete_with(me, describe("combien coûte un passeport pour ma fille de 8 ans"));
  EXPECT_LT(agreement(me, describe(ages[0]), {}), 0);
  EXPECT_EQ(told(ages, "et pour moi"), ages[2]);
}

TEST(Tree, ATitleIsContradictedByAnotherAgeOrEventOnly) {
  const auto against = [](std::string_view title, std::string_view said) {
    return contradicts(describe(title), describe(said));
  };
  EXPECT_TRUE(against("Passeport d'un majeur", "mon fils de 12 ans"));
  EXPECT_TRUE(against("Durée du travail d'un jeune de moins de 18 ans", "mon fils a 22 ans"));
  EXPECT_TRUE(against("Carte volée", "j'ai perdu ma carte"));
  EXPECT_FALSE(against("Renouvellement d'une carte perdue", "j'ai perdu ma carte"));
  EXPECT_FALSE(against("Carte d'identité", "j'ai perdu ma carte"));
}

TEST(Tree, WhatHappenedOtherwiseIsAnotherOccasion) {
  const auto other = [](std::string_view title, std::string_view said) {
    return of_another_occasion(describe(title), describe(said));
  };
  EXPECT_TRUE(other("On m'a volé mon bac", "mon bac est cassé"));
  EXPECT_FALSE(other("On m'a volé mon bac", "mon bac"));
  EXPECT_FALSE(other("Carte volée ou abîmée", "ma carte est abîmée"));
}

TEST(Tree, APlateTellsItsForm) {
  const std::vector<std::string> forms = {"Forme AB 123 CD", "Forme 123 AB 01"};
  EXPECT_EQ(told(forms, "ma plaque c'est 4582 VK 61"), forms[1]);
  EXPECT_EQ(told(forms, "immatriculée ER-745-TT"), forms[0]);
  EXPECT_EQ(told(forms, "immatriculée er745tt"), forms[0]);
  EXPECT_EQ(told(forms, "j'ai déménagé le 12 mai 2020"), "?");
}

TEST(Tree, WhichOneOfSeveralIsToldByItsNumber) {
  const std::vector<std::string> changes = {"Il s'agit du 1er, 2e ou 3e changement d'adresse",
                                            "Vous signalez votre 4e changement d'adresse"};
  EXPECT_EQ(told(changes, "c'est mon premier déménagement"), changes[0]);
  EXPECT_EQ(told(changes, "c'est notre quatrième déménagement"), changes[1]);
  EXPECT_EQ(told(changes, "j'ai déménagé le 1er mai"), "?");
  EXPECT_EQ(told({"À partir du 3e enfant", "Pour le 1er et le 2e enfant"}, "pour mon 2e enfant"),
            "Pour le 1er et le 2e enfant");
}

TEST(Tree, OneOfSeveralThingsInATitleIsEnough) {
  const std::vector<std::string> animals = {"Chat, chien ou furet", "Nouvel animal de compagnie"};
  EXPECT_EQ(told(animals, "j'ai perdu mon chien hier"), animals[0]);
  EXPECT_EQ(told(animals, "j'ai perdu ma tortue"), "?");
  const std::vector<std::string> plants = {"Branches", "Racines, ronces"};
  EXPECT_EQ(told(plants, "ses racines soulèvent ma terrasse"), plants[1]);
}

TEST(Tree, AChoiceIsTakenBackByWordsThatTellAnotherBranchOfItsGroup) {
  const Document document = by_titles({"Logement vide", "Logement meublé"});
  const std::vector<std::string> chosen = {"F1/logement-meuble"};
  EXPECT_EQ(told_against(document, chosen, describe("et si c'était vide ?")), chosen);
  EXPECT_TRUE(told_against(document, chosen, describe("et s'il est meublé ?")).empty());
  EXPECT_TRUE(told_against(document, chosen, describe("et le préavis ?")).empty());
}

TEST(Tree, ADeathIsSaidOfSomebody) {
  const std::vector<std::string> events = {"En cas de décès", "En cas de naissance"};
  EXPECT_EQ(told(events, "ma mère est morte"), events[0]);
  EXPECT_EQ(told(events, "y aller, c'est mort"), "?");
}

TEST(Tree, ALengthOfTimeIsNoAge) {
  const std::vector<std::string> expired = {"Périmé depuis moins de 5 ans",
                                            "Périmé depuis plus de 5 ans"};
  EXPECT_EQ(told(expired, "mon passeport est périmé depuis 3 ans"), expired[0]);
  EXPECT_EQ(told(expired, "j'ai 42 ans et mon passeport est périmé"), "?");
  EXPECT_EQ(told({"Majeur", "Mineur"}, "ma carte serait encore valide 5 ans"), "assumed: Majeur");
  const std::vector<std::string> defect = {"Défaut moins de 2 ans après la livraison",
                                           "Défaut plus de 2 ans après la livraison"};
  EXPECT_EQ(told(defect, "un frigo acheté il y a 14 mois"), defect[0]);
  EXPECT_EQ(told(defect, "un frigo acheté il y a 30 mois"), defect[1]);
}

TEST(Tree, NegationsAreHeard) {
  const std::vector<std::string> passport = {"L'enfant a un passeport valide",
                                             "L'enfant a un passeport périmé",
                                             "L'enfant n'a pas de passeport"};
  EXPECT_EQ(told(passport, "ma fille n'a pas de passeport"), passport[2]);
  EXPECT_EQ(told(passport, "son passeport est périmé"), passport[1]);
  EXPECT_EQ(told(passport, "carte d'identité de ma fille"), "?");
  const std::vector<std::string> card = {"Votre carte est valide", "Carte périmée"};
  EXPECT_EQ(told(card, "ma carte est encore valide"), card[0]);
  EXPECT_NE(told(card, "ma carte n'est plus valide"), card[0]);
}

TEST(Tree, TheBranchThatIsLeftIsAssumed) {
  const std::vector<std::string> zones = {"Logement en zone tendue",
                                          "Logement dans une autre zone"};
  EXPECT_EQ(told(zones, "non ce n'est pas une zone tendue"), "assumed: " + zones[1]);
  EXPECT_EQ(told({"Forêt", "Zone tendue", "Autre zone"}, "pas en zone tendue"), "?");
}

TEST(Tree, WhatWasSaidBeforeIsAssumedWhereTheQuestionIsSilent) {
  const std::vector<std::string> papers = {"Carte d'identité", "Passeport"};
  EXPECT_EQ(told(papers, "il doit venir avec moi ?", "mon fils a perdu sa carte d'identité"),
            "assumed: Carte d'identité");
  EXPECT_EQ(told(papers, "et pour le passeport ?", "mon fils a perdu sa carte d'identité"),
            "Passeport");
  EXPECT_EQ(told(papers, "il doit venir avec moi ?", "combien de temps ça prend"), "?");
}

TEST(Tree, WhatWasSaidBeforeGivesWayToWhatIsSaidNow) {
  const std::vector<std::string> plants = {"Branches", "Racines, ronces", "Plantations mitoyennes"};
  EXPECT_NE(told(plants, "et ses racines alors", "puis-je couper les branches"),
            "assumed: Branches");
  EXPECT_EQ(told({"Acceptation de la succession", "Renonciation à la succession"},
                 "et si on renonce à la succession, qui paie ?"),
            "Renonciation à la succession");
}

TEST(Tree, ABranchThatIsTrueOnlyWhileNothingIsSaidStaysOpen) {
  Block islands = block(Kind::situation, "Né en outre-mer", {para("Au greffe.")});
  islands.condition = Condition{Condition::Kind::any,
                                "",
                                {Condition{Condition::Kind::is_true, "A", {}},
                                 Condition{Condition::Kind::is_undefined, "A", {}}}};
  const Document document =
      sheet({block(Kind::situations, "",
                   {when(block(Kind::situation, "Né en métropole", {para("En ligne.")}), "B"),
                    std::move(islands)})});
  const Asked words = asked("extrait de casier judiciaire");
  EXPECT_EQ(Reading(document, words).pick(document.body[0]).how, Pick::How::open);
}

TEST(Tree, WhatHappenedOnATripHappenedAbroad) {
  const std::vector<std::string> losses = {"Perte en France", "Perte à l'étranger"};
  EXPECT_EQ(told(losses, "j'ai perdu mon permis pendant mes vacances au Maroc"), losses[1]);
  EXPECT_EQ(told(losses, "j'ai perdu mon permis et je pars au Maroc mardi"),
            "assumed: Perte en France")
      << "not there yet";
  EXPECT_EQ(told({"Demande en France", "Demande à l'étranger"}, "un passeport pour aller au Maroc"),
            "assumed: Demande en France");
}

TEST(Tree, SituationsAreTold) {
  EXPECT_EQ(told({"Vous êtes majeur", "Vous êtes mineur"}, "pour mon fils"), "Vous êtes mineur");
  EXPECT_EQ(told({"Vous êtes locataire", "Vous êtes propriétaire"}, "mon proprietaire refuse"),
            "Vous êtes locataire");
  const std::vector<std::string> deaths = {"Décès à domicile",
                                           "Décès à l'hôpital, en maison de retraite ou autre",
                                           "Décès sur la voie publique"};
  EXPECT_EQ(told(deaths, "maman est morte à la maison"), deaths[0]);
  EXPECT_EQ(told(deaths, "elle est morte à la maison de retraite"), deaths[1]);
  EXPECT_EQ(told(deaths, "mort dans la rue"), deaths[2]);
  EXPECT_EQ(told({"Fonctionnaire", "Contractuel", "Salarié"}, "je suis salariée"), "Salarié");
  EXPECT_EQ(told({"Perte", "Vol"}, "on m'a volé ma carte"), "Vol");
  EXPECT_EQ(told({"Né(e) en France", "Né(e) à l'étranger"}, "je suis né en Algérie"),
            "Né(e) à l'étranger");
}

TEST(Tree, APartOfATitleDoesNotTellIt) {
  EXPECT_EQ(told({"Vous êtes salarié à temps très partiel", "Vous avez déjà une couverture",
                  "Vous êtes en CDD"},
                 "un animateur salarié d'une association"),
            "?");
}

TEST(Tree, TheUsualBranchIsAssumedNotTold) {
  EXPECT_EQ(told({"En France", "À l'étranger"}, "refaire ma carte"), "assumed: En France");
  EXPECT_EQ(told({"En France", "À l'étranger"}, "refaire ma carte à l'étranger"), "À l'étranger");
  EXPECT_EQ(told({"Cas général", "Alsace-Moselle"}, "créer une association"),
            "assumed: Cas général");
  EXPECT_EQ(told({"Né(e) en France", "Né(e) à l'étranger"}, "mon acte de naissance"), "?");
  EXPECT_EQ(told({"Pour un adulte", "Pour un mineur"}, "j'ai perdu mon portefeuille"),
            "assumed: Pour un adulte");
  EXPECT_EQ(told({"Pour un adulte", "Pour un mineur"}, "mon fils a perdu ses papiers"),
            "Pour un mineur");
}

TEST(Tree, TheRuleOfTodayIsAssumed) {
  EXPECT_EQ(told({"Avant mars 2019", "Depuis mars 2019"}, "ma carte"), "assumed: Depuis mars 2019");
  EXPECT_EQ(told({"Depuis 2019", "Entre octobre et décembre 2018"}, "x"), "assumed: Depuis 2019");
  EXPECT_EQ(told({"Avant 16 ans", "À partir de 16 ans"}, "ma carte"), "?");
  EXPECT_EQ(told({"Né avant mars 2019", "Né depuis mars 2019"}, "ma carte"), "?");
  EXPECT_EQ(told({"Jusqu'en juin 2030", "Entre juin et août 2030"}, "ma carte"), "?");
}

TEST(Tree, EuropeIsNearerThanAbroad) {
  const std::vector<std::string> thefts = {"Vol en France", "Vol en Europe",
                                           "Vol dans un autre pays"};
  EXPECT_EQ(told(thefts, "on m'a volé mon permis à l'étranger, au Portugal"), thefts[1]);
  EXPECT_EQ(told(thefts, "on m'a volé mon permis à l'étranger, au Maroc"), thefts[2]);
  EXPECT_EQ(told(thefts, "on m'a volé mon permis"), "assumed: Vol en France");
}

TEST(Tree, ATitleThatIsSaidTellsItself) {
  const std::vector<std::string> kinds = {"Conventions de forfait en heures",
                                          "Convention de forfait en jours"};
  EXPECT_EQ(told(kinds, "combien d'heures dans une convention de forfait en jours"), kinds[1]);
  EXPECT_EQ(told(kinds, "combien d'heures ou de jours"), "?");
}

TEST(Tree, WaysAreAllSaidTheOneAskedForFirst) {
  EXPECT_EQ(told({"Par courrier", "En ligne"}, "faire la demande en ligne"), "?");
  const Document document = by_titles({"Par courrier", "En ligne", "Sur place"});
  const Asked words = asked("faire la demande en ligne");
  std::vector<std::string> ways;
  for (const Section& section : sections(document, Reading(document, words)))
    if (section.way && section.opens.empty()) ways.push_back(heading(section));
  EXPECT_EQ(ways, (std::vector<std::string>{"En ligne", "Sur place", "Par courrier"}));
  EXPECT_FALSE(is_of_ways(by_titles({"En ligne", "Vous êtes mineur"}).body[0]));
}

TEST(Tree, AWordOfOneTraitDoesNotSayAnother) {
  const Document document =
      sheet({block(Kind::cases, "",
                   {block(Kind::case_, "Perte en France", {para("Ici.")}),
                    block(Kind::case_, "Perte à l'étranger", {para("Au consulat.")})})});
  const auto pick = [&](std::string_view question) {
    const Asked words = asked(question);
    return Reading(document, words).pick(document.body[0]);
  };
  EXPECT_EQ(pick("je suis étranger et j'ai une perte").how, Pick::How::assumed);
  EXPECT_EQ(pick("je suis étranger et j'ai une perte").branch, 0U);
  EXPECT_EQ(pick("je suis un étranger et j'ai une perte").branch, 0U);
  EXPECT_EQ(pick("perte à l'étranger").branch, 1U);
  EXPECT_EQ(pick("perte à l'étranger").how, Pick::How::told);
}

TEST(Tree, WhatABranchContainsRecommendsIt) {
  const Document document =
      sheet({block(Kind::cases, "",
                   {block(Kind::case_, "Mariage", {para("Les époux l'exercent.")}),
                    block(Kind::case_, "Union libre",
                          {block(Kind::chapter, "Reconnaissance de l'enfant",
                                 {para("Avant son premier anniversaire.")})})})});
  const Asked words = asked("");
  const Reading reading(document, words);
  const std::vector<Section> all = sections(document, reading);
  Words read;
  auto likely = [&](std::string_view question) -> std::string {
    const std::vector<AskedTerm> terms = asked_terms(text::terms(question), {});
    const Block* branch =
        likely_branch(document.body[0], all, relevance(all, terms, read), terms.size());
    return branch == nullptr ? "?" : std::string(reading.value(*branch));
  };
  EXPECT_EQ(likely("reconnaissance avant son anniversaire"), "F1/union-libre");
  EXPECT_EQ(likely("quel est mon droit"), "?");
  EXPECT_EQ(likely("reconnaissance par les époux exercent"), "?");
  Asked guessed = asked("");
  guessed.likely = {"F1/union-libre"};
  EXPECT_EQ(Reading(document, guessed).pick(document.body[0]).how, Pick::How::assumed);
}

TEST(Tree, AParagraphInBoldIsAHeading) {
  auto bold = [](std::string text) {
    Block out;
    out.spans = {{knowledge::Span::Kind::strong, std::move(text), "", "", ""}};
    return out;
  };
  const Document document =
      sheet({para("Début."), bold("Montant"), para("10 €."), bold("Gratuit.")});
  const Asked words = asked("");
  const std::vector<Section> all = sections(document, Reading(document, words));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(heading(all[1]), "Montant");
  EXPECT_EQ(all[1].passage, "Montant\n10 €.\nGratuit.");
}

TEST(Tree, WhatLeadsToAChoiceIsNotSaidAlone) {
  const Blocks branches = {block(Kind::case_, "A", {para("a")}),
                           block(Kind::case_, "B", {para("b")})};
  for (const char* words : {"Les règles dépendent de votre âge.", "Voici les cas suivants :"}) {
    const Document document = sheet({para(words), block(Kind::cases, "", branches)});
    const Asked nothing = asked("");
    EXPECT_FALSE(sayable(sections(document, Reading(document, nothing))[0])) << words;
  }
  const std::vector<Block> listed = {para("Il faut les documents suivants, numérisés."),
                                     block(Kind::list, "", {item("Photo")})};
  EXPECT_EQ(pieces({&listed[0], &listed[1]}).size(), 1U);
}

TEST(Tree, ATripAbroadIsNoLifeAbroad) {
  EXPECT_EQ(told({"Si l'enfant vit en France", "Si l'enfant vit à l'étranger"},
                 "mon fils part 15 jours au Maroc"),
            "assumed: Si l'enfant vit en France");
}

TEST(Tree, AChoiceDecidesAndSetsItsVariable) {
  const Document document =
      sheet({block(Kind::situations, "",
                   {when(block(Kind::situation, "Avec enfant", {para("Oui.")}), "T1"),
                    when(block(Kind::situation, "Sans enfant", {para("Non.")}), "T2")}),
             when(block(Kind::conditional, "", {para("Prime.")}), "T1"),
             when(block(Kind::chapter, "Studio", {para("Petit.")}), "T2")});
  Asked words = asked("aide");
  words.chosen = {"F1/avec-enfant"};
  const Reading reading(document, words);
  EXPECT_EQ(reading.pick(document.body[0]).how, Pick::How::told);
  EXPECT_EQ(reading.truth(*document.body[1].condition), Truth::yes);
  EXPECT_EQ(reading.truth(*document.body[2].condition), Truth::no);
  std::string all;
  for (const Section& section : sections(document, reading)) all.append(section.passage);
  EXPECT_NE(all.find("Prime."), std::string::npos);
  EXPECT_EQ(all.find("Petit."), std::string::npos);
  EXPECT_EQ(all.find("Non."), std::string::npos);
}

TEST(Tree, WhatIsUndecidedStandsUnderItsCondition) {
  const Document document =
      sheet({block(Kind::cases, "",
                   {when(block(Kind::case_, "Vous avez un emploi", {para("A.")}), "T1"),
                    when(block(Kind::case_, "Vous êtes au chômage", {para("B.")}), "T2")}),
             when(block(Kind::conditional, "", {para("Votre employeur signe.")}), "T1")});
  const Asked words = asked("congé");
  const Reading reading(document, words);
  std::size_t under = 0;
  for (const Section& section : sections(document, reading))
    if (section.passage.contains("Votre employeur signe.")) {
      EXPECT_EQ(section.path.back(), "Vous avez un emploi");
      EXPECT_FALSE(section.opens.empty());
      ++under;
    }
  EXPECT_EQ(under, 1U);
}

TEST(Tree, WhatAllBranchesSayHoldsForEveryone) {
  auto branch = [](std::string title, std::string own) {
    return block(Kind::situation, std::move(title),
                 {block(Kind::chapter, "Coût", {para("Gratuit.")}),
                  block(Kind::chapter, "Délai", {para(std::move(own))})});
  };
  const Document document = sheet(
      {block(Kind::situations, "",
             {branch("Perte", "1 mois."), branch("Vol", "1 mois."), branch("Usure", "2 mois.")})});
  const Asked words = asked("refaire");
  const std::vector<Section> all = sections(document, Reading(document, words));
  std::vector<std::string> open, shared;
  for (const Section& section : all)
    if (sayable(section)) (section.opens.empty() ? shared : open).push_back(heading(section));
  EXPECT_EQ(shared, (std::vector<std::string>{"Coût"}));
  EXPECT_EQ(open, (std::vector<std::string>{"Perte, Vol › Délai", "Usure › Délai"}));
}

TEST(Tree, ConditionsFollowLogic) {
  const Document document = by_titles({"A", "B"});
  const Asked words = asked("");
  const Reading reading(document, words);
  const Condition unknown{Condition::Kind::is_true, "T9", {}};
  const Condition undefined{Condition::Kind::is_undefined, "T9", {}};
  EXPECT_EQ(reading.truth(unknown), Truth::open);
  EXPECT_EQ(reading.truth(undefined), Truth::yes);
  EXPECT_EQ(reading.truth({Condition::Kind::any, "", {unknown, undefined}}), Truth::yes);
  EXPECT_EQ(reading.truth({Condition::Kind::all, "", {unknown, undefined}}), Truth::open);
}

TEST(Tree, WhatAllBranchesListIsCommon) {
  auto list = [](std::vector<std::string> items) {
    Blocks children;
    for (std::string& one : items) children.push_back(item(std::move(one)));
    return block(Kind::list, "", std::move(children));
  };
  const Document document = sheet({block(
      Kind::cases, "",
      {block(Kind::case_, "Passeport valide", {list({"Passeport", "Photo", "Justificatif"})}),
       block(Kind::case_, "Pas de passeport",
             {list({"Photo", "Acte"}), list({"Justificatif"})})})});
  const Asked words = asked("papiers");
  const Reading reading(document, words);
  EXPECT_EQ(common_items(document.body[0], reading),
            (std::vector<std::string>{"Photo", "Justificatif"}));
}

TEST(Tree, SlugsAreStable) {
  EXPECT_EQ(slug("L'enfant a un passeport périmé"), "l-enfant-a-un-passeport-perime");
  EXPECT_EQ(sheet_of_choice("F1342/demande-en-france"), "F1342");
  EXPECT_EQ(sheet_of_choice("F1342"), "F1342");
}

}  // namespace
}  // namespace parvis::answer
