#include "dialogue/filling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialogue/asking.hpp"

namespace parvis::dialogue {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<const procedure::Definition> read(std::string_view yaml) {
  auto definition = procedure::read_definition(yaml);
  EXPECT_TRUE(definition) << (definition ? "" : definition.error().front().what);
  return std::make_shared<const procedure::Definition>(std::move(*definition));
}

const std::string kLoss = R"~(id: perte
title: Déclarer la perte d’une carte d’identité ou d’un passeport
summary: Vous signalez la perte.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
starts: ["j’ai perdu ma carte d’identité", "j’ai perdu mon passeport"]
who: [{must: "motif != 'vol'", message: Un vol se déclare à la police.}]
documents: [{id: copie, label: Une copie, source: citizen, optional: true}]
steps:
  - title: Un
    pages:
      - {id: motif, type: choice, label: "Que s’est-il passé ?", name: Motif, options: [{value: perte, label: Je l’ai perdu}, {value: vol, label: On me l’a volé}]}
      - {id: titre, type: choice, label: Quel titre, name: Titre, options: [{value: carte, label: Carte nationale d’identité}, {value: passeport, label: Passeport}]}
      - {id: date, type: date, label: Quand, name: Date, latest: today}
      - {id: lieu, type: text, label: Où, name: Lieu, optional: true}
      - {id: vous, title: Vous, fields: [{id: vous, type: person, label: Vous}]}
      - {id: email, type: email, label: Adresse e-mail}
      - {id: honneur, type: attestation, label: Je certifie}
)~";
const std::string kObject = R"~(id: objet
title: Déclarer la perte d’un objet
summary: Vous signalez un objet perdu.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
starts: ["j’ai perdu un sac"]
steps: [{title: Un, pages: [{id: quoi, type: text, label: Quoi}]}]
)~";

const std::string kCard = R"~(id: carte
title: Demander une carte
summary: Une carte.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
documents: [{id: facture, label: Une facture, source: citizen}]
steps: [{title: Un, pages: [{id: quoi, type: text, label: Quoi}]}]
)~";

const std::string kDeed = R"~(id: acte
title: Demander un acte
summary: Une copie.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
steps:
  - title: Un
    pages:
      - {id: type, type: choice, label: 'Quel acte ?', options: [{value: naissance, label: Acte de naissance}, {value: deces, label: Acte de décès}]}
      - {id: lien, type: choice, label: 'Qui êtes-vous ?', options: [{value: moi, label: C’est mon acte}, {value: autre, label: Une autre personne}]}
)~";

// What the caller does with the deeds, and nothing else.
class Talking : public ::testing::Test {
 protected:
  Filled begin(std::string_view said = "") {
    Filled out = begin_filling(draft_, 1, said);
    take(out);
    return out;
  }
  std::optional<Filled> say(std::string text, std::string choice = "") {
    auto out = fill_in(draft_, filling_, Personal(std::move(text)), choice);
    if (out) take(*out);
    return out;
  }
  void take(const Filled& filled) {
    filling_ = filled.filling;
    for (const auto& member : filled.answers) draft_.answers[member.key()] = member.value();
  }
  std::string asked() const { return filling_.asked; }

  Draft draft_{
      read(kLoss), {}, {LocalTime(std::chrono::local_days(CivilDate{2026y / 11 / 28})) + 14h}};
  Filling filling_;
};

TEST_F(Talking, ASentenceIsNoName) {
  begin();
  for (const char* text : {"je l'ai perdu", "passeport", "hier", "passer"}) say(text);
  ASSERT_EQ(asked(), "vous.last_name");
  for (const char* aside :
       {"la directrice refuse", "mon fils est allergique", "Mon fils est allergique",
        "je comprends pas", "c'est pas moi", "c'est mon fils", "Pour ma fille Léa", "ma mère",
        "On m'a volé mon sac"})
    EXPECT_FALSE(say(aside)) << aside;
  EXPECT_EQ(asked(), "vous.last_name");
  for (const auto& [said, name] :
       std::vector<std::pair<std::string, std::string>>{{"la rosa diaz", "la rosa diaz"},
                                                        {"mon nom c'est Dupont", "Dupont"},
                                                        {"Comment-Girard", "Comment-Girard"},
                                                        {"je me nomme Ma Li", "Ma Li"}}) {
    const Filling before = filling_;
    EXPECT_TRUE(say(said)) << said;
    EXPECT_EQ(draft_.answers.at("vous").at("last_name").as_string(), name);
    filling_ = before;
    draft_.answers.erase("vous");
  }
}

TEST_F(Talking, SaysWhatIsNeededThenAsksTheFirstQuestion) {
  const Filled first = begin();
  EXPECT_EQ(first.deed, Deed::begin);
  EXPECT_EQ(first.answer.status, answer::Status::procedure);
  EXPECT_THAT(first.answer.text, HasSubstr("Une copie (facultatif)"));
  EXPECT_THAT(first.answer.text, HasSubstr("Que s’est-il passé"));
  EXPECT_EQ(asked(), "motif");
  ASSERT_GE(first.answer.choices.size(), 2u);
}

TEST_F(Talking, TakesWhatTheFirstWordsTell) {
  begin("j'ai perdu mon passeport hier, mon mail est ana@example.org");
  EXPECT_EQ(draft_.answers.at("titre"), "passeport");
  EXPECT_EQ(draft_.answers.at("date"), "2026-11-27");
  EXPECT_EQ(draft_.answers.at("email"), "ana@example.org");
}

// Who may have a full copy hangs on it: it is asked, and not guessed from the word "acte".
TEST_F(Talking, AWordThatNamesOneAnswerNamesNoOther) {
  draft_.definition = read(kDeed);
  begin("je voudrais un acte de naissance");
  EXPECT_EQ(draft_.answers.at("type"), "naissance");
  EXPECT_FALSE(draft_.answers.contains("lien"));
  EXPECT_EQ(asked(), "lien");
  say("c'est mon acte");
  EXPECT_EQ(draft_.answers.at("lien"), "moi");
}

TEST_F(Talking, RepeatsNoMoreOfAnAddressThanIsNeededToCheckIt) {
  const Filled first = begin("j'ai perdu mon passeport, mon mail est ana@example.org");
  EXPECT_THAT(first.answer.text, HasSubstr("a…@example.org"));
  EXPECT_THAT(first.answer.text, Not(HasSubstr("ana@")));
}

TEST_F(Talking, GoesToTheEndInFreeWords) {
  begin();
  for (const char* text : {"je l'ai perdu", "la carte d'identité", "hier soir", "passer", "Roy",
                           "je m'appelle Ana", "mon adresse est ana@example.org", "je certifie"})
    ASSERT_TRUE(say(text)) << text;
  EXPECT_EQ(asked(), kReview);
  EXPECT_EQ(draft_.answers.at("vous"),
            (json::object{{"last_name", "Roy"}, {"first_names", "Ana"}}));
  EXPECT_EQ(draft_.answers.at("date"), "2026-11-27");
  const auto end = say("oui");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->deed, Deed::deposit);
}

TEST_F(Talking, NobodyNeedsAnEmailAddressWhereTheFormGoesWithout) {
  std::string without(kLoss);
  const std::string_view needed = "{id: email, type: email, label: Adresse e-mail}";
  without.replace(without.find(needed), needed.size(),
                  "{id: email, type: email, label: Adresse e-mail, optional: true}");
  draft_.definition = read(without);
  begin();
  for (const char* text : {"je l'ai perdu", "la carte d'identité", "hier soir", "passer", "Roy",
                           "je m'appelle Ana", "je n'ai pas d'adresse mail"})
    ASSERT_TRUE(say(text)) << text;
  EXPECT_FALSE(draft_.answers.contains("email"));
  ASSERT_TRUE(say("je certifie"));
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Talking, MendsTheAnswerBefore) {
  begin();
  say("je l'ai perdu");
  say("passeport");
  say("le 10 novembre");
  const auto mended = say("non, c'est le 12");
  ASSERT_TRUE(mended);
  EXPECT_EQ(draft_.answers.at("date"), "2026-11-12");
  EXPECT_EQ(asked(), "lieu");  // and goes on where it was
}

TEST_F(Talking, AQuestionInBetweenIsNotAnAnswer) {
  begin();
  say("je l'ai perdu");
  say("passeport");
  EXPECT_FALSE(say("combien ça coûte ?"));
  say("hier");
  EXPECT_FALSE(say("à quoi sert le lieu ?"));  // even where any text would do
  answer::Answer other;
  other.text = "25 €.";
  resume(other, draft_, filling_);
  EXPECT_THAT(other.text, HasSubstr("Revenons à votre demande"));
  EXPECT_THAT(other.choices, Contains(Field(&answer::Choice::label, "Passer")));
}

TEST_F(Talking, SaysWhatIsWrongAndAsksAgain) {
  begin();
  say("je l'ai perdu");
  say("passeport");
  const auto wrong = say("le 31 février 2026");
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->deed, Deed::none);
  EXPECT_EQ(asked(), "date");
  const auto future = say("31/12/2026");
  ASSERT_TRUE(future);
  EXPECT_EQ(asked(), "date");
  EXPECT_THAT(future->answer.text, Not(HasSubstr("Où")));
}

TEST_F(Talking, WhoMayNotApplyIsToldAtOnceWithTheOtherWays) {
  begin();
  const auto barred = say("on me l'a volé");
  ASSERT_TRUE(barred);
  EXPECT_THAT(barred->answer.text, HasSubstr("police"));
  EXPECT_THAT(barred->answer.text, HasSubstr("Au guichet."));
}

TEST_F(Talking, AnAnswerIsChangedFromTheReview) {
  begin("j'ai perdu mon passeport hier, mon mail est ana@example.org");
  for (const char* text : {"je l'ai perdu", "passer", "Roy", "Ana", "oui"}) say(text);
  ASSERT_EQ(asked(), kReview);
  const auto which = say("non");
  ASSERT_TRUE(which);
  EXPECT_THAT(which->answer.choices, Contains(Field(&answer::Choice::value, "form/?date")));
  say("", "form/?date");
  say("avant-hier");
  EXPECT_EQ(draft_.answers.at("date"), "2026-11-26");
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Talking, ADocumentIsJoinedOnThePageAndSeenHere) {
  draft_.definition = read(kCard);
  begin();
  const auto wanted = say("Une carte de lecteur");
  ASSERT_TRUE(wanted);
  EXPECT_EQ(asked(), "facture");
  EXPECT_THAT(wanted->answer.text, HasSubstr("se joint sur la page de votre demande"));
  EXPECT_THAT(wanted->answer.text, HasSubstr("Une facture"));
  const std::string done = wanted->answer.choices.front().value;
  const auto early = say("", done);
  ASSERT_TRUE(early);
  EXPECT_THAT(early->answer.text, HasSubstr("Je ne vois pas encore ce document."));
  EXPECT_EQ(asked(), "facture");
  draft_.answers["facture"] = json::array{
      json::object{{"id", "1"}, {"name", "f.pdf"}, {"type", "application/pdf"}, {"size", 9}}};
  const auto there = say("", done);
  ASSERT_TRUE(there);
  EXPECT_THAT(there->answer.text, HasSubstr("f.pdf"));
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Talking, OnlyYesDeposits) {
  begin("j'ai perdu mon passeport hier, mon mail est ana@example.org");
  for (const char* text : {"je l'ai perdu", "passer", "Roy", "Ana", "oui"}) say(text);
  const Filling review = filling_;
  ASSERT_EQ(asked(), kReview);
  for (const char* text : {"oui mais changez l'adresse", "c'est bon ?", "oui ?", "oui sauf la date",
                           "c'est pas bon", "ne déposez pas", "oui attendez", "oui non", "merci",
                           "non merci", "oui je peux relire ?"}) {
    filling_ = review;
    const auto next = say(text);
    EXPECT_TRUE(!next || next->deed != Deed::deposit) << text;
  }
  filling_ = review;
  const auto change = say("oui mais changez l'adresse");
  ASSERT_TRUE(change);
  EXPECT_THAT(change->answer.choices, Contains(Field(&answer::Choice::value, "form/?email")));
  filling_ = review;
  const auto sure = say("c'est bon ?");
  ASSERT_TRUE(sure);
  EXPECT_THAT(sure->answer.text, HasSubstr("pas encore déposée"));
  EXPECT_THAT(sure->answer.text, HasSubstr("Vérifiez"));
  for (const char* text : {"oui", "c'est bon", "oui merci", "d'accord, envoyez", "tout est juste",
                           "oui, déposez ma demande", "déposer", "je confirme", "oui c'est bon"}) {
    filling_ = review;
    const auto end = say(text);
    ASSERT_TRUE(end) << text;
    EXPECT_EQ(end->deed, Deed::deposit) << text;
  }
}

TEST_F(Talking, ItIsCertifiedOnlyWithoutReserve) {
  begin("j'ai perdu mon passeport hier, mon mail est ana@example.org");
  for (const char* text : {"je l'ai perdu", "passer", "Roy", "Ana"}) say(text);
  const Filling certifying = filling_;
  ASSERT_EQ(asked(), "honneur");
  for (const char* text : {"oui ?", "oui mais pas la date", "je certifie sauf la date"}) {
    filling_ = certifying;
    say(text);
    EXPECT_EQ(asked(), "honneur") << text;
    EXPECT_FALSE(draft_.answers.contains("honneur")) << text;
  }
  say("je certifie sur l'honneur que tout est exact");
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Talking, AWishToStopOrForAPersonIsHeardAtAnyQuestion) {
  begin();
  std::vector<Filling> questions = {filling_};
  for (const char* text : {"je l'ai perdu", "passeport", "hier", "passer", "Roy", "Ana",
                           "ana@example.org", "je certifie"}) {
    say(text);
    questions.push_back(filling_);
  }
  const json::object answers = draft_.answers;
  for (const Filling& where : questions) {
    for (const char* text :
         {"je veux arrêter", "je voudrais annuler", "annulez ma demande", "stop merci", "j'arrête",
          "laissez tomber", "on arrête la démarche", "plus tard merci"}) {
      filling_ = where;
      const auto left = say(text);
      ASSERT_TRUE(left) << text;
      EXPECT_THAT(left->answer.text, HasSubstr("Votre brouillon est gardé")) << where.asked << text;
      EXPECT_EQ(asked(), "");
    }
    for (const char* text : {"je veux parler à un humain", "un conseiller s'il vous plaît"}) {
      filling_ = where;
      EXPECT_FALSE(say(text)) << where.asked << " " << text;
    }
  }
  EXPECT_EQ(draft_.answers, answers);
}

TEST_F(Talking, NoThanksMendsNothing) {
  begin();
  for (const char* text : {"je l'ai perdu", "passeport", "hier", "passer", "Roy"}) say(text);
  const json::object before = draft_.answers;
  for (const char* text :
       {"non merci", "non", "non pas encore", "non je ne sais pas", "non, rien"}) {
    say(text);
    EXPECT_EQ(draft_.answers.at("vous").at("last_name"), "Roy") << text;
    if (std::string_view(text) == "non merci") EXPECT_EQ(asked(), "vous.first_names");
    filling_.asked = "vous.first_names";
    filling_.before = "vous.last_name";
    draft_.answers = before;
    filling_.seen.clear();
  }
  filling_.asked = "lieu";
  filling_.passed.clear();
  const auto passed = say("non merci");
  ASSERT_TRUE(passed);
  EXPECT_FALSE(draft_.answers.contains("lieu"));
  EXPECT_THAT(filling_.passed, Contains("lieu"));
}

TEST_F(Talking, WhatIsMaskedIsNoAnswer) {
  begin();
  for (const char* text : {"je l'ai perdu", "passeport", "hier"}) say(text);
  ASSERT_EQ(asked(), "lieu");
  const auto again = say("chez [numéro de téléphone masqué]");
  ASSERT_TRUE(again);
  EXPECT_EQ(asked(), "lieu");
  EXPECT_FALSE(draft_.answers.contains("lieu"));
  EXPECT_THAT(again->answer.text, HasSubstr("de nouveau"));
}

TEST_F(Talking, IsLeftAndTakenUpAgain) {
  begin();
  ASSERT_TRUE(say("plus tard"));
  EXPECT_FALSE(say("quels sont vos horaires"));
  ASSERT_TRUE(say("reprendre"));
  EXPECT_EQ(asked(), "motif");
}

TEST_F(Talking, IsStoredAndReadBack) {
  begin();
  filling_.passed = {"lieu"};
  filling_.before = "motif";
  EXPECT_EQ(filling_from_json(to_json(filling_)), filling_);
  EXPECT_EQ(filling_from_json({}), Filling{});
}

TEST(Meant, OnlyWhatIsSurelyMeant) {
  const std::vector<std::shared_ptr<const procedure::Definition>> all = {read(kLoss),
                                                                         read(kObject)};
  const auto id = [](const procedure::Definition* one) { return one != nullptr ? one->id : ""; };
  EXPECT_EQ(id(meant(all, "j'ai perdu ma carte d'identité")), "perte");
  EXPECT_EQ(id(meant(all, "j'ai perdu un sac dans le bus")), "objet");
  EXPECT_EQ(id(meant(all, "j'ai perdu mon travail")), "");
  EXPECT_EQ(id(meant(all, "")), "");
  // Said among other things: to be offered, and not begun.
  constexpr std::string_view kWallet =
      "bonsoir, hier au marché j'ai perdu mon porte feuille, il y avait dedans ma carte "
      "d'identité, "
      "mon permis, mes clés et de l'argent";
  EXPECT_EQ(id(meant(all, kWallet)), "");
  EXPECT_EQ(id(touched(all, kWallet)), "perte");
  EXPECT_EQ(id(touched(all, "ma carte d'identité est abîmée")), "");
  EXPECT_EQ(id(touched(all, "j'ai perdu mon travail")), "");
  EXPECT_EQ(id(wanted(all, "je voudrais déclarer la perte de mon passeport")), "perte");
  EXPECT_EQ(id(wanted(all, "je veux déclarer la perte d'un objet")), "objet");
  EXPECT_EQ(id(wanted(all, "je voudrais déclarer une perte")), "");  // of what?
  EXPECT_EQ(id(wanted(all, "je voudrais un passeport")), "");
  EXPECT_EQ(id(wanted(all, "je veux porter plainte contre mon voisin")), "");
  const std::vector<std::shared_ptr<const procedure::Definition>> site = {read(R"~(id: site
title: Signaler un défaut d’accessibilité
summary: Un défaut.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
starts: [porter plainte contre le site non conforme RGAA, je ne peux pas lire ce que la mairie a publié]
steps: [{title: Un, pages: [{id: quoi, type: text, label: Quoi}]}]
)~")};
  EXPECT_EQ(id(wanted(site, "je veux porter plainte contre mon voisin")), "");
  EXPECT_EQ(id(wanted(site, "je veux porter plainte contre la mairie")), "");
  EXPECT_EQ(id(wanted(site, "je veux porter plainte contre le site")), "site");
}

const std::string kVisit = R"~(id: visite
title: Venir voir
summary: Une visite.
service: mairie
other_ways: [Au guichet.]
clock: {silence: none, delay: 2 days, basis: La mairie.}
steps:
  - {title: Un, pages: [{id: vous, type: person, label: Vous, with: [email]}]}
  - title: Deux
    pages: [{id: quand, type: appointment, label: Quand venez-vous, name: Rendez-vous, agenda: mairie, reason: visite}]
)~";

TEST_F(Talking, ASlotIsChosenOnItsPage) {
  draft_.definition = read(kVisit);
  draft_.answers = {
      {"vous",
       json::object{{"last_name", "Roy"}, {"first_names", "Ana"}, {"email", "ana@example.org"}}}};
  const Filled first = begin();
  EXPECT_EQ(asked(), "quand");
  EXPECT_THAT(first.answer.text, HasSubstr("L’horaire se choisit sur la page de votre demande"));
  const auto early = say("c'est fait");
  ASSERT_TRUE(early);
  EXPECT_THAT(early->answer.text, HasSubstr("Je ne vois pas encore votre horaire"));
  draft_.answers["quand"] =
      json::object{{"booking", "b"}, {"start", "2026-12-03T14:30:00+01:00"}, {"reason", "visite"}};
  const auto done = say("c'est fait");
  ASSERT_TRUE(done);
  EXPECT_EQ(asked(), kReview);
  EXPECT_THAT(done->answer.text, HasSubstr("jeudi 3 décembre 2026 à 14"));
}

// Where slots are chosen and documents given in the conversation.
class Here : public Talking {
 protected:
  using Files = GivenFile::State;
  void asks_slot() {
    draft_.definition = read(kVisit);
    draft_.answers = {
        {"vous",
         json::object{{"last_name", "Roy"}, {"first_names", "Ana"}, {"email", "ana@example.org"}}}};
    draft_.slots = Slots{.offer =
                             [this](const json::object&, const Coming& coming) {
                               wanted_ = coming;
                               return Slots::Offer{.agenda = {}, .reason = &reason_, .free = free_};
                             },
                         .service = {},
                         .zone = Zone::paris(),
                         .now = at("2026-11-28T14:00:00+01:00")};
  }
  void asks_file() {
    draft_.definition = read(kCard);
    draft_.takes_files = true;
    begin();
    say("Une carte de lecteur");
    ASSERT_EQ(asked(), "facture");
  }
  void gives(const char* name, Files state, const char* why = "") {
    draft_.files.push_back(
        {.field = "facture", .name = Personal(std::string(name)), .state = state, .said = why});
    if (state == Files::answers)
      draft_.answers["facture"] = json::array{
          json::object{{"id", "1"}, {"name", name}, {"type", "application/pdf"}, {"size", 9}}};
  }
  static Instant at(std::string_view text) { return *parse_rfc3339(text); }
  static FreeSlot slot(std::string_view start) {
    return {at(start), at(start) + std::chrono::minutes(30), "mairie"};
  }

  appointment::Reason reason_{.id = "visite",
                              .label = "Visite",
                              .duration = Minutes(30),
                              .people = 3,
                              .ways = {appointment::Way::in_person, appointment::Way::phone},
                              .bring = {"Un plan"}};
  std::vector<FreeSlot> free_ = {
      slot("2026-11-30T09:00:00+01:00"), slot("2026-11-30T14:00:00+01:00"),
      slot("2026-12-01T09:00:00+01:00"), slot("2026-12-01T15:00:00+01:00"),
      slot("2026-12-02T09:00:00+01:00")};
  Coming wanted_;
};

TEST_F(Here, ASlotIsChosenInWords) {
  asks_slot();
  const Filled first = begin();
  EXPECT_EQ(asked(), "quand");
  EXPECT_THAT(first.answer.text,
              AllOf(HasSubstr("Quand venez-vous"), HasSubstr("30 minutes"), HasSubstr("Un plan")));
  ASSERT_EQ(filling_.shown.size(), 3u);
  EXPECT_EQ(first.answer.choices[0].label, "lundi 30 novembre à 9\u202fh");
  EXPECT_EQ(first.answer.appointment.at("slots").as_array().size(), 3u);
  const auto tuesday = say("mardi matin plutôt");
  ASSERT_TRUE(tuesday);
  EXPECT_EQ(tuesday->deed, Deed::none);
  ASSERT_EQ(filling_.shown.size(), 1u);
  EXPECT_EQ(filling_.shown[0], free_[2].start);
  EXPECT_THAT(tuesday->answer.text, Not(HasSubstr("Un plan")));  // it is said once
  const auto later = say("plus tard");
  ASSERT_TRUE(later);
  EXPECT_EQ(asked(), "quand");
  EXPECT_EQ(filling_.shown[0], free_[3].start);
  const auto held = say("le premier");
  ASSERT_TRUE(held);
  EXPECT_EQ(held->deed, Deed::slot);
  EXPECT_EQ(held->slot, free_[3].start);
  EXPECT_THAT(
      held->answer.text,
      AllOf(HasSubstr("Je vous garde mardi 1er décembre à 15\u202fh pendant 10 minutes, jusqu’à "
                      "14\u202fh\u202f10"),
            HasSubstr("Vérifiez vos réponses"), HasSubstr("mardi 1er décembre 2026 à 15\u202fh")));
  EXPECT_EQ(held->answer.appointment.at("state"), "held");
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Here, ASlotIsChosenByItsButtonByTheHourAndChanged) {
  asks_slot();
  const Filled first = begin();
  const auto pressed = say(first.answer.choices[1].label, first.answer.choices[1].value);
  ASSERT_TRUE(pressed);
  EXPECT_EQ(pressed->slot, free_[1].start);
  draft_.answers["quand"] =
      json::object{{"booking", "b"}, {"start", "2026-11-30T14:00:00+01:00"}, {"reason", "visite"}};
  const auto change = say("non");
  ASSERT_TRUE(change);
  EXPECT_THAT(change->answer.choices, Contains(Field(&answer::Choice::value, "form/?quand")));
  say("", "form/?quand");
  EXPECT_EQ(asked(), "quand");
  const auto other = say("", std::string(kOtherSlots));
  ASSERT_TRUE(other);
  EXPECT_EQ(asked(), "quand");
  const auto hour = say("mercredi à 9h");
  ASSERT_TRUE(hour);
  EXPECT_EQ(hour->slot, free_[4].start);
}

TEST_F(Here, HowManyComeHowAndWithWhatHelpIsTakenWithTheSlot) {
  asks_slot();
  begin();
  const auto two = say("nous serons deux, et je suis en fauteuil roulant");
  ASSERT_TRUE(two);
  EXPECT_EQ(asked(), "quand");
  EXPECT_EQ(wanted_.people, 2);
  EXPECT_THAT(two->answer.text, HasSubstr("2 personnes"));
  say("plutôt par téléphone");
  EXPECT_EQ(wanted_.way, appointment::Way::phone);
  const auto many = say("nous serons six");
  ASSERT_TRUE(many);
  EXPECT_THAT(many->answer.text, HasSubstr("3 personnes au plus"));
  EXPECT_EQ(wanted_.people, 3);
  const auto video = say("en visio");
  ASSERT_TRUE(video);
  EXPECT_THAT(video->answer.text, HasSubstr("ne se fait pas en visioconférence"));
  EXPECT_EQ(filling_.coming.needs, appointment::Needs{.step_free = true});
  EXPECT_EQ(filling_from_json(to_json(filling_)), filling_);
}

TEST_F(Here, WhatIsNotUnderstoodOfASlotIsAskedAgainAndAQuestionIsNone) {
  asks_slot();
  begin();
  EXPECT_FALSE(say("combien ça coûte ?"));
  const auto unclear = say("ok");
  ASSERT_TRUE(unclear);
  EXPECT_THAT(unclear->answer.text, HasSubstr("Lequel"));
  const auto words = say("bleu");
  ASSERT_TRUE(words);
  EXPECT_THAT(words->answer.text, HasSubstr("un jour ou une heure"));
  EXPECT_EQ(words->deed, Deed::none);
  const auto sunday = say("dimanche");
  ASSERT_TRUE(sunday);
  EXPECT_THAT(sunday->answer.text, HasSubstr("Rien n’est libre dimanche"));
  EXPECT_EQ(filling_.shown.size(), 3u);
  const auto left = say("je veux arrêter");
  ASSERT_TRUE(left);
  EXPECT_EQ(asked(), "");
  EXPECT_EQ(left->step, "quand");  // the form still opens there
}

TEST_F(Here, WithoutAnyFreeSlotTheDraftIsKept) {
  asks_slot();
  free_.clear();
  const Filled first = begin();
  EXPECT_THAT(first.answer.text, HasSubstr("Aucun horaire n’est libre"));
  EXPECT_EQ(asked(), "quand");
  free_ = {slot("2026-12-01T09:00:00+01:00")};
  const auto again = say("", std::string(kOtherSlots));
  ASSERT_TRUE(again);
  EXPECT_EQ(filling_.shown.size(), 1u);
  const auto taken = say("d'accord");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->slot, free_[0].start);
}

TEST_F(Here, ASlotThatIsGoneIsToldWithThoseThatAreLeft) {
  asks_slot();
  begin();
  const auto held = say("le premier");
  ASSERT_TRUE(held);
  answer::Answer answer = held->answer;
  slot_gone(answer, filling_, "quand", {free_[1]}, Zone::paris(), "Cet horaire vient d’être pris.");
  EXPECT_EQ(asked(), "quand");
  EXPECT_THAT(answer.text, AllOf(HasSubstr("vient d’être pris"), Not(HasSubstr("Vérifiez"))));
  EXPECT_EQ(answer.appointment.at("state"), "wanted");
  EXPECT_EQ(filling_.shown, std::vector{free_[1].start});
  const auto other = say(answer.choices[0].label, answer.choices[0].value);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->slot, free_[1].start);
  slot_gone(answer, filling_, "quand", {}, Zone::paris(), "Cet horaire vient d’être pris.");
  EXPECT_THAT(answer.text, HasSubstr("Aucun autre n’est libre"));
}

TEST_F(Here, ADocumentIsGivenHere) {
  asks_file();
  const auto early = say("", std::string(kValue));
  ASSERT_TRUE(early);
  EXPECT_THAT(early->answer.text,
              AllOf(HasSubstr("Je ne vois pas encore ce document"), HasSubstr("10\u00a0Mo")));
  gives("scan.exe", Files::refused, "Ce type n’est pas reçu.");
  const auto refused = say("c'est fait");
  ASSERT_TRUE(refused);
  EXPECT_THAT(refused->answer.text,
              AllOf(HasSubstr("scan.exe"), HasSubstr("Ce type n’est pas reçu.")));
  EXPECT_EQ(asked(), "facture");
  EXPECT_FALSE(say("quels formats acceptez-vous ?"));
  draft_.files.clear();
  gives("f.pdf", Files::checked);
  const auto checked = say("voilà");
  ASSERT_TRUE(checked);
  EXPECT_THAT(checked->answer.text, HasSubstr("en cours de vérification"));
  draft_.files.clear();
  gives("f.pdf", Files::answers);
  const auto done = say("c'est fait");
  ASSERT_TRUE(done);
  EXPECT_THAT(done->answer.text, HasSubstr("Bien reçu\u00a0: f.pdf"));
  EXPECT_EQ(asked(), kReview);
  // Another one beside it, from the review.
  say("", "form/?facture");
  EXPECT_EQ(asked(), "facture");
  const auto more = say("c'est fait");
  ASSERT_TRUE(more);
  EXPECT_EQ(asked(), kReview);
}

TEST_F(Here, ADocumentThatIsNotAtHandKeepsTheDraftAndSaysHowToComeBack) {
  for (const char* text :
       {"", "je ne l'ai pas sous la main", "je l'ai pas", "pas encore reçu, je l'ai pas"}) {
    asks_file();
    const auto left = say(text, *text == 0 ? std::string(kNotAtHand) : std::string());
    ASSERT_TRUE(left) << text;
    EXPECT_EQ(left->deed, Deed::none);
    EXPECT_THAT(left->answer.text,
                AllOf(HasSubstr("brouillon est gardé"), HasSubstr("reprendre la démarche"),
                      HasSubstr("lien personnel")));
    EXPECT_EQ(left->step, "facture");
    EXPECT_EQ(asked(), "");
    say("reprendre la démarche");
    EXPECT_EQ(asked(), "facture");
  }
}

TEST_F(Here, ADocumentThatMayBeLeftOutIsAskedForAndPassed) {
  draft_.takes_files = true;
  begin("j'ai perdu mon passeport hier, mon mail est ana@example.org");
  for (const char* text : {"je l'ai perdu", "passer", "Roy", "Ana", "je certifie"}) say(text);
  ASSERT_EQ(asked(), "copie");
  const json::object shown = progress_json(draft_, filling_, asked(), "");
  const json::object& files = shown.at("files").as_object();
  EXPECT_EQ(files.at("question"), "copie");
  EXPECT_EQ(files.at("number"), 1);
  EXPECT_EQ(files.at("count"), 1);
  const Filling here = filling_;
  for (const char* text : {"passer", "non", "je ne l'ai pas sous la main", "aucun"}) {
    filling_ = here;
    ASSERT_TRUE(say(text)) << text;
    EXPECT_EQ(asked(), kReview) << text;
  }
  EXPECT_FALSE(progress_json(draft_, filling_, asked(), "").contains("files"));
}

}  // namespace
}  // namespace parvis::dialogue
