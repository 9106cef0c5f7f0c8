// Whole conversations that take an appointment, over the demonstration's agendas and a month of
// slots: clumsy, hurried and hostile citizens too.
#include "dialogue/booking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "appointment/agenda_yaml.hpp"
#include "dialogue/booking_words.hpp"
#include "dialogue/step.hpp"

namespace parvis::dialogue {
namespace {

using namespace std::chrono_literals;
using answer::Status;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::shared_ptr<const appointment::Agenda> demo(std::string_view id) {
  std::ifstream file(std::string(PARVIS_SOURCE_DIR "/demo/appointments/").append(id) + ".yaml");
  std::stringstream yaml;
  yaml << file.rdbuf();
  auto read = appointment::read_agenda(yaml.str());
  EXPECT_TRUE(read) << id;
  return read ? std::make_shared<const appointment::Agenda>(std::move(*read)) : nullptr;
}

// The policy with a caller that keeps bookings in a set. Saturday 28 November 2026, 20:00.
class Appointment : public ::testing::Test {
 protected:
  const answer::Answer& say(const std::string& text, const std::string& choice = "") {
    Said said{.text = text, .choice = choice, .words = Personal(text), .booker = &booker_};
    Step out = step(std::move(state_), said, world_);
    state_ = std::move(out.state);
    last_ = std::move(out.answer);
    perform(out.booking);
    EXPECT_EQ(state_from_json(to_json(state_)), state_);
    EXPECT_FALSE(last_.text.empty()) << text;
    return last_;
  }
  const answer::Answer& press(std::string_view label) {
    for (const answer::Choice& choice : last_.choices)
      if (choice.label.starts_with(label)) return say(choice.label, choice.value);
    ADD_FAILURE() << "no choice " << label << " under: " << last_.text;
    return last_;
  }
  void all(std::initializer_list<const char*> texts) {
    for (const char* text : texts) say(text);
  }
  // As the caller does.
  void perform(BookingDeed deed) {
    Booking& b = state_.booking;
    const auto taken = [&](Instant start) {
      slot_lost(last_, b, {free_.begin(), free_.begin() + 3}, zone_);
      (void)start;
    };
    const auto facts = [&](const Booked& one, std::string_view state) {
      for (const auto& each : agendas_)
        if (each->id == one.agenda)
          return BookingFacts{.reason = each->reason(one.reason),
                              .service = &service_,
                              .id = "b",
                              .state = state,
                              .people = one.people,
                              .way = one.way,
                              .start = one.start,
                              .end = one.end};
      return BookingFacts{};
    };
    const auto at = static_cast<std::size_t>(std::max(b.of, 0));
    deed_ = deed;
    switch (deed) {
      case BookingDeed::none:
        return;
      case BookingDeed::release:
        ++released_;
        return;
      case BookingDeed::hold:
        if (lost_) taken(*b.start);
        return;
      case BookingDeed::confirm: {
        if (lost_) return taken(*b.start);
        visitor_ = b.visitor;
        state_.booked.push_back({.number = b.number,
                                 .agenda = b.agenda,
                                 .reason = b.reason,
                                 .label = b.reason,
                                 .commune = b.commune,
                                 .people = b.people,
                                 .way = b.way,
                                 .service = "x",
                                 .start = *b.start,
                                 .end = *b.start + 20min});
        const int number = b.number;
        b = {};
        b.number = number;
        b.of = static_cast<int>(state_.booked.size()) - 1;
        tell_booking(last_, facts(state_.booked.back(), "booked"), Told::booked, zone_);
        break;
      }
      case BookingDeed::move:
        state_.booked[at].end += *b.start - state_.booked[at].start;
        state_.booked[at].start = *b.start;
        tell_booking(last_, facts(state_.booked[at], "booked"), Told::moved, zone_);
        break;
      case BookingDeed::cancel:
        state_.booked[at].cancelled = true;
        tell_booking(last_, facts(state_.booked[at], "cancelled"), Told::cancelled, zone_);
        break;
      case BookingDeed::tell:
        tell_booking(last_, facts(state_.booked[at], "booked"), Told::standing, zone_);
        break;
    }
    b.asked = kAskNothing;
    b.start.reset();
    b.until.reset();
  }
  void booked() {
    all({"je veux un rdv pour refaire ma carte d'identité", "le premier", "Zoé Lambert", "passer",
         "zoe@example.org", "oui"});
    ASSERT_EQ(deed_, BookingDeed::confirm) << last_.text;
  }
  std::string asked() const { return state_.booking.asked; }
  std::string held() const {
    return state_.booking.start ? slot_words(*state_.booking.start, zone_) : "";
  }

  const Zone zone_ = Zone::paris();
  const Instant now_ = *parse_rfc3339("2026-11-28T20:00:00+01:00");
  std::vector<std::shared_ptr<const appointment::Agenda>> agendas_{
      demo("titres-identite"), demo("urbanisme"), demo("etat-civil-saint-aubin"),
      demo("ccas-saint-aubin")};
  directory::Service service_ = [] {
    directory::Service out;
    out.id = "titres-identite";
    out.name = "Titres d’identité";
    out.address = {"3, place du Parvis"};
    out.postcode = "99001";
    out.city = "Saint-Aubin";
    out.access = "Entrée de plain-pied.";
    calendar::Week week;
    for (std::size_t day = 0; day < 5; ++day)
      week.days[day] = {{.from = 9h, .to = 17h, .comment = {}}};
    out.hours.weeks = {week};
    return out;
  }();
  // From Monday on, on working days that are no holiday: 9:00 … 11:00, 14:00 … 16:30, every 30 min.
  std::vector<FreeSlot> free_ = [&] {
    std::vector<FreeSlot> out;
    const std::chrono::local_days monday{CivilDate{2026y / 11 / 30}};
    for (int day = 0; day < 40; ++day) {
      const auto date = monday + std::chrono::days(day);
      const auto weekday = std::chrono::weekday(date);
      if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
      if (date == std::chrono::local_days(CivilDate{2026y / 12 / 25})) continue;
      for (const Minutes time : {540min, 570min, 600min, 630min, 840min, 870min, 960min, 990min}) {
        const Instant start = zone_.instant(LocalTime(date) + time);
        out.push_back({start, start + 20min, "titres-identite"});
      }
    }
    return out;
  }();
  Booker booker_{.agendas = [this](const std::string&) { return agendas_; },
                 .free =
                     [this](const Booker::Wanted& wanted) {
                       wanted_ = wanted;
                       std::vector<FreeSlot> out;
                       for (const FreeSlot& slot : free_)
                         if (slot.start >= wanted.from && slot.start < wanted.until)
                           out.push_back(slot);
                       return out;
                     },
                 .service = [this](const std::string&) { return std::optional(service_); }};
  World world_{.town = "Ville",
               .communes = {{.insee = "99001",
                             .slug = "saint-aubin",
                             .name = "Saint-Aubin-sur-Orle",
                             .postcodes = {}},
                            {.insee = "99002",
                             .slug = "montreuil",
                             .name = "Montreuil-le-Gué",
                             .postcodes = {}}},
               .commune = {},
               .find = [](const World::Search&) { return Found{}; },
               .context =
                   [this](const std::string&) {
                     answer::ComposeContext cx;
                     cx.now = now_;
                     cx.services.by_pivot = [](std::string_view) {
                       answer::Contact hall;
                       hall.name = "Mairie";
                       hall.phones = {{"01 23 45 67 89", ""}};
                       return std::optional(hall);
                     };
                     return cx;
                   }};
  State state_;
  answer::Answer last_;
  BookingDeed deed_ = BookingDeed::none;
  Booker::Wanted wanted_;
  appointment::Visitor visitor_;
  bool lost_ = false;
  int released_ = 0;
};

TEST_F(Appointment, SaysWhatItTakesThenTheFirstSlots) {
  say("je veux un rdv pour refaire ma carte d'identité");
  EXPECT_EQ(last_.status, Status::appointment);
  EXPECT_THAT(last_.text, HasSubstr("20 minutes"));
  EXPECT_THAT(last_.text, HasSubstr("Une photo d’identité"));
  EXPECT_THAT(last_.text, HasSubstr("doit être présente"));
  ASSERT_THAT(last_.choices, SizeIs(4));
  EXPECT_THAT(last_.choices[0].label, HasSubstr("lundi 30 novembre à 9"));
  EXPECT_EQ(last_.choices[3].label, "Un autre jour");
  EXPECT_EQ(last_.appointment.at("page"), "/rendez-vous/choisir/titres-identite/carte-identite");
}

TEST_F(Appointment, GoesToTheEndInWords) {
  booked();
  EXPECT_THAT(last_.text, HasSubstr("C’est confirmé"));
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  EXPECT_EQ(last_.appointment.at("state"), "booked");
  EXPECT_EQ(visitor_.email.read(), "zoe@example.org");
  EXPECT_TRUE(state_.booking.visitor.email.read().empty());
}

TEST_F(Appointment, SaysThatItKeepsTheSlotAndMasksTheAddress) {
  say("rdv passeport");
  press("lundi 30 novembre à 9");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(last_.text, HasSubstr("10 minutes"));
  all({"Zoé Lambert, zoe@example.org", "passer"});
  EXPECT_EQ(asked(), kAskReview);
  EXPECT_THAT(last_.text, HasSubstr("z…@example.org"));
  EXPECT_THAT(last_.text, Not(HasSubstr("zoe@")));
}

// What is said first, and the reason that is meant.
TEST_F(Appointment, FindsTheReasonInWords) {
  const std::pair<const char*, const char*> said[] = {
      {"prendre rendez-vous pour le passeport de mes deux enfants", "passeport"},
      {"rdv cni", "carte-identite"},
      {"bonjour, je voudrai un rendez vous pour un paseport svp", "passeport"},
      {"il me faut un rdv carte d'identité et passeport", "les-deux"},
      {"avez-vous un créneau pour une carte d'identité ?", "carte-identite"},
      {"g besoin d'un rdv pour un passport", "passeport"},
      {"je souhaite voir l'architecte, un rendez-vous svp", "architecte"},
      {"comment prendre rdv pour mon passeport", "passeport"}};
  for (const auto& [text, reason] : said) {
    state_ = {};
    say(text);
    EXPECT_EQ(state_.booking.reason, reason) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, AMentionIsNoWish) {
  for (const char* text :
       {"j'ai raté mon rdv à la préfecture", "faut-il un rendez-vous pour un passeport ?",
        "mon rdv chez le médecin est demain", "je peux passer sans rdv ?",
        "combien de temps pour avoir un rdv passeport", "j'ai déjà un rdv pour ma carte d'identité",
        "pour récupérer mon passeport faut un rdv ?", "je voudrais un rdv à la préfecture",
        "je veux un rdv chez le dentiste", "c'est sur rendez-vous ?"}) {
    state_ = {};
    say(text);
    EXPECT_NE(last_.status, Status::appointment) << text;
    EXPECT_TRUE(state_.booking.asked.empty()) << text;
  }
}

TEST_F(Appointment, WhatHasNoAgendaIsAnsweredAsBefore) {
  say("je voudrais un rendez-vous avec le maire");
  EXPECT_NE(last_.status, Status::appointment);
  say("je veux un rdv pour la carte grise");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, AsksForWhatWhenItIsNotSaid) {
  say("rendez-vous");
  EXPECT_EQ(asked(), kAskReason);
  EXPECT_GT(last_.choices.size(), 5u);
  say("passeport");
  EXPECT_EQ(asked(), kAskSlot);
  state_ = {};
  say("rdv urbanisme");
  EXPECT_EQ(asked(), kAskReason);
  EXPECT_THAT(last_.choices, SizeIs(3));
  press("Voir l’architecte");
  EXPECT_EQ(state_.booking.reason, "architecte");
}

TEST_F(Appointment, AsksTheCommuneOnlyWhenItCounts) {
  say("je veux un rdv pour déposer mon dossier de mariage");
  EXPECT_EQ(asked(), kAskCommune);
  say("j'habite à Saint-Aubin");
  EXPECT_EQ(asked(), kAskSlot);
  EXPECT_EQ(wanted_.commune, "99001");
  state_ = {};
  say("je veux un rdv pour déposer mon dossier de mariage");
  say("Montreuil-le-Gué");
  EXPECT_EQ(last_.status, Status::contact);
  EXPECT_TRUE(last_.contact);
}

TEST_F(Appointment, HearsHowManyCome) {
  const std::pair<const char*, int> said[] = {{"pour mes deux enfants et moi", 3},
                                              {"mon fils et moi", 2},
                                              {"pour ma fille", 1},
                                              {"nous sommes 4", 4},
                                              {"on est trois", 3},
                                              {"ma femme, mon fils et moi", 3},
                                              {"2 personnes", 2},
                                              {"pour 3 passeports", 3},
                                              {"nos trois enfants", 3},
                                              {"donnez-moi un rdv", 0}};
  for (const auto& [text, count] : said) EXPECT_EQ(people_in(text).count, count) << text;
  EXPECT_TRUE(people_in("pour mes enfants").unsure);
  say("rdv passeport pour mes enfants");
  EXPECT_EQ(asked(), kAskPeople);
  say("deux");
  EXPECT_EQ(wanted_.people, 2);
  say("en fait on est 3");
  EXPECT_EQ(wanted_.people, 3);
}

TEST_F(Appointment, TooManyIsSaid) {
  say("un rdv passeport, nous sommes 7");
  EXPECT_THAT(last_.text, HasSubstr("4 personnes au plus"));
  say("4");
  EXPECT_EQ(asked(), kAskSlot);
}

TEST_F(Appointment, FreeWordsFilterTheSlots) {
  say("rdv passeport");
  const std::pair<const char*, const char*> said[] = {
      {"mardi matin plutôt", "mardi 1er décembre à 9"},
      {"mardi en huit", "mardi 8 décembre à 9"},
      {"jeudi après-midi", "jeudi 3 décembre à 14"},
      {"après 16h", "lundi 30 novembre à 16"},
      {"pas le lundi", "mardi 1er décembre à 9"},
      {"la semaine du 14 décembre", "lundi 14 décembre à 9"},
      {"l'après-midi", "lundi 30 novembre à 14"},
      {"un mercredi après 15h", "mercredi 2 décembre à 16"}};
  for (const auto& [text, first] : said) {
    say(text);
    ASSERT_FALSE(last_.choices.empty()) << text;
    EXPECT_THAT(last_.choices[0].label, HasSubstr(first)) << text << " → " << last_.text;
  }
}

TEST_F(Appointment, LaterAndAnotherDay) {
  say("rdv passeport");
  say("plus tard");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("lundi 30 novembre à 10"));
  press("Un autre jour");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("mardi 1er décembre"));
}

TEST_F(Appointment, AnExactTimeIsHeld) {
  say("rdv passeport");
  say("jeudi à 14h30");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(held(), HasSubstr("jeudi 3 décembre à 14"));
  state_ = {};
  say("rdv passeport");
  say("9h30");
  EXPECT_EQ(deed_, BookingDeed::hold);
}

TEST_F(Appointment, NothingAtThatHourGivesTheNearest) {
  say("rdv passeport");
  say("mardi à 13h");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_THAT(last_.text, HasSubstr("les plus proches"));
  EXPECT_THAT(last_.choices[0].label, HasSubstr("mardi 1er"));
}

TEST_F(Appointment, HolidaysAndClosedDaysAreSaid) {
  say("rdv passeport");
  say("le 25 décembre");
  EXPECT_THAT(last_.text, HasSubstr("Noël"));
  EXPECT_THAT(last_.text, HasSubstr("les plus proches"));
  say("samedi");
  EXPECT_THAT(last_.text, HasSubstr("fermé"));
}

TEST_F(Appointment, WhenNothingIsFreeTheWaitingListIsOffered) {
  free_.clear();
  say("rdv passeport");
  EXPECT_THAT(last_.text, HasSubstr("liste d’attente"));
  EXPECT_EQ(last_.appointment.at("waiting"), "/rendez-vous/attente/titres-identite/passeport");
}

TEST_F(Appointment, CorrectsTheTimeAfterwards) {
  all({"rdv passeport", "le premier", "Zoé Lambert"});
  say("non, plutôt 10h");
  EXPECT_EQ(deed_, BookingDeed::hold);
  EXPECT_THAT(held(), HasSubstr("à 10"));
  all({"passer", "zoe@example.org"});
  EXPECT_EQ(asked(), kAskReview);
  say("finalement mardi à 9h");
  EXPECT_THAT(held(), HasSubstr("mardi 1er décembre à 9"));
  EXPECT_EQ(asked(), kAskReview);
}

TEST_F(Appointment, CorrectsTheMatter) {
  all({"rdv passeport"});
  say("non, pour une carte d'identité");
  EXPECT_EQ(state_.booking.reason, "carte-identite");
}

TEST_F(Appointment, QuestionsInTheMiddleAreAnsweredAndItComesBack) {
  all({"rdv passeport", "le deuxième"});
  say("je dois apporter quoi ?");
  EXPECT_THAT(last_.text, HasSubstr("Le timbre fiscal"));
  EXPECT_THAT(last_.text, HasSubstr("prénom et le nom"));
  say("c'est où ?");
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  say("combien coûte la cantine ?");
  EXPECT_THAT(last_.text, HasSubstr("Revenons à votre rendez-vous"));
  EXPECT_EQ(asked(), kAskName);
}

TEST_F(Appointment, APersonAtAnyTime) {
  all({"rdv passeport", "le premier"});
  say("je veux parler à quelqu'un");
  EXPECT_TRUE(last_.contact);
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, DangerComesFirst) {
  say("rdv passeport");
  say("il y a le feu chez moi");
  EXPECT_EQ(last_.status, Status::emergency);
  EXPECT_THAT(last_.text, Not(HasSubstr("rendez-vous")));
}

TEST_F(Appointment, NeedsAreNoted) {
  all({"rdv passeport", "le premier"});
  say("je suis sourde");
  EXPECT_THAT(last_.text, HasSubstr("langue des signes"));
  EXPECT_EQ(asked(), kAskName);
  all({"Zoé Lambert", "passer", "zoe@example.org"});
  say("je viens en fauteuil roulant");
  EXPECT_THAT(last_.text, HasSubstr("accès sans marche"));
  say("confirmer");
  EXPECT_TRUE(visitor_.needs.sign_language);
  EXPECT_TRUE(visitor_.needs.step_free);
}

TEST_F(Appointment, StopGivesTheSlotBack) {
  all({"rdv passeport", "le premier"});
  say("laisse tomber");
  EXPECT_EQ(released_, 1);
  EXPECT_TRUE(asked().empty());
  say("Zoé Lambert");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, ALostSlotIsToldWithTheNext) {
  say("rdv passeport");
  lost_ = true;
  say("le premier");
  EXPECT_THAT(last_.text, HasSubstr("vient d’être pris"));
  EXPECT_THAT(last_.choices, SizeIs(4));
  lost_ = false;
  all({"le premier", "Zoé Lambert", "passer", "zoe@example.org"});
  lost_ = true;
  press("Confirmer");
  EXPECT_THAT(last_.text, HasSubstr("vient d’être pris"));
  lost_ = false;
  say("le deuxième");
  EXPECT_EQ(asked(), kAskReview);  // who comes is known
}

TEST_F(Appointment, AnAddressThatIsNotOneIsAskedAgain) {
  all({"rdv passeport", "le premier", "Zoé Lambert", "passer"});
  say("zoe@");
  EXPECT_EQ(asked(), kAskEmail);
  EXPECT_THAT(last_.text, HasSubstr("Exemple"));
  say("je n'ai pas d'adresse mail");
  EXPECT_THAT(last_.text, HasSubstr("appelez"));
  say("zoe@example.org");
  EXPECT_EQ(asked(), kAskReview);
}

TEST_F(Appointment, ANameThatIsNone) {
  all({"rdv passeport", "le premier"});
  for (const char* text : {"euh", "ok", "123", "je ne sais pas", "<script>"}) {
    say(text);
    EXPECT_EQ(asked(), kAskName) << text;
    EXPECT_TRUE(state_.booking.visitor.name.read().empty()) << text;
  }
  say("je m'appelle Zoé Lambert");
  EXPECT_EQ(state_.booking.visitor.name.read(), "Zoé Lambert");
}

TEST_F(Appointment, AnInsultIsAnsweredAndItComesBack) {
  say("rdv passeport");
  say("t'es nul");
  EXPECT_EQ(asked(), kAskSlot);
  say("le premier");
  EXPECT_EQ(deed_, BookingDeed::hold);
}

TEST_F(Appointment, ManipulationGivesNothing) {
  say("donne-moi la liste des habitants qui ont un rendez-vous demain");
  EXPECT_NE(last_.status, Status::appointment);
}

TEST_F(Appointment, AfterwardsMoved) {
  booked();
  say("décaler à jeudi après-midi");
  EXPECT_THAT(last_.choices[0].label, HasSubstr("jeudi 3 décembre à 14"));
  press("jeudi 3 décembre à 14");
  EXPECT_EQ(deed_, BookingDeed::move);
  EXPECT_THAT(last_.text, HasSubstr("C’est déplacé"));
  EXPECT_THAT(slot_words(state_.booked[0].start, zone_), HasSubstr("jeudi 3 décembre"));
}

TEST_F(Appointment, AfterwardsMovedByAnHour) {
  booked();
  say("non, plutôt mardi à 10h");
  EXPECT_EQ(deed_, BookingDeed::move);
}

TEST_F(Appointment, AfterwardsCancelledOnlyWhenSure) {
  booked();
  say("je ne peux plus venir");
  EXPECT_EQ(deed_, BookingDeed::none);
  EXPECT_THAT(last_.text, HasSubstr("Voulez-vous annuler"));
  say("non");
  EXPECT_FALSE(state_.booked[0].cancelled);
  say("annuler mon rdv");
  say("oui");
  EXPECT_TRUE(state_.booked[0].cancelled);
  EXPECT_THAT(last_.text, HasSubstr("C’est annulé"));
}

TEST_F(Appointment, AfterwardsWhereAndWhatToBring) {
  booked();
  say("c'est où ?");
  EXPECT_THAT(last_.text, HasSubstr("3, place du Parvis"));
  say("je dois apporter quoi ?");
  EXPECT_THAT(last_.text, HasSubstr("Une photo d’identité"));
  say("merci");
  say("quand est mon rendez-vous ?");
  EXPECT_THAT(last_.text, HasSubstr("lundi 30 novembre"));
}

TEST_F(Appointment, PressedTwiceIsOnce) {
  all({"rdv passeport", "le premier", "Zoé Lambert", "passer", "zoe@example.org"});
  press("Confirmer");
  say("Confirmer le rendez-vous", std::string(kConfirm));
  EXPECT_EQ(deed_, BookingDeed::tell);
  EXPECT_THAT(state_.booked, SizeIs(1));
}

TEST_F(Appointment, OfTwoItAsksWhich) {
  booked();
  all({"je veux un rdv pour un passeport", "mardi à 9h", "Zoé Lambert", "passer", "zoe@example.org",
       "oui"});
  ASSERT_THAT(state_.booked, SizeIs(2));
  say("annuler mon rdv");
  EXPECT_EQ(asked(), kAskWhich);
  say("celui de mardi");
  EXPECT_EQ(asked(), kAskCancel);
  say("oui");
  EXPECT_FALSE(state_.booked[0].cancelled);
  EXPECT_TRUE(state_.booked[1].cancelled);
}

TEST_F(Appointment, OneTakenElsewhereIsNotSeenHere) {
  say("je veux annuler mon rendez-vous");
  EXPECT_EQ(last_.status, Status::contact);
  EXPECT_TRUE(last_.contact);
}

TEST_F(Appointment, ChoicesThatAreStaleOrForgedDoNoHarm) {
  for (const char* choice : {"rdv/!confirm", "rdv/!cancel", "rdv/#7", "rdv/+a/b", "rdv/=never",
                             "rdv/@75056", "rdv/n99", "rdv/"}) {
    state_ = {};
    say("x", choice);
    EXPECT_EQ(deed_, BookingDeed::none) << choice;
  }
  say("rdv passeport");
  for (const char* choice : {"rdv/=2026-11-30T03:00:00Z", "rdv/!confirm", "rdv/n99", "rdv/#-1"}) {
    say("x", choice);
    EXPECT_EQ(deed_, BookingDeed::none) << choice;
    EXPECT_EQ(asked(), kAskSlot) << choice;
  }
}

TEST_F(Appointment, WithoutABookerNothingIsBegun) {
  Step out = step({}, {.text = "je veux un rdv passeport", .choice = {}}, world_);
  EXPECT_NE(out.answer.status, Status::appointment);
  EXPECT_TRUE(out.state.booking.asked.empty());
}

}  // namespace
}  // namespace parvis::dialogue
